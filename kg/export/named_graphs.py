"""A graph cut into named graphs, one for each file that papers were read from.

A paper, what it names, and each relation that it attests lie in the graph of its file. What papers of several
files attest lies in the graph of each of these, told in full: its counts are those of the whole collection. What
no file attests lies in the default graph. So all the graphs together say what a Turtle file says, no more and no
less. Files are told apart by their names without folders, as the sources of papers are.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import networkx as nx

from kg.export.triples import node_iri
from kg.graph.queries import papers_behind
from kg.papers import source_file
from kg.schema import Kind

_Edge = tuple[str, str, str]


def by_source(graph: nx.MultiDiGraph, base_iri: str) -> Iterator[tuple[str, nx.MultiDiGraph, nx.MultiDiGraph]]:
    """Yields the name of each named graph ("" for the default one), what it describes, and papers that it only refers to.

    These support a relation from another file: they are nodes of the described graph too, since evidence leads to them.
    """
    file_of = {node: _file(data) for node, data in graph.nodes(data=True) if data["kind"] == Kind.PAPER}
    nodes, edges = _attested(graph, file_of)
    for file in sorted(nodes):
        described = nx.MultiDiGraph()
        described.add_nodes_from((node, graph.nodes[node]) for node in nodes[file])
        described.add_edges_from((*edge, graph.edges[edge]) for edge in edges[file])
        supporting = {paper for edge in edges[file] for paper in papers_behind(graph.edges[edge])}
        elsewhere = nx.MultiDiGraph()
        elsewhere.add_nodes_from((paper, graph.nodes[paper]) for paper in sorted(supporting) if file_of[paper] != file)
        described.add_nodes_from(elsewhere.nodes(data=True))
        yield node_iri(f"source:{file}", {"kind": "source"}, base_iri) if file else "", described, elsewhere


def _attested(
    graph: nx.MultiDiGraph, file_of: Mapping[str, str]
) -> tuple[Mapping[str, dict[str, None]], Mapping[str, list[_Edge]]]:
    """The nodes and the edges of each file, in the order of the graph."""
    nodes: dict[str, dict[str, None]] = defaultdict(dict)
    edges: dict[str, list[_Edge]] = defaultdict(list)
    for node, file in file_of.items():
        nodes[file][node] = None
    for source, target, key, data in graph.edges(keys=True, data=True):
        for file in {file_of[paper] for paper in papers_behind(data)} or {""}:
            edges[file].append((source, target, key))
            nodes[file] |= {source: None, target: None}
    placed = set().union(*nodes.values())
    nodes[""] |= {node: None for node in graph if node not in placed}
    return nodes, edges


def _file(paper: Mapping[str, Any]) -> str:
    """The file of a paper's `source`, which is `file:line`; "" where it has none."""
    return source_file(paper.get("source", ""))
