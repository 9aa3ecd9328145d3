"""Comma-separated values in the layout of Neo4j's bulk import (neo4j-admin database import)."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import networkx as nx

from kg.export.files import whole_file
from kg.export.flat import plain
from kg.schema import Kind

# Between the values of a list: no text of ours can hold a control character (`--array-delimiter=U+001F`).
_UNIT_SEPARATOR = "\x1f"
_TYPES = {bool: "boolean", int: "int", float: "double"}


def write_neo4j(graph: nx.MultiDiGraph, folder: str | PathLike[str]) -> None:
    """Writes `nodes-KIND.csv` for each kind, also where there are none, and `relationships.csv` into a folder.

    Columns are typed in the header. Lists of texts, and spellings without their counts, are `string[]`, their values
    divided by U+001F; evidence and whatever else is nested are JSON strings. Abstracts are left out.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> kg.write_neo4j(graph, "graph-csv")
    >>> (Path("graph-csv") / "nodes-dataset.csv").read_text(encoding="utf-8").splitlines()[1][:24]
    'dataset:imagenet,Dataset'
    """
    for kind in Kind:
        nodes = {node: data for node, data in graph.nodes(data=True) if data["kind"] == kind}
        rows = [{"id:ID": node, ":LABEL": kind.capitalize()} | _properties(data) for node, data in nodes.items()]
        _write_table(Path(folder) / f"nodes-{kind}.csv", ["id:ID", ":LABEL"], rows)
    relationships = [
        {":START_ID": source, ":END_ID": target, ":TYPE": data["relation"].upper()} | _properties(data)
        for source, target, data in graph.edges(data=True)
    ]
    _write_table(Path(folder) / "relationships.csv", [":START_ID", ":END_ID", ":TYPE"], relationships)


def _properties(data: Mapping[str, Any]) -> dict[str, str]:
    """Typed column names, and values as texts."""
    return dict(_property(name, value) for name, value in data.items() if name not in ("kind", "relation", "abstract"))


def _property(name: str, value: Any) -> tuple[str, str]:
    if name == "aliases" or (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        return f"{name}:string[]", _UNIT_SEPARATOR.join(value)
    if type(value) in _TYPES:
        return f"{name}:{_TYPES[type(value)]}", str(value).lower()
    return name, str(plain(value))


def _write_table(path: Path, first: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    rows = list(rows)
    others = sorted({name for row in rows for name in row} - set(first))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*first, *others], restval="", lineterminator="\r\n")  # RFC 4180, and a lone CR is quoted
    writer.writeheader()
    writer.writerows(rows)
    with whole_file(path) as stream:
        stream.write(text.getvalue().encode())
