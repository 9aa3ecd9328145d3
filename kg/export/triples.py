"""The graph as triples: what it says, and the evidence of each relation."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import pyoxigraph
from rdflib import Literal, URIRef
from rdflib.namespace import DC, DCAT, DCTERMS, FOAF, PROV, RDF, SDO, SKOS, VOID, XSD

from kg.errors import KgError
from kg.export.pages import paper_pages
from kg.export.vocabulary import KG, OA
from kg.papers import short_hash, slug
from kg.schema import BASE_IRI, Content, EvidenceLevel, Kind, Quotes

if TYPE_CHECKING:
    import networkx as nx  # slow to load, and `kg query` needs none of it

Triple = tuple[URIRef, URIRef, URIRef | Literal]

_TYPE = RDF.type  # looked up once, not at each triple: that takes rdflib long
_PARTS = RDF.subject, RDF.predicate, RDF.object
# The first class of each kind is ours.
CLASSES: Mapping[Kind, tuple[URIRef, ...]] = {
    Kind.PAPER: (KG.Paper, SDO.ScholarlyArticle),
    Kind.METHOD: (KG.Method,),
    Kind.DATASET: (KG.Dataset, SDO.Dataset),
    Kind.TASK: (KG.Task,),
    Kind.METRIC: (KG.Metric,),
    Kind.RESULT: (KG.Result, SDO.QuantitativeValue),
    Kind.URL: (KG.Url, SDO.WebPage),
    Kind.AUTHOR: (KG.Author, SDO.Person),
    Kind.VENUE: (KG.Venue,),
    Kind.ORGANIZATION: (KG.Organization, SDO.Organization),
}
# gYear and gYearMonth keep a date's precision (XML Schema Part 2, sections 3.3.11 and 3.3.10).
_DATE_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_PERCENT = "P1"  # UN/CEFACT Recommendation 20, which schema:unitCode takes
# How much of a hash is in the IRI of what has no name.
HASH_DIGITS = 16
# Local names of letters and digits are written behind a prefix as they are. Others Oxigraph would write with
# backslashes, which the loader of Virtuoso 7 keeps, silently making other IRIs.
_PLAIN = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")
# In an address everything is percent-encoded that RFC 3986, section 2, does not let stand.
_IRI_SAFE = "!#$%&'()*+,/:;=?@~"
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def node_iris(graph: "nx.MultiDiGraph", base_iri: str) -> dict[str, URIRef]:
    """The IRI of each node."""
    return {node: node_iri(node, data, base_iri) for node, data in graph.nodes(data=True)}


def statements(graph: "nx.MultiDiGraph", iris: Mapping[str, URIRef], content: Content) -> Iterator[Triple]:
    """Yields the nodes and the relations of a graph. There are no blank nodes: all resources have stable IRIs."""
    for node, data in graph.nodes(data=True):
        yield from describe(node, iris[node], data, content)
    yield from relations(graph, iris)


def relations(graph: "nx.MultiDiGraph", iris: Mapping[str, URIRef]) -> Iterator[Triple]:
    """Yields the relations of a graph as plain triples."""
    for source, target, relation in graph.edges(data="relation"):
        yield iris[source], predicate(relation), iris[target]


class Supported(NamedTuple):
    """A relation that papers support: its triple, the assertion that stands for it, and the places in texts that say so."""

    assertion: URIRef
    triple: Triple
    papers: Sequence[str]
    located: Sequence[Mapping[str, Any]]


def supported(graph: "nx.MultiDiGraph", iris: Mapping[str, URIRef], base_iri: str) -> Iterator[Supported]:
    """Yields the relations that neither metadata alone nor names tell."""
    for source, target, data in graph.edges(data=True):
        located = [item for item in data.get("evidence", ()) if "start" in item]
        papers = data["papers"] if data.get("inferred") else sorted({item["paper"] for item in located})
        if papers:
            triple = iris[source], predicate(data["relation"]), iris[target]
            assertion = URIRef(f"{base_iri}assertion/{short_hash(' '.join(triple), HASH_DIGITS)}")
            yield Supported(assertion, triple, papers, located)


def evidence(graph: "nx.MultiDiGraph", iris: Mapping[str, URIRef], content: Content, *, base_iri: str) -> Iterator[Triple]:
    """Yields what supports the relations: an assertion for each, and an annotation for each place in a text."""
    if content.evidence is EvidenceLevel.NONE:
        return
    describe_place = place_describer(graph, iris, content)
    pointed_at: set[tuple[str, int, int]] = set()  # a place that supports several relations is described once
    for relation in supported(graph, iris, base_iri):
        yield from describe_assertion(relation, iris)
        if content.evidence is EvidenceLevel.EDGES:
            continue
        for item in relation.located:
            place = item["paper"], item["start"], item["end"]
            yield from annotate(relation.assertion, *place, iris)
            if place not in pointed_at:
                pointed_at.add(place)
                yield from describe_place(*place)


def prefixes(base_iri: str) -> dict[str, str]:
    """The prefixes of what is written, with their IRIs."""
    vocabularies = {
        "kg": KG,
        "oa": OA,
        "dc": DC,
        "dcat": DCAT,
        "dcterms": DCTERMS,
        "foaf": FOAF,
        "prov": PROV,
        "rdf": RDF,
        "schema": SDO,
        "skos": SKOS,
        "void": VOID,
        "xsd": XSD,
    }
    return {prefix: str(namespace) for prefix, namespace in vocabularies.items()} | {
        str(kind): f"{base_iri}{kind}/" for kind in Kind if kind is not Kind.URL
    }


def check_base_iri(base_iri: str) -> None:
    """Raises `KgError` where names can't be put behind an IRI to give IRIs."""
    if not (base_iri.endswith(("/", "#")) and "://" in base_iri and _is_iri(f"{base_iri}paper/x")):
        remedy = "give an absolute one that ends in / or #, such as https://library.example/kg/"
        raise KgError(f"{base_iri!r} can't be a base IRI", remedy=remedy)


