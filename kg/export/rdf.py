"""RDF files: a graph as Turtle, N-Triples, N-Quads, TriG, JSON-LD or RDF/XML."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain
from os import PathLike
from typing import IO

import networkx as nx
import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF

from kg.export.description import description
from kg.export.files import whole_file
from kg.export.json_ld import json_ld
from kg.export.named_graphs import by_source
from kg.export.subjects import evidence_by_subject, statements_by_subject
from kg.export.syntaxes import Syntax, syntax_of
from kg.export.triples import Triple, check_base_iri, node_iris, prefixes, statements
from kg.export.triples import evidence as evidence_of
from kg.schema import BASE_IRI, Content, EvidenceLevel, Quotes

# A triple as plain strings, which are hashed, sorted and compared many times faster than rdflib's terms: subject,
# predicate, value, and what kind of value it is: a datatype, a language behind "@", or "" for an IRI.
_Row = tuple[str, str, str, str]

# Turtle's word for rdf:type; as a row's predicate it sorts before all IRIs.
_TYPE = "a"


def to_rdf(
    graph: nx.MultiDiGraph,
    *,
    base_iri: str = BASE_IRI,
    evidence: str = "mentions",
    quotes: str = "mention",
    with_abstracts: bool = False,
    license: str | None = None,
) -> Graph:
    """Returns a graph as RDF; for the arguments, see `write_rdf`.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> [str(title) for title, in kg.to_rdf(graph).query("SELECT ?t { [] kg:uses dataset:imagenet ; dcterms:title ?t }")]
    ['A']
    """
    check_base_iri(base_iri)
    return _to_rdflib(graph, Content(EvidenceLevel(evidence), Quotes(quotes), with_abstracts, license), base_iri)


def write_rdf(
    graph: nx.MultiDiGraph,
    path: str | PathLike[str],
    *,
    format: str | None = None,
    base_iri: str = BASE_IRI,
    evidence: str = "mentions",
    quotes: str = "mention",
    with_abstracts: bool = False,
    license: str | None = None,
) -> None:
    """Writes a graph as RDF, the same bytes for the same graph.

    `ttl` (Turtle) and `rdf` (RDF/XML) are sorted by subject: first what the graph is, then what it says, then its
    evidence. `nt` (N-Triples) is written as the triples are made, in memory that does not grow with them.
    `nq` (N-Quads) and `trig` have a named graph for each file that papers were read from: see `named_graphs`.
    `jsonld` is compacted, with its context inside.

    Args:
        graph: A graph as `kg.build` makes it.
        path: The file to write.
        format: One of those above; by default the suffix of the file tells.
        base_iri: What the IRIs of nodes begin with.
        evidence: `mentions` for each place in a text, `edges` for assertions without places, `none` for plain triples.
        quotes: What is quoted at a place: the `mention`, the `sentence` around it as well, or `none`.
        with_abstracts: Whether papers have their abstracts, the rights to which are their authors'.
        license: The IRI of the data's licence, if you state one.

    Raises:
        KgError: The format is unknown, the base is none, or the file can't be written.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> kg.write_rdf(graph, "graph.nt", base_iri="https://library.example/")
    >>> from pathlib import Path
    >>> "<https://library.example/dataset/imagenet>" in Path("graph.nt").read_text(encoding="utf-8")
    True
    """
    check_base_iri(base_iri)
    syntax = syntax_of(path, format)
    content = Content(EvidenceLevel(evidence), Quotes(quotes), with_abstracts, license)
    with whole_file(path) as stream:
        if syntax is Syntax.JSON_LD:
            stream.write(json_ld(_to_rdflib(graph, content, base_iri)))
        elif syntax in (Syntax.N_QUADS, Syntax.TRIG):
            quads = _quads(graph, content, base_iri)
            pyoxigraph.serialize(quads, stream, syntax.oxigraph, prefixes=prefixes(base_iri))
        elif syntax is Syntax.N_TRIPLES:
            rows = map(_row, chain.from_iterable(parts(graph, content, base_iri=base_iri)))
            pyoxigraph.serialize(_triples(rows), stream, syntax.oxigraph)
        elif syntax is Syntax.TURTLE:
            triples = _sorted(_by_subject(graph, content, base_iri))
            pyoxigraph.serialize(triples, stream, syntax.oxigraph, prefixes=prefixes(base_iri))
        else:
            _write_xml(_sorted(_by_subject(graph, content, base_iri)), stream, base_iri)


def parts(graph: nx.MultiDiGraph, content: Content, *, base_iri: str) -> tuple[Iterator[Triple], ...]:
    """The triples of a graph in the order they are read in: what it is, what it says, and what supports that."""
    iris = node_iris(graph, base_iri)
    said = statements(graph, iris, content), evidence_of(graph, iris, content, base_iri=base_iri)
    return description(graph, content, base_iri=base_iri), *said


def _by_subject(graph: nx.MultiDiGraph, content: Content, base_iri: str) -> Iterator[Iterable[Triple]]:
    """The same, the triples of a subject together, in the order of a sorted file."""
    yield description(graph, content, base_iri=base_iri)
    yield from _said_by_subject(graph, content, base_iri)


def _said_by_subject(graph: nx.MultiDiGraph, content: Content, base_iri: str) -> Iterator[Iterable[Triple]]:
    iris = node_iris(graph, base_iri)
    yield from statements_by_subject(graph, iris, content)
    yield from evidence_by_subject(graph, iris, content, base_iri=base_iri)


def n_triples(triples: Iterable[Triple]) -> bytes:
    """Triples as lines, in the order given."""
    return pyoxigraph.serialize(_triples(map(_row, triples)), format=RdfFormat.N_TRIPLES) or b""


def _to_rdflib(graph: nx.MultiDiGraph, content: Content, base_iri: str) -> Graph:
    rdf = Graph(bind_namespaces="none")
    for prefix, iri in prefixes(base_iri).items():
        rdf.bind(prefix, iri)
    for triple in chain.from_iterable(parts(graph, content, base_iri=base_iri)):
        rdf.add(triple)
    return rdf


def _sorted(parts: Iterable[Iterable[Triple]]) -> Iterator[pyoxigraph.Triple]:
    """Each triple of a part once, subjects together, the type first."""
    return _triples(chain.from_iterable(sorted(set(map(_row, part))) for part in parts))


def _quads(graph: nx.MultiDiGraph, content: Content, base_iri: str) -> Iterator[pyoxigraph.Quad]:
    """What the whole graph is lies in the default graph."""
    for triple in _sorted([description(graph, content, base_iri=base_iri)]):
        yield pyoxigraph.Quad(triple.subject, triple.predicate, triple.object)
    for name, described, elsewhere in by_source(graph, base_iri):
        known = set(statements(elsewhere, node_iris(elsewhere, base_iri), content))
        said = ((triple for triple in part if triple not in known) for part in _said_by_subject(described, content, base_iri))
        graph_name = NamedNode(name) if name else pyoxigraph.DefaultGraph()
        for triple in _sorted(said):
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
        yield pyoxigraph.Triple(_node(subject), _predicate(predicate), _value(value, kind))


@cache
def _predicate(name: str) -> NamedNode:
    return NamedNode(RDF.type if name == _TYPE else name)


def _value(value: str, kind: str) -> NamedNode | pyoxigraph.Literal:
    if not kind:
        return _node(value)
    if kind.startswith("@"):
        return pyoxigraph.Literal(value, language=kind[1:] or None)
    return pyoxigraph.Literal(value, datatype=_node(kind))


# An IRI comes several times in a row, and making one checks its syntax.
_node = lru_cache(maxsize=2**12)(NamedNode)
