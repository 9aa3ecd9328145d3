"""The whole graph as JSON, in networkx's node-link form; what `load` reads back."""

import json
from os import PathLike
from pathlib import Path

import networkx as nx

from kg.errors import GraphError, Location
from kg.export.files import whole_file


def write_json(graph: nx.MultiDiGraph, path: str | PathLike[str]) -> None:
    """Writes a graph with all its attributes.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> kg.write_json(graph, "graph.json")
    >>> kg.load("graph.json").nodes == graph.nodes
    True
    """
    data = nx.node_link_data(graph, edges="edges")
    with whole_file(path) as stream:
        stream.write(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False).encode())


def load(path: str | PathLike[str]) -> nx.MultiDiGraph:
    """Reads a graph that `write_json` wrote; raises `GraphError` where it is not one.

    >>> load("nowhere.json")
    Traceback (most recent call last):
    kg.errors.GraphError: nowhere.json: No such file or directory (check the path)
    """
    try:
        data = json.loads(Path(path).read_bytes())
        graph = nx.node_link_graph(data, edges="edges")
    except OSError as error:
        raise GraphError(error.strerror or str(error), at=Location(str(path)), remedy="check the path") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, nx.NetworkXError) as error:
        reason = f"not a graph in node-link JSON: {type(error).__name__} {error}"
        raise GraphError(reason, at=Location(str(path)), remedy="give a graph.json that kg build wrote") from None
    if not isinstance(graph, nx.MultiDiGraph):
        raise GraphError("not a directed multigraph", at=Location(str(path)), remedy="give a graph.json that kg build wrote")
    return graph