def web_iri(address: str) -> URIRef | None:
    """A web address as an IRI, or None where even quoted it is not an absolute one: `https://host:port/`, the empty text."""
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
        address = web_iri(name)
        if address:
            return address
    if data["kind"] == Kind.PAPER and scheme != Kind.PAPER:
        name = f"{scheme}-{name}"
    if not _PLAIN.fullmatch(name):
        name = "-".join(filter(None, [slug(name), short_hash(name)]))
    return URIRef(f"{base_iri}{data['kind']}/{name}")


def describe(node: str, iri: URIRef, data: Mapping[str, Any], content: Content) -> Iterator[Triple]:
    """Yields what is said of a node itself."""
    kind = Kind(data["kind"])
    for class_ in CLASSES[kind]:
        yield iri, _TYPE, class_
    if kind is Kind.PAPER:
        yield from _describe_paper(node, iri, data, content)
        return
    yield iri, SKOS.prefLabel, Literal(data["label"])
    yield iri, KG.paperCount, _integer(data["papers"])
    for alias in data.get("aliases", ()):
        yield iri, SKOS.altLabel, Literal(alias)
    if kind is Kind.URL:
        yield iri, SDO.url, Literal(data["url"], datatype=XSD.anyURI)
    if kind is Kind.RESULT:
        yield from _describe_result(iri, data)
    yield from _describe_entity(iri, data)


def _describe_result(iri: URIRef, data: Mapping[str, Any]) -> Iterator[Triple]:
    yield iri, KG.printedValue, Literal(data["value"])
    yield iri, KG.number, _decimal(data["number"])
    if data["percent"]:
        yield iri, SDO.unitText, Literal("%")
        yield iri, SDO.unitCode, Literal(_PERCENT)


def _describe_entity(iri: URIRef, data: Mapping[str, Any]) -> Iterator[Triple]:
    """What is known of some entities and addresses only."""
    if page := web_iri(data.get("homepage") or ""):
        yield iri, FOAF.page, page
    for address in data.get("external", ()):
        if same := web_iri(address):
            yield iri, SKOS.exactMatch, same
    if data.get("higher_is_better") is not None:
        yield iri, KG.higherIsBetter, Literal(data["higher_is_better"])
    for name in ("host", "owner", "repository"):
        if data.get(name):
            yield iri, KG[name], Literal(data[name])


def _describe_paper(node: str, iri: URIRef, data: Mapping[str, Any], content: Content) -> Iterator[Triple]:
    yield iri, DCTERMS.title, Literal(data["label"])
    yield iri, DCTERMS.identifier, Literal(node)
    for page in filter(None, map(web_iri, paper_pages(node, data))):
        yield iri, SDO.sameAs, page
    text = text_iri(iri)
    yield iri, KG.text, text
    yield text, _TYPE, KG.Text
    if content.abstracts and data.get("abstract"):
        yield iri, DCTERMS.abstract, Literal(data["abstract"])
    if "published" in data:
        published = data["published"]
        # As it stands: rdflib would normalize, and warn of, what it can't turn into a Python date.
        yield iri, DCTERMS.issued, Literal(published, datatype=_DATE_TYPES[len(published)], normalize=False)
    if "upvotes" in data:
        yield iri, KG.upvotes, Literal(data["upvotes"])
    if "source" in data:
        yield iri, DC.source, Literal(data["source"])  # a name and a line, which dcterms:source would not have


