"""RDF files: a graph as Turtle, N-Triples, N-Quads, TriG, JSON-LD or RDF/XML."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from os import PathLike
from typing import IO

import networkx as nx
import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF

from kg.export.files import whole_file
from kg.export.json_ld import json_ld
from kg.export.named_graphs import by_source
from kg.export.syntaxes import Syntax, syntax_of
from kg.export.triples import Triple, check_base_iri, evidence, prefixes, statements
from kg.schema import BASE_IRI

# A triple as plain strings, which are hashed, sorted and compared many times faster than rdflib's terms: subject,
# predicate, value, and what kind of value it is: a datatype, a language behind "@", or "" for an IRI.
_Row = tuple[str, str, str, str]

# Turtle's word for rdf:type; as a row's predicate it sorts before all IRIs.
_TYPE = "a"


def to_rdf(graph: nx.MultiDiGraph, *, base_iri: str = BASE_IRI) -> Graph:
    """Returns a graph as RDF; the IRIs of its nodes begin with `base_iri`."""
    check_base_iri(base_iri)
    rdf = Graph(bind_namespaces="none")
    for prefix, iri in prefixes(base_iri).items():
        rdf.bind(prefix, iri)
    for triple in chain.from_iterable(_parts(graph, base_iri)):
        rdf.add(triple)
    return rdf


def write_rdf(
    graph: nx.MultiDiGraph, path: str | PathLike[str], *, format: str | None = None, base_iri: str = BASE_IRI
) -> None:
    """Writes a graph as RDF, the same bytes for the same graph.

    `ttl` (Turtle) and `rdf` (RDF/XML) are sorted by subject: first what the graph says, then its evidence.
    `nt` (N-Triples) is written as the triples are made, in memory that does not grow with them; few come twice.
    `nq` (N-Quads) and `trig` have a named graph for each file that papers were read from: see `named_graphs`.
    `jsonld` is compacted, with its context inside.

    Args:
        graph: What `kg.build` returned.
        path: The file.
        format: One of those above; by default the suffix of the file tells.
        base_iri: What the IRIs of the nodes begin with.

    Raises:
        KgError: The format is unknown, the base is none, or the file can't be written.
    """
    check_base_iri(base_iri)
    syntax = syntax_of(path, format)
    with whole_file(path) as stream:
        if syntax is Syntax.JSON_LD:
            stream.write(json_ld(to_rdf(graph, base_iri=base_iri)))
        elif syntax in (Syntax.N_QUADS, Syntax.TRIG):
            pyoxigraph.serialize(_quads(graph, base_iri), stream, syntax.oxigraph, prefixes=prefixes(base_iri))
        elif syntax is Syntax.N_TRIPLES:
            rows = map(_row, chain.from_iterable(_parts(graph, base_iri)))
            pyoxigraph.serialize(_triples(rows), stream, syntax.oxigraph)
        elif syntax is Syntax.TURTLE:
            pyoxigraph.serialize(_sorted(graph, base_iri), stream, syntax.oxigraph, prefixes=prefixes(base_iri))
        else:
            _write_xml(_sorted(graph, base_iri), stream, base_iri)


def _parts(graph: nx.MultiDiGraph, base_iri: str) -> tuple[Iterator[Triple], ...]:
    """The parts of a file, in the order of reading."""
    return statements(graph, base_iri=base_iri), evidence(graph, base_iri=base_iri)


def _sorted(graph: nx.MultiDiGraph, base_iri: str) -> Iterator[pyoxigraph.Triple]:
    """Each triple of a part once, subjects together, the type first."""
    return _triples(chain.from_iterable(sorted(set(map(_row, part))) for part in _parts(graph, base_iri)))


def _quads(graph: nx.MultiDiGraph, base_iri: str) -> Iterator[pyoxigraph.Quad]:
    for name, described, elsewhere in by_source(graph, base_iri):
        known = set(map(_row, statements(elsewhere, base_iri=base_iri)))
        rows = (sorted(set(map(_row, part)) - known) for part in _parts(described, base_iri))
        graph_name = NamedNode(name) if name else pyoxigraph.DefaultGraph()
        for triple in _triples(chain.from_iterable(rows)):
            yield pyoxigraph.Quad(triple.subject, triple.predicate, triple.object, graph_name)


def _write_xml(triples: Iterator[pyoxigraph.Triple], stream: IO[bytes], base_iri: str) -> None:
    """Readers of XML take a carriage return as a line feed (XML 1.0, section 2.11), unless it is a reference."""
    text = pyoxigraph.serialize(triples, format=RdfFormat.RDF_XML, prefixes=prefixes(base_iri)) or b""
    stream.write(text.replace(b"\r", b"&#13;"))


def _row(triple: Triple) -> _Row:
    subject, predicate, object_ = triple
    return str(subject), _predicate_name(predicate), str(object_), _value_kind(object_)


@cache
def _predicate_name(predicate: URIRef) -> str:
    return _TYPE if predicate == RDF.type else str(predicate)


def _value_kind(object_: URIRef | Literal) -> str:
    if isinstance(object_, URIRef):
        return ""
    return str(object_.datatype) if object_.datatype else f"@{object_.language or ''}"


def _triples(rows: Iterable[_Row]) -> Iterator[pyoxigraph.Triple]:
    for subject, predicate, value, kind in rows:
        yield pyoxigraph.Triple(NamedNode(subject), _predicate(predicate), _value(value, kind))


@cache
def _predicate(name: str) -> NamedNode:
    return NamedNode(RDF.type if name == _TYPE else name)


def _value(value: str, kind: str) -> NamedNode | pyoxigraph.Literal:
    if not kind:
        return NamedNode(value)
    if kind.startswith("@"):
        return pyoxigraph.Literal(value, language=kind[1:] or None)
    return pyoxigraph.Literal(value, datatype=_datatype(kind))


_datatype = cache(NamedNode)
