"""How fast a graph becomes RDF files on one core, beside the writers of rdflib and Oxigraph alone, and the usual way."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import networkx as nx
import pyoxigraph
from pyoxigraph import RdfFormat
from rdflib import Graph

import kg
from tests.benchmarks.table import Row, seconds


def rows(graph: nx.MultiDiGraph, folder: Path) -> Iterator[Row]:
    """Turtle and N-Triples from networkx to a closed file, beside others who have the triples at hand already."""
    turtle, lines = (seconds(partial(kg.write_rdf, graph, folder / name)) for name in ("graph.ttl", "graph.nt"))
    triples = [quad.triple for quad in pyoxigraph.parse(path=folder / "graph.ttl")]
    rdf = kg.to_rdf(graph)
    ours = f"Turtle, {len(triples):,} triples"
    raw = seconds(lambda: pyoxigraph.serialize(triples, folder / "raw.ttl", RdfFormat.TURTLE))
    yield Row(ours, turtle, "Oxigraph's writer alone, unsorted", raw)
    # Once: it takes a minute for 180,000 triples.
    writing = seconds(lambda: rdf.serialize(folder / "rdflib.ttl", format="turtle"), repeats=1)
    yield Row(ours, turtle, "rdflib's Turtle writer alone", writing)
    yield Row(ours, turtle, "an rdflib.Graph: add, then serialize", seconds(partial(_add, list(rdf))) + writing)
    plain = seconds(lambda: rdf.serialize(folder / "rdflib.nt", format="nt", encoding="utf-8"), repeats=1)
    yield Row("N-Triples", lines, "rdflib's N-Triples writer alone", plain)


def _add(triples: list) -> None:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
