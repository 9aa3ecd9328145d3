"""The triples of a graph by subject, in the order of the subjects: sorted files are written without sorting all triples."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby

import networkx as nx
from rdflib import URIRef

from kg.export.triples import (
    Supported,
    Triple,
    annotate,
    describe,
    describe_assertion,
    place_describer,
    predicate,
    supported,
    text_iri,
)
from kg.schema import Content, EvidenceLevel, Kind


def statements_by_subject(graph: nx.MultiDiGraph, iris: Mapping[str, URIRef], content: Content) -> Iterator[Iterable[Triple]]:
    """Yields what `kg.export.triples.statements` does, the triples of each subject together, subjects sorted."""
    nodes: dict[URIRef, list[str]] = defaultdict(list)  # two addresses can be one IRI
    for node, kind in graph.nodes(data="kind"):
        nodes[iris[node]].append(node)
        if kind == Kind.PAPER:
            nodes[text_iri(iris[node])].append(node)
    for subject in sorted(nodes, key=str):
        told = (describe(node, iris[node], graph.nodes[node], content) for node in nodes[subject])
        related = (
            (iris[node], predicate(relation), iris[target])
            for node in nodes[subject]
            for _, target, relation in graph.out_edges(node, data="relation")
        )
        yield [triple for triple in chain(chain.from_iterable(told), related) if triple[0] == subject]


def evidence_by_subject(
    graph: nx.MultiDiGraph, iris: Mapping[str, URIRef], content: Content, *, base_iri: str
) -> Iterator[Iterable[Triple]]:
    """Yields what `kg.export.triples.evidence` does: assertions with what hangs on each, then texts with the places in each.

    IRIs that begin alike lie together where they are sorted, so a subject and what hangs on it can be sorted alone.
    """
    if content.evidence is EvidenceLevel.NONE:
        return
    places: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for _, same in groupby(sorted(supported(graph, iris, base_iri), key=_iri), key=_iri):
        triples: list[Triple] = []
        for relation in same:
            triples.extend(describe_assertion(relation, iris))
            for item in relation.located if content.evidence is EvidenceLevel.MENTIONS else ():
                triples.extend(annotate(relation.assertion, item["paper"], item["start"], item["end"], iris))
                places[item["paper"]].add((item["start"], item["end"]))
        yield triples
    describe_place = place_describer(graph, iris, content)
    for paper in sorted(places, key=lambda paper: f"{text_iri(iris[paper])}/"):
        yield chain.from_iterable(describe_place(paper, start, end) for start, end in places[paper])


def _iri(relation: Supported) -> str:
    return str(relation.assertion)