@cache
def predicate(relation: str) -> URIRef:
    """The property of a relation; one that the vocabulary lacks raises `AttributeError`.

    >>> predicate("has_code")
    rdflib.term.URIRef('https://paper-kg.example/vocabulary#hasCode')
    """
    first, *rest = relation.split("_")
    return KG[first + "".join(word.capitalize() for word in rest)]


def describe_assertion(relation: Supported, iris: Mapping[str, URIRef]) -> Iterator[Triple]:
    """Yields a relation as a resource; one that was inferred names the papers that it follows from."""
    assertion, triple, papers, located = relation
    yield assertion, _TYPE, KG.Assertion
    for term, value in zip(_PARTS, triple, strict=True):
        yield assertion, term, value
    yield assertion, KG.paperCount, _integer(len(papers))
    scores = [item["score"] for item in located if item["score"] is not None]
    if scores:
        yield assertion, KG.bestScore, _decimal(max(scores))
    if not located:
        yield from ((assertion, KG.supportedBy, iris[paper]) for paper in papers)


def annotate(assertion: URIRef, paper: str, start: int, end: int, iris: Mapping[str, URIRef]) -> Iterator[Triple]:
    """Yields a Web Annotation: the assertion is its body, the place in the paper's text its target."""
    annotation = URIRef(f"{assertion}/{start}-{end}")
    yield annotation, _TYPE, OA.Annotation
    yield annotation, OA.hasBody, assertion
    yield annotation, OA.hasTarget, _place(iris[paper], start, end)


def place_describer(
    graph: "nx.MultiDiGraph", iris: Mapping[str, URIRef], content: Content
) -> Callable[[str, int, int], Iterator[Triple]]:
    """What yields where in the text of a paper a place is, and what stands there."""
    quote_at = _quotation(content.quotes)

    def describe_place(paper: str, start: int, end: int) -> Iterator[Triple]:
        place, data = _place(iris[paper], start, end), graph.nodes[paper]
        position = URIRef(f"{place}/position")
        yield place, _TYPE, OA.SpecificResource
        yield place, OA.hasSource, text_iri(iris[paper])
        yield place, OA.hasSelector, position
        yield position, _TYPE, OA.TextPositionSelector
        yield position, OA.start, _integer(start)
        yield position, OA.end, _integer(end)
        yield from quote_at(place, f"{data['label']}\n{data.get('abstract', '')}", start, end)

    return describe_place


def _place(paper: URIRef, start: int, end: int) -> URIRef:
    return URIRef(f"{text_iri(paper)}/{start}-{end}")


def _quotation(quotes: Quotes) -> Callable[[URIRef, str, int, int], Iterator[Triple]]:
    """What quotes a place: nothing, the mention, or the mention with what is before and behind it in its sentence."""
    if quotes is Quotes.NONE:
        return lambda place, text, start, end: iter(())
    if quotes is Quotes.MENTION:
        return lambda place, text, start, end: _quote(place, "", text[start:end], "")
    from kg.export.sentences import sentence_around  # needs spaCy, which is slow to load

    def quote_sentence(place: URIRef, text: str, start: int, end: int) -> Iterator[Triple]:
        first, last = sentence_around(text, start, end)
        return _quote(place, text[first:start], text[start:end], text[end:last])

    return quote_sentence


def _quote(place: URIRef, prefix: str, exact: str, suffix: str) -> Iterator[Triple]:
    quotation = URIRef(f"{place}/quote")
    yield place, OA.hasSelector, quotation
    yield quotation, _TYPE, OA.TextQuoteSelector
    yield quotation, OA.exact, Literal(exact)
    if prefix:
        yield quotation, OA.prefix, Literal(prefix)
    if suffix:
        yield quotation, OA.suffix, Literal(suffix)


@lru_cache(maxsize=2**12)
def _integer(number: int) -> Literal:
    """A count or an offset; rdflib takes its time to find the datatype."""
    return Literal(number)


def _decimal(number: float) -> Literal:
    """A number without an exponent, which xsd:decimal does not allow."""
    return Literal(format(Decimal(str(number)), "f"), datatype=XSD.decimal)


def text_iri(paper: URIRef) -> URIRef:
    """The analysed text of a paper, `…text/ID` beside `…paper/ID`."""
    base, _, name = paper.rpartition("paper/")
    return URIRef(f"{base}text/{name}")
