"""The graph as triples: what it says, and the evidence of each relation."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import networkx as nx
import pyoxigraph
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SDO, SKOS, XSD

from kg.errors import KgError
from kg.export.pages import paper_pages
from kg.export.vocabulary import KG, OA
from kg.papers import short_hash, slug
from kg.schema import BASE_IRI, Kind

Triple = tuple[URIRef, URIRef, URIRef | Literal]

_CLASSES: Mapping[Kind, tuple[URIRef, ...]] = {
    Kind.PAPER: (KG.Paper, SDO.ScholarlyArticle),
    Kind.METHOD: (KG.Method,),
    Kind.DATASET: (KG.Dataset, SDO.Dataset),
    Kind.TASK: (KG.Task,),
    Kind.METRIC: (KG.Metric,),
    Kind.RESULT: (KG.Result,),
    Kind.URL: (KG.Url, SDO.WebPage),
    Kind.AUTHOR: (KG.Author, SDO.Person),
    Kind.VENUE: (KG.Venue,),
    Kind.ORGANIZATION: (KG.Organization, SDO.Organization),
}
# gYear and gYearMonth keep a date's precision (XML Schema Part 2, sections 3.3.11 and 3.3.10).
_DATE_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
# Local names of letters and digits are written behind a prefix as they are. Others Oxigraph would write with
# backslashes, which the loader of Virtuoso 7 keeps, silently making other IRIs.
_PLAIN = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")
# In an address everything is percent-encoded that RFC 3986, section 2, does not let stand.
_IRI_SAFE = "!#$%&'()*+,/:;=?@~"
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def statements(graph: nx.MultiDiGraph, *, base_iri: str = BASE_IRI) -> Iterator[Triple]:
    """Yields the nodes and the relations of a graph. There are no blank nodes: all resources have stable IRIs."""
    iris = _iris(graph, base_iri)
    for node, data in graph.nodes(data=True):
        yield from _describe(node, iris[node], data)
    for source, target, relation in graph.edges(data="relation"):
        yield iris[source], _predicate(relation), iris[target]


def evidence(graph: nx.MultiDiGraph, *, base_iri: str = BASE_IRI) -> Iterator[Triple]:
    """Yields what supports the relations: an assertion for each, and an annotation for each place in a text."""
    iris = _iris(graph, base_iri)
    for source, target, data in graph.edges(data=True):
        yield from _assert(graph, iris, (source, target), data, base_iri)


def _iris(graph: nx.MultiDiGraph, base_iri: str) -> dict[str, URIRef]:
    return {node: node_iri(node, data, base_iri) for node, data in graph.nodes(data=True)}


def prefixes(base_iri: str) -> dict[str, str]:
    """The prefixes of what is written, with their IRIs."""
    vocabularies = {"kg": KG, "oa": OA, "dcterms": DCTERMS, "rdf": RDF, "schema": SDO, "skos": SKOS, "xsd": XSD}
    return {prefix: str(namespace) for prefix, namespace in vocabularies.items()} | {
        str(kind): f"{base_iri}{kind}/" for kind in Kind if kind is not Kind.URL
    }


def check_base_iri(base_iri: str) -> None:
    """Raises `KgError` where names can't be put behind an IRI to give IRIs."""
    if not (base_iri.endswith(("/", "#")) and "://" in base_iri and _is_iri(f"{base_iri}paper/x")):
        remedy = "give an absolute one that ends in / or #, such as https://library.example/kg/"
        raise KgError(f"{base_iri!r} can't be a base IRI", remedy=remedy)


def _web_iri(address: str) -> URIRef | None:
    """A web address as an IRI, or None where even quoted it is not well-formed: `https://host:port/`."""
    quoted = quote(_LONE_PERCENT.sub("%25", address), safe=_IRI_SAFE)
    return URIRef(quoted) if _is_iri(quoted) else None


def _is_iri(text: str) -> bool:
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True


def node_iri(node: str, data: Mapping[str, Any], base_iri: str = BASE_IRI) -> URIRef:
    """The IRI of a node: a web address is its own where it is well-formed, all others are minted under the base.

    >>> node_iri("method:long-short-term-memory", {"kind": "method"}, "https://example.org/")
    rdflib.term.URIRef('https://example.org/method/long-short-term-memory')
    >>> node_iri("arxiv:1706.03762", {"kind": "paper"}, "https://example.org/")
    rdflib.term.URIRef('https://example.org/paper/arxiv-1706.03762')
    """
    scheme, _, name = node.partition(":")
    if data["kind"] == Kind.URL:
        address = _web_iri(name)
        if address:
            return address
    if data["kind"] == Kind.PAPER and scheme != Kind.PAPER:
        name = f"{scheme}-{name}"
    if not _PLAIN.fullmatch(name):
        name = "-".join(filter(None, [slug(name), short_hash(name)]))
    return URIRef(f"{base_iri}{data['kind']}/{name}")


