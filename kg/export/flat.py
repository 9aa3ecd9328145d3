"""Plain attributes, for formats that have neither lists nor mappings."""

import json
from collections.abc import Collection
from typing import Any

import networkx as nx


def flat(graph: nx.MultiDiGraph, *, without: Collection[str] = ()) -> nx.MultiDiGraph:
    """A copy of a graph whose lists and mappings are JSON strings, and that lacks some attributes."""
    copy = nx.MultiDiGraph()
    copy.add_nodes_from((node, _flat(data, without)) for node, data in graph.nodes(data=True))
    copy.add_edges_from(
        (source, target, key, _flat(data, without)) for source, target, key, data in graph.edges(keys=True, data=True)
    )
    return copy


def plain(value: Any) -> Any:
    """A list or a mapping as JSON, anything else as it is."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _flat(data: dict[str, Any], without: Collection[str]) -> dict[str, Any]:
    return {name: plain(value) for name, value in data.items() if name not in without}
