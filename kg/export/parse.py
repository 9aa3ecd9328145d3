"""RDF files of any format, read back; Oxigraph parses them, several times faster than rdflib."""

from collections.abc import Iterator
from os import PathLike

import pyoxigraph
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import XSD

from kg.errors import GraphError, Location
from kg.export.syntaxes import reading


def read_triples(path: str | PathLike[str]) -> Iterator[pyoxigraph.Triple]:
    """Yields the triples of a file, its format told by its suffix, those of named graphs among them.

    Raises:
        GraphError: The file can't be read, or it is not RDF in that format.
    """
    with reading(path) as quads:
        for quad in quads:
            yield quad.triple


def read_graph(path: str | PathLike[str]) -> Graph:
    """Reads a file as an rdflib graph; raises as `read_triples` does."""
    graph = Graph(bind_namespaces="none")
    for subject, predicate, object_ in read_triples(path):
        if isinstance(subject, pyoxigraph.Triple) or isinstance(object_, pyoxigraph.Triple):
            remedy = "leave such statements out"
            raise GraphError(
                "a statement about a statement, which SHACL knows nothing of", at=Location(str(path)), remedy=remedy
            )
        graph.add((_term(subject), _term(predicate), _term(object_)))
    return graph


def _term(term: object) -> URIRef | BNode | Literal:
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    if term.language:
        return Literal(term.value, lang=term.language)
    # As rdflib has plain texts and leaves values as they are spelled.
    datatype = None if term.datatype.value == str(XSD.string) else URIRef(term.datatype.value)
    return Literal(term.value, datatype=datatype, normalize=False)