def _describe(node: str, iri: URIRef, data: Mapping[str, Any]) -> Iterator[Triple]:
    kind = Kind(data["kind"])
    for class_ in _CLASSES[kind]:
        yield iri, RDF.type, class_
    if kind is Kind.PAPER:
        yield from _describe_paper(node, iri, data)
        return
    yield iri, SKOS.prefLabel, Literal(data["label"])
    if kind is Kind.URL:
        yield iri, SDO.url, Literal(data["url"])
    yield iri, KG.paperCount, Literal(data["papers"])
    for alias in data.get("aliases", ()):
        yield iri, SKOS.altLabel, Literal(alias)
    if kind is Kind.RESULT:
        yield iri, KG.printedValue, Literal(data["value"])
        yield iri, KG.number, _decimal(data["number"])
        yield iri, KG.isPercentage, Literal(data["percent"])


def _describe_paper(node: str, iri: URIRef, data: Mapping[str, Any]) -> Iterator[Triple]:
    yield iri, DCTERMS.title, Literal(data["label"])
    yield iri, DCTERMS.identifier, Literal(node)
    for page in filter(None, map(_web_iri, paper_pages(node, data))):
        yield iri, SDO.sameAs, page
    yield iri, KG.text, _text(iri)
    if "published" in data:
        published = data["published"]
        # As it stands: rdflib would normalize, and warn of, what it can't turn into a Python date.
        yield iri, DCTERMS.issued, Literal(published, datatype=_DATE_TYPES[len(published)], normalize=False)
    if "upvotes" in data:
        yield iri, KG.upvotes, Literal(data["upvotes"])
    if "source" in data:
        yield iri, DCTERMS.source, Literal(data["source"])


def _predicate(relation: str) -> URIRef:
    """`has_code` is `kg:hasCode`; a relation that the vocabulary lacks raises `AttributeError`."""
    first, *rest = relation.split("_")
    return KG[first + "".join(word.capitalize() for word in rest)]


def _assert(
    graph: nx.MultiDiGraph, iris: Mapping[str, URIRef], ends: tuple[str, str], data: Mapping[str, Any], base_iri: str
) -> Iterator[Triple]:
    """A relation as a resource with what supports it: places in papers, or papers for an inferred one."""
    subject, object_ = iris[ends[0]], iris[ends[1]]
    predicate = _predicate(data["relation"])
    digest = hashlib.sha256(f"{subject} {predicate} {object_}".encode()).hexdigest()[:16]
    assertion = URIRef(f"{base_iri}assertion/{digest}")
    located = [item for item in data.get("evidence", ()) if "start" in item]
    papers = data["papers"] if data.get("inferred") else sorted({item["paper"] for item in located})
    if not papers:
        return  # from metadata alone
    yield assertion, RDF.type, KG.Assertion
    yield assertion, RDF.subject, subject
    yield assertion, RDF.predicate, predicate
    yield assertion, RDF.object, object_
    yield assertion, KG.paperCount, Literal(len(papers))
    if data.get("inferred"):
        for paper in papers:
            yield assertion, KG.supportedBy, iris[paper]
    scores = [item["score"] for item in located if item["score"] is not None]
    if scores:
        yield assertion, KG.bestScore, _decimal(max(scores))
    for item in located:
        yield from _annotate(assertion, iris[item["paper"]], graph.nodes[item["paper"]], item)


def _annotate(assertion: URIRef, paper: URIRef, data: Mapping[str, Any], item: Mapping[str, Any]) -> Iterator[Triple]:
    """A Web Annotation: the assertion is its body, the place in the paper's text its target."""
    start, end = item["start"], item["end"]
    text = _text(paper)
    annotation = URIRef(f"{assertion}/{start}-{end}")
    target = URIRef(f"{text}/{start}-{end}")
    position, quotation = URIRef(f"{target}/position"), URIRef(f"{target}/quote")
    yield annotation, RDF.type, OA.Annotation
    yield annotation, OA.hasBody, assertion
    yield annotation, OA.hasTarget, target
    yield target, RDF.type, OA.SpecificResource
    yield target, OA.hasSource, text
    yield target, OA.hasSelector, position
    yield target, OA.hasSelector, quotation
    yield position, RDF.type, OA.TextPositionSelector
    yield position, OA.start, Literal(start)
    yield position, OA.end, Literal(end)
    yield quotation, RDF.type, OA.TextQuoteSelector
    yield quotation, OA.exact, Literal(f"{data['label']}\n{data.get('abstract', '')}"[start:end])


def _decimal(number: float) -> Literal:
    """A number without an exponent, which xsd:decimal does not allow."""
    return Literal(format(Decimal(str(number)), "f"), datatype=XSD.decimal)


def _text(paper: URIRef) -> URIRef:
    """The analysed text of a paper, `…text/ID` beside `…paper/ID`."""
    base, _, name = paper.rpartition("paper/")
    return URIRef(f"{base}text/{name}")
