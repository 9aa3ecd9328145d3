"""RDF files: a graph as Turtle."""

from collections.abc import Iterator
from itertools import chain
from os import PathLike

import networkx as nx
import pyoxigraph
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF

from kg.export.description import description
from kg.export.files import whole_file
from kg.export.triples import Triple, check_base_iri, evidence, node_iris, prefixes, statements
from kg.schema import BASE_IRI, Content, EvidenceLevel, Quotes


def to_rdf(
    graph: nx.MultiDiGraph,
    *,
    base_iri: str = BASE_IRI,
    evidence: str = "mentions",
    quotes: str = "mention",
    with_abstracts: bool = False,
    license: str | None = None,
) -> Graph:
    """Returns a graph as RDF; for the arguments, see `write_rdf`."""
    check_base_iri(base_iri)
    content = Content(EvidenceLevel(evidence), Quotes(quotes), with_abstracts, license)
    rdf = Graph(bind_namespaces="none")
    for prefix, iri in prefixes(base_iri).items():
        rdf.bind(prefix, iri)
    for triple in chain.from_iterable(parts(graph, content, base_iri=base_iri)):
        rdf.add(triple)
    return rdf


def write_rdf(
    graph: nx.MultiDiGraph,
    path: str | PathLike[str],
    *,
    base_iri: str = BASE_IRI,
    evidence: str = "mentions",
    quotes: str = "mention",
    with_abstracts: bool = False,
    license: str | None = None,
) -> None:
    """Writes a graph as Turtle, the same bytes for the same graph: first what it is, then what it says, then its evidence.

    Each part is sorted by subject. Oxigraph writes them, many times faster than rdflib's own serializer.

    Args:
        graph: A graph as `kg.build` makes it.
        path: The file to write.
        base_iri: What the IRIs of nodes begin with.
        evidence: `mentions` for each place in a text, `edges` for assertions without places, `none` for plain triples.
        quotes: What is quoted at a place: the `mention`, the `sentence` around it as well, or `none`.
        with_abstracts: Whether papers have their abstracts, the rights to which are their authors'.
        license: The IRI of the data's licence, if you state one.
    """
    check_base_iri(base_iri)
    content = Content(EvidenceLevel(evidence), Quotes(quotes), with_abstracts, license)
    ordered = chain.from_iterable(sorted(set(part), key=_reading_order) for part in parts(graph, content, base_iri=base_iri))
    with whole_file(path) as stream:
        pyoxigraph.serialize(map(_for_oxigraph, ordered), stream, pyoxigraph.RdfFormat.TURTLE, prefixes=prefixes(base_iri))


def parts(graph: nx.MultiDiGraph, content: Content, *, base_iri: str) -> tuple[Iterator[Triple], ...]:
    """The triples of a graph in the order they are read in: what it is, what it says, and what supports that."""
    iris = node_iris(graph, base_iri)
    return (
        description(graph, content, base_iri=base_iri),
        statements(graph, iris, content),
        evidence(graph, iris, content, base_iri=base_iri),
    )


def _reading_order(triple: Triple) -> tuple[str, bool, str, str]:
    """Subjects together, the type first."""
    subject, predicate, object_ = triple
    return subject, predicate != RDF.type, predicate, object_.n3()


def _for_oxigraph(triple: Triple) -> pyoxigraph.Triple:
    subject, predicate, object_ = triple
    node = pyoxigraph.NamedNode
    value = node(object_) if isinstance(object_, URIRef) else _literal_for_oxigraph(object_)
    return pyoxigraph.Triple(node(subject), node(predicate), value)


def _literal_for_oxigraph(literal: Literal) -> pyoxigraph.Literal:
    datatype = pyoxigraph.NamedNode(literal.datatype) if literal.datatype else None
    return pyoxigraph.Literal(str(literal), datatype=datatype)
