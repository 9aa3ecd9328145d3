"""Edges between entities that follow from what papers say."""

from itertools import product

import networkx as nx

from kg.schema import Kind, Relation

# Between entities: each method that a paper proposes × each entity of a kind that it stands in these relations to.
INFERRED = (
    (Relation.EVALUATED_ON, Kind.DATASET, {Relation.INTRODUCES, Relation.USES}),
    (Relation.APPLIED_TO, Kind.TASK, {Relation.ADDRESSES}),
    (Relation.BUILDS_ON, Kind.METHOD, {Relation.USES}),
    (Relation.MEASURED_AGAINST, Kind.METHOD, {Relation.COMPARES_WITH}),
)


def add_inferred(graph: nx.MultiDiGraph, paper: str) -> None:
    """Adds the edges that one paper gives, or adds it to the papers of edges that others gave."""
    out = [(relation, target) for _, target, relation in graph.out_edges(paper, keys=True)]
    proposed = [target for relation, target in out if relation == Relation.PROPOSES]
    for relation, kind, grounds in INFERRED:
        objects = [target for ground, target in out if ground in grounds and graph.nodes[target]["kind"] == kind]
        for method, target in product(proposed, objects):
            _add_edge(graph, method, str(relation), target, paper)


def _add_edge(graph: nx.MultiDiGraph, method: str, relation: str, target: str, paper: str) -> None:
    if not graph.has_edge(method, target, relation):
        graph.add_edge(method, target, relation, relation=relation, inferred=True, weight=0, papers=[])
    edge = graph.edges[method, target, relation]
    edge["papers"].append(paper)
    edge["weight"] += 1
