"""The RDF terms we use: our own closed namespace, and of those that rdflib does not ship, what we use of each."""

from rdflib.namespace import DefinedNamespace, Namespace
from rdflib.term import URIRef


def _looked_up(namespace: type[DefinedNamespace]) -> type[DefinedNamespace]:
    """The namespace with its terms as plain attributes: rdflib would make a term anew at each of millions of mentions."""
    for term in namespace.__annotations__.keys() - {"_NS", "_fail"}:
        setattr(namespace, term, namespace[term])
    return namespace


@_looked_up
class KG(DefinedNamespace):
    """The vocabulary of paper-kg. Its IRI does not move with the base of the data."""

    _NS = Namespace("https://paper-kg.example/vocabulary#")
    _fail = True

    # Classes, one a kind of node.
    Paper: URIRef
    Method: URIRef
    Dataset: URIRef
    Task: URIRef
    Metric: URIRef
    Result: URIRef
    Url: URIRef
    Author: URIRef
    Venue: URIRef
    Organization: URIRef
    Text: URIRef  # the analysed text of a paper
    Assertion: URIRef  # a relation as a resource, to which evidence is attached

    # Relations of a paper.
    proposes: URIRef
    introduces: URIRef
    uses: URIRef
    comparesWith: URIRef
    mentions: URIRef
    addresses: URIRef
    reports: URIRef
    hasCode: URIRef
    hasData: URIRef
    hasModel: URIRef
    hasPage: URIRef
    linksTo: URIRef
    writtenBy: URIRef
    publishedIn: URIRef
    affiliatedWith: URIRef

    # Relations of a result.
    ofMethod: URIRef
    onDataset: URIRef
    inMetric: URIRef

    # Relations between entities, inferred from those of papers.
    evaluatedOn: URIRef
    appliedTo: URIRef
    buildsOn: URIRef
    measuredAgainst: URIRef

    # From a version or a size to what it is one of.
    variantOf: URIRef

    # Data.
    paperCount: URIRef  # how many papers say something of an entity, or support an assertion
    supportedBy: URIRef  # a paper that an inferred assertion follows from
    bestScore: URIRef
    text: URIRef  # from a paper to its analysed text, which annotations point into
    printedValue: URIRef
    number: URIRef
    higherIsBetter: URIRef
    host: URIRef
    owner: URIRef
    repository: URIRef
    upvotes: URIRef
    parameter: URIRef  # `name=value`, of a run or of an export


@_looked_up
class OA(DefinedNamespace):
    """The terms we use of the Web Annotation Vocabulary (W3C Recommendation, 23 February 2017)."""

    _NS = Namespace("http://www.w3.org/ns/oa#")
    _fail = True

    Annotation: URIRef
    SpecificResource: URIRef
    TextPositionSelector: URIRef
    TextQuoteSelector: URIRef
    hasBody: URIRef
    hasTarget: URIRef
    hasSource: URIRef
    hasSelector: URIRef
    start: URIRef
    end: URIRef
    exact: URIRef
    prefix: URIRef
    suffix: URIRef


class MLS(DefinedNamespace):
    """The terms of ML-Schema that ours are placed under (W3C community group; `MLSchema.ttl`, version 1.0)."""

    _NS = Namespace("http://www.w3.org/ns/mls#")
    _fail = True

    Dataset: URIRef
    EvaluationMeasure: URIRef
    InformationEntity: URIRef
    Model: URIRef
    ModelEvaluation: URIRef
    Task: URIRef
    hasValue: URIRef
    specifiedBy: URIRef


class FABIO(DefinedNamespace):
    """The term of FaBiO, the FRBR-aligned Bibliographic Ontology (SPAR ontologies), that ours is placed under."""

    _NS = Namespace("http://purl.org/spar/fabio/")
    _fail = True

    ScholarlyWork: URIRef
