import re
import shutil
import subprocess
from decimal import Decimal

import networkx as nx
import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF, SDO, XSD

import kg
from kg.export.triples import BASE_IRI, node_iri
from kg.export.vocabulary import KG, OA
from kg.schema import Kind, Relation


@pytest.fixture(scope="module")
def turtle(example_graph, tmp_path_factory):
    path = tmp_path_factory.mktemp("rdf") / "graph.ttl"
    kg.write_rdf(example_graph, path)
    return path


def test_what_is_written_is_what_to_rdf_gives(example_graph, turtle):
    assert isomorphic(Graph().parse(turtle), kg.to_rdf(example_graph))


@pytest.mark.parametrize(
    "command",
    [["rapper", "-q", "-i", "turtle", "-o", "ntriples"], ["serdi", "-i", "turtle", "-o", "ntriples"]],
    ids=["rapper", "serdi"],
)
def test_other_parsers_read_the_same_triples(turtle, command):
    if not shutil.which(command[0]):
        pytest.skip(f"needs {command[0]} (Debian: raptor2-utils, serdi)")
    printed = subprocess.run([*command, str(turtle)], capture_output=True, check=True)
    assert printed.stderr == b""
    assert isomorphic(Graph().parse(data=printed.stdout, format="nt"), Graph().parse(turtle))


def test_there_are_no_blank_nodes_and_no_foreign_terms_of_ours(example_graph):
    for triple in kg.to_rdf(example_graph):
        assert all(isinstance(term, URIRef | Literal) for term in triple)


def test_every_relation_has_its_term():
    for relation in Relation:
        first, *rest = relation.split("_")
        assert KG[first + "".join(word.capitalize() for word in rest)]
    with pytest.raises(AttributeError):
        KG.hasNoSuchTerm  # noqa: B018


def test_an_assertion_leads_to_the_words(example_graph):
    rdf = kg.to_rdf(example_graph)
    paper, method = URIRef(f"{BASE_IRI}paper/arxiv-1505.04597"), URIRef(f"{BASE_IRI}method/u-net")
    assert (paper, KG.proposes, method) in rdf
    (assertion,) = set(rdf.subjects(RDF.subject, paper)) & set(rdf.subjects(RDF.object, method))
    target = next(rdf.objects(next(rdf.subjects(OA.hasBody, assertion)), OA.hasTarget))
    (quotation,) = (exact for selector in rdf.objects(target, OA.hasSelector) for exact in rdf.objects(selector, OA.exact))
    assert str(quotation) in {"U-Net", example_graph.nodes["method:u-net"]["label"]}


def test_abstracts_stay_out(example_graph, turtle):
    text = turtle.read_text(encoding="utf-8")
    assert not any(data.get("abstract") and data["abstract"][:80] in text for _, data in example_graph.nodes(data=True))


@pytest.mark.parametrize(("date", "type"), [("2017", XSD.gYear), ("2017-06", XSD.gYearMonth), ("2017-06-12", XSD.date)])
def test_dates_keep_their_precision(date, type):
    graph = kg.build(kg.read({"title": "T", "date": date}))
    (issued,) = kg.to_rdf(graph).objects(None, DCTERMS.issued)
    assert (str(issued), issued.datatype) == (date, type)


def test_numbers_are_written_without_exponent():
    graph = nx.MultiDiGraph()
    graph.add_node("result:1", kind="result", label="x", papers=1, value="0.00000001", number=1e-8, percent=False)
    assert "1E" not in kg.to_rdf(graph).serialize()
    assert next(kg.to_rdf(graph).objects(None, KG.number)).toPython() == pytest.approx(Decimal("1e-8"))


def test_the_base_is_the_users(example_graph, tmp_path):
    kg.write_rdf(example_graph, tmp_path / "g.ttl", base_iri="https://library.example/kg/")
    text = (tmp_path / "g.ttl").read_text(encoding="utf-8")
    assert "https://library.example/kg/paper/" in text
    assert BASE_IRI not in text
    assert str(KG) in text


names = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1)


@given(
    names, names, st.sampled_from(["arxiv", "doi", "paper"]), st.sampled_from(["https://a.org/", "https://", "http://a.org:"])
)
def test_strange_names_survive_the_round_trip(tmp_path_factory, title, name, scheme, address):
    graph = nx.MultiDiGraph()
    graph.add_node(f"{scheme}:{name}", kind="paper", label=title, papers=1, extra={"doi": f"10.1000/{name}"})
    graph.add_node("method:x", kind="method", label=name, aliases={title: 1}, papers=1)
    graph.add_node(f"url:{address}{name}", kind="url", label=name, url=f"{address}{name}", papers=1)
    path = tmp_path_factory.getbasetemp() / "strange.ttl"
    kg.write_rdf(graph, path)
    assert isomorphic(Graph().parse(path), kg.to_rdf(graph))


@pytest.mark.parametrize("base", ["", "urn:x:", "https://library.example/kg", "http://a b/", "kg/"])
def test_what_cannot_be_a_base_is_refused(base):
    with pytest.raises(kg.KgError, match="can't be a base IRI"):
        kg.to_rdf(nx.MultiDiGraph(), base_iri=base)


def test_papers_can_be_joined_by_their_identifiers():
    graph = kg.build(kg.read({"title": "T", "arxiv": "1706.03762", "doi": "10.1000/X"}))
    rdf = kg.to_rdf(graph)
    assert {str(page) for page in rdf.objects(None, SDO.sameAs)} == {
        "https://arxiv.org/abs/1706.03762",
        "https://doi.org/10.1000/x",
    }
    assert [str(identifier) for identifier in rdf.objects(None, DCTERMS.identifier)] == ["arxiv:1706.03762"]


def test_a_doi_that_is_none_leads_nowhere():
    rdf = kg.to_rdf(kg.build(kg.read({"title": "T", "arxiv": "1706.03762", "doi": "N/A"})))
    assert [str(page) for page in rdf.objects(None, SDO.sameAs)] == ["https://arxiv.org/abs/1706.03762"]


@given(names, st.sampled_from([kind for kind in Kind if kind is not Kind.URL]))
def test_prefixed_names_need_no_backslash(name, kind):
    """Virtuoso 7's loader keeps backslashes in local names, silently making other IRIs."""
    iri = node_iri(f"{kind}:{name}", {"kind": kind})
    node = pyoxigraph.NamedNode(iri)
    written = pyoxigraph.serialize(
        [pyoxigraph.Triple(node, node, node)], format=pyoxigraph.RdfFormat.TURTLE, prefixes={"x": f"{BASE_IRI}{kind}/"}
    ).decode()
    assert "\\" not in written
    assert re.fullmatch(r"https://paper-kg\.example/id/\w+/[\w.~-]+", iri)
