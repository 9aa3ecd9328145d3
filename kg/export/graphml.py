"""GraphML, for Gephi, yEd, Cytoscape and igraph."""

from os import PathLike

import networkx as nx

from kg.export.files import whole_file
from kg.export.flat import flat


def write_graphml(graph: nx.MultiDiGraph, path: str | PathLike[str]) -> None:
    """Writes a graph; attributes that are lists or mappings become JSON strings, as GraphML has neither.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> kg.write_graphml(graph, "graph.graphml")
    >>> nx.read_graphml("graph.graphml").nodes["dataset:imagenet"]["kind"]
    'dataset'
    """
    with whole_file(path) as stream:
        nx.write_graphml(flat(graph), stream)
