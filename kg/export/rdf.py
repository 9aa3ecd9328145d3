"""RDF files: a graph as Turtle."""

from itertools import chain
from os import PathLike

import networkx as nx
import pyoxigraph
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF

from kg.export.files import whole_file
from kg.export.triples import Triple, check_base_iri, evidence, prefixes, statements
from kg.schema import BASE_IRI


def to_rdf(graph: nx.MultiDiGraph, *, base_iri: str = BASE_IRI) -> Graph:
    """Returns a graph as RDF; the IRIs of its nodes begin with `base_iri`."""
    check_base_iri(base_iri)
    rdf = Graph(bind_namespaces="none")
    for prefix, iri in prefixes(base_iri).items():
        rdf.bind(prefix, iri)
    for triple in chain(statements(graph, base_iri=base_iri), evidence(graph, base_iri=base_iri)):
        rdf.add(triple)
    return rdf


def write_rdf(graph: nx.MultiDiGraph, path: str | PathLike[str], *, base_iri: str = BASE_IRI) -> None:
    """Writes a graph as Turtle, the same bytes for the same graph: first what it says, then its evidence.

    Both parts are sorted by subject. Oxigraph writes them, many times faster than rdflib's own serializer.
    """
    check_base_iri(base_iri)
    ordered = chain.from_iterable(
        sorted(set(part(graph, base_iri=base_iri)), key=_reading_order) for part in (statements, evidence)
    )
    with whole_file(path) as stream:
        pyoxigraph.serialize(map(_for_oxigraph, ordered), stream, pyoxigraph.RdfFormat.TURTLE, prefixes=prefixes(base_iri))


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
