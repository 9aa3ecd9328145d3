"""GEXF, Gephi's own format."""

from os import PathLike

import networkx as nx

from kg.export.files import whole_file
from kg.export.flat import flat


def write_gexf(graph: nx.MultiDiGraph, path: str | PathLike[str]) -> None:
    """Writes a graph without the abstracts; attributes that are lists or mappings become JSON strings.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> kg.write_gexf(graph, "graph.gexf")
    >>> nx.read_gexf("graph.gexf").nodes["dataset:imagenet"]["kind"]
    'dataset'
    """
    writer = nx.readwrite.gexf.GEXFWriter(version="1.2draft")
    writer.add_graph(flat(graph, without={"abstract"}))
    # networkx notes the day of writing; the same graph shall give the same bytes on any day.
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)
    with whole_file(path) as stream:
        writer.write(stream)
