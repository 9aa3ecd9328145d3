"""How much of a graph RDF holds, and how what it holds is written."""

import networkx as nx
import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import DC, DCTERMS, FOAF, RDF, SDO, SKOS, XSD

import kg
from kg.export.rdf import parts
from kg.export.vocabulary import KG, OA
from kg.schema import BASE_IRI, Content

ABSTRACT = "We present Owl. Owl beats U-Net on ImageNet by 2.5% e.g. at night. Code follows."


@pytest.fixture
def graph():
    paper = kg.Paper("paper:owl", "Owl", ABSTRACT, published="2024-05", source="owls.txt:3")
    place = ABSTRACT.index("U-Net") + len("Owl\n")
    mention = kg.Mention("U-Net", "METHOD", place, place + 5, "compared", 0.9)
    result = kg.Result("U-Net", None, "accuracy", "2.5", 2.5, True, place + 20, place + 23)
    metric = kg.Mention("accuracy", "METRIC", 0, 3, None, None)
    return kg.build([kg.Extraction(paper, (metric, mention), results=(result,))])


def iri(name):
    return URIRef(BASE_IRI + name)


COMPARED = iri("paper/owl"), KG.comparesWith, iri("method/u-net")


def test_plain_triples_are_there_however_much_evidence_is(graph):
    none, edges, mentions = (kg.to_rdf(graph, evidence=level) for level in ("none", "edges", "mentions"))
    assert all(COMPARED in rdf for rdf in (none, edges, mentions))
    assert not list(none.subjects(RDF.type, KG.Assertion))
    assert set(edges.subjects(RDF.type, KG.Assertion)) == set(mentions.subjects(RDF.type, KG.Assertion)) != set()
    assert not list(edges.subjects(RDF.type, OA.Annotation))
    assert list(mentions.subjects(RDF.type, OA.Annotation))


@pytest.mark.parametrize(
    ("quotes", "quoted"),
    [
        ("none", (None, None, None)),
        ("mention", (None, "U-Net", None)),
        ("sentence", ("Owl beats ", "U-Net", " on ImageNet by 2.5% e.g. at night.")),
    ],
)
def test_a_place_is_quoted_as_asked(graph, quotes, quoted):
    rdf = kg.to_rdf(graph, quotes=quotes)
    (assertion,) = set(rdf.subjects(RDF.predicate, KG.comparesWith))
    place = rdf.value(rdf.value(None, OA.hasBody, assertion), OA.hasTarget)
    selectors = list(rdf.objects(place, OA.hasSelector))
    told = [next((str(rdf.value(each, term)) for each in selectors if rdf.value(each, term)), None)
            for term in (OA.prefix, OA.exact, OA.suffix)]  # fmt: skip
    assert tuple(told) == quoted
    start = next(rdf.value(each, OA.start) for each in selectors if rdf.value(each, OA.start))
    assert start.toPython() == f"Owl\n{ABSTRACT}".index("U-Net")


def test_abstracts_are_there_only_when_asked_for(graph):
    paper = iri("paper/owl")
    assert (paper, DCTERMS.abstract, None) not in kg.to_rdf(graph)
    assert kg.to_rdf(graph, with_abstracts=True).value(paper, DCTERMS.abstract) == Literal(ABSTRACT)


def test_the_title_ends_the_first_sentence(graph):
    rdf = kg.to_rdf(graph, quotes="sentence")
    assert ABSTRACT not in {str(text) for text in rdf.objects()}
    assert not any("\n" in text.strip() for quote in (OA.prefix, OA.suffix) for text in rdf.objects(None, quote))


@pytest.mark.parametrize("option", [{"quotes": "all"}, {"evidence": "some"}])
def test_an_unknown_choice_is_refused(graph, option):
    with pytest.raises(ValueError, match=next(iter(option.values()))):
        kg.to_rdf(graph, **option)


def test_a_result_has_value_number_and_unit(graph):
    rdf = kg.to_rdf(graph)
    (result,) = rdf.subjects(RDF.type, KG.Result)
    assert rdf.value(result, KG.printedValue) == Literal("2.5")
    assert rdf.value(result, KG.number) == Literal("2.5", datatype=XSD.decimal)
    assert (str(rdf.value(result, SDO.unitCode)), str(rdf.value(result, SDO.unitText))) == ("P1", "%")


def test_a_paper_tells_its_source_and_its_text(graph):
    rdf = kg.to_rdf(graph)
    assert rdf.value(iri("paper/owl"), DC.source) == Literal("owls.txt:3")
    assert (rdf.value(iri("paper/owl"), KG.text), RDF.type, KG.Text) in rdf


def test_what_is_known_besides_the_texts_is_told():
    graph = nx.MultiDiGraph()
    external = ["http://www.wikidata.org/entity/Q1", "no iri"]
    graph.add_node("dataset:a", kind="dataset", label="A", papers=1, homepage="https://a.example/x y", external=external)
    graph.add_node("dataset:a-2", kind="dataset", label="A-2", papers=1)
    graph.add_edge("dataset:a-2", "dataset:a", "variant_of", relation="variant_of", reason="a number behind")
    graph.add_node("metric:m", kind="metric", label="m", papers=1, higher_is_better=False)
    address = {"url": "https://github.com/a/b", "host": "github.com", "owner": "a", "repository": "b"}
    graph.add_node("url:https://github.com/a/b", kind="url", label="github.com/a/b", papers=1, **address)
    rdf = kg.to_rdf(graph)
    assert list(rdf.objects(iri("dataset/a"), FOAF.page)) == [URIRef("https://a.example/x%20y")]
    assert list(rdf.objects(iri("dataset/a"), SKOS.exactMatch)) == [URIRef(external[0])]
    assert (iri("dataset/a-2"), KG.variantOf, iri("dataset/a")) in rdf
    assert not list(rdf.subjects(RDF.type, KG.Assertion))
    assert list(rdf.objects(iri("metric/m"), KG.higherIsBetter)) == [Literal(False)]
    page = URIRef("https://github.com/a/b")
    assert [str(rdf.value(page, term)) for term in (KG.host, KG.owner, KG.repository)] == ["github.com", "a", "b"]
    assert rdf.value(page, SDO.url) == Literal("https://github.com/a/b", datatype=XSD.anyURI)


def test_no_triple_comes_twice_so_that_a_stream_needs_no_memory(example_graph):
    triples = [triple for part in parts(example_graph, Content(), base_iri=BASE_IRI) for triple in part]
    assert len(triples) == len(set(triples))
