"""The whole graph as JSON, in networkx's node-link form; what `load` reads back."""

import json
from os import PathLike
from pathlib import Path

import networkx as nx

from kg.errors import GraphError, Location
from kg.export.files import whole_file


def write_json(graph: nx.MultiDiGraph, path: str | PathLike[str]) -> None:
    """Writes a graph with all its attributes, a node or an edge a line, in memory that does not grow with them.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> kg.write_json(graph, "graph.json")
    >>> kg.load("graph.json").nodes == graph.nodes
    True
    """
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    head = {"directed": graph.is_directed(), "multigraph": graph.is_multigraph(), "graph": graph.graph}
    nodes = ({**data, "id": node} for node, data in graph.nodes(data=True))
    edges = (
        {**data, "source": source, "target": target, "key": key}
        for source, target, key, data in graph.edges(keys=True, data=True)
    )
    with whole_file(path) as stream:
        stream.write(encode(head).removesuffix("}").encode())
        for name, items in (("nodes", nodes), ("edges", edges)):
            stream.write(f', "{name}": ['.encode())
            for number, item in enumerate(items):
                stream.write((",\n" if number else "\n").encode() + encode(item).encode())
            stream.write(b"\n]")
        stream.write(b"}\n")


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
