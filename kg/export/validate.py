"""Whether RDF keeps to the shapes of our exports, `shapes.ttl`; pySHACL tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from os import PathLike

import pyshacl
from rdflib import Graph, URIRef
from rdflib.extras.shacl import parse_shacl_path
from rdflib.namespace import OWL, SH
from rdflib.term import Node

from kg.export.parse import read_graph
from kg.export.vocabulary import KG

# What a violation says that has no value to show.
_LACKS = {str(SH.MinCountConstraintComponent): "missing", str(SH.MaxCountConstraintComponent): "more than one"}


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A node that breaks a rule.

    Attributes:
        node: The IRI of the node.
        path: The property, or the SPARQL path of properties, that the rule is about; empty where it is about the node.
        found: What is wrong about it: a value, `missing` or `more than one`.
        rule: The rule, in words.
    """

    node: str
    path: str
    found: str
    rule: str


def validate(path: str | PathLike[str]) -> list[Violation]:
    """Checks a file of RDF in any format; returns what breaks a rule, sorted by node.

    Raises:
        GraphError: The file can't be read.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> kg.write_rdf(graph, "graph.ttl")
    >>> kg.validate("graph.ttl")
    []
    """
    _, report, _ = pyshacl.validate(read_graph(path), shacl_graph=_shapes(), inference="none", inplace=True)
    assert isinstance(report, Graph)
    return sorted(set(_violations(report)))


def _shapes() -> Graph:
    """The shapes, with targets at each property: those in the shape of a node take pySHACL twice as long.

    It goes through them node by node, and through properties with targets of their own for all nodes at once.
    """
    shapes = Graph().parse(data=(files("kg.export") / "shapes.ttl").read_text("utf-8"), format="turtle")
    for shape, target in list(shapes.subject_objects(SH.targetClass)):
        for property_ in list(shapes.objects(shape, SH.property)):
            shapes.add((property_, SH.targetClass, target))
            shapes.remove((shape, SH.property, property_))
    return shapes


def _violations(report: Graph) -> Iterator[Violation]:
    for result in report.objects(None, SH.result):
        focus, value = report.value(result, SH.focusNode), report.value(result, SH.value)
        path, component = report.value(result, SH.resultPath), report.value(result, SH.sourceConstraintComponent)
        rule = str(report.value(result, SH.resultMessage))
        if path is None and focus in (OWL.Thing, KG.Assertion) and value is not None:
            yield Violation(str(value), "", "", rule)  # a query for all nodes, see shapes.ttl
        else:
            yield Violation(str(focus), _path(report, path), _LACKS.get(str(component)) or _shown(value), rule)


def _path(report: Graph, path: Node | None) -> str:
    return parse_shacl_path(report, path).n3(report.namespace_manager) if path is not None else ""


def _shown(value: Node | None) -> str:
    return "" if value is None else str(value) if isinstance(value, URIRef) else value.n3()
