"""The vocabulary: its ontology, the terms that the code knows, and those of others that both use."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DC, DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VOID, XSD

import kg
from kg.export.triples import predicate
from kg.export.vocabulary import FABIO, KG, MLS, OA
from kg.schema import Relation

FILE = Path(kg.__file__).parent / "export" / "ontology.ttl"
SHAPES = FILE.with_name("shapes.ttl")
KINDS = "Paper Method Dataset Task Metric Result Url Author Venue Organization Text Assertion".split()
CLOSED = (DC, DCAT, DCTERMS, FABIO, FOAF, KG, MLS, OA, OWL, PROV, RDF, RDFS, SDO, SKOS, VOID, XSD)
INCONSISTENT = URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")


@pytest.fixture(scope="module")
def ontology():
    return Graph().parse(FILE)


def ours(ontology):
    return {term for term in ontology.subjects() if isinstance(term, URIRef) and term in KG}


def test_ontology_and_code_know_the_same_terms(ontology):
    assert {str(term) for term in ours(ontology)} == {str(KG[name]) for name in KG.__annotations__ if name[0] != "_"}


def test_each_term_is_labelled_commented_and_placed(ontology):
    for term in ours(ontology):
        for needed in (RDFS.label, RDFS.comment, RDFS.isDefinedBy):
            assert (term, needed, None) in ontology, (term, needed)
        if (term, RDF.type, OWL.Class) not in ontology:
            assert (term, RDFS.domain, None) in ontology and (term, RDFS.range, None) in ontology, term


@pytest.mark.parametrize("path", [FILE, SHAPES], ids=["ontology", "shapes"])
def test_each_term_of_others_is_one_that_they_published(path):
    namespaces = {str(namespace): namespace for namespace in CLOSED}
    for term in {term for triple in Graph().parse(path) for term in triple if isinstance(term, URIRef)}:
        base = max((base for base in namespaces if term.startswith(base)), key=len, default=None)
        if base:
            assert term in namespaces[base] or str(term) == base, term


@pytest.mark.parametrize("path", [FILE, SHAPES], ids=["ontology", "shapes"])
@pytest.mark.parametrize(
    "command", [["rapper", "-q", "-i", "turtle", "-o", "ntriples"], ["serdi", "-i", "turtle", "-o", "ntriples"]]
)
def test_other_parsers_read_the_same(path, command):
    if not shutil.which(command[0]):
        pytest.skip(f"needs {command[0]} (Debian: raptor2-utils, serdi)")
    printed = subprocess.run([*command, str(path)], capture_output=True, check=True).stdout
    assert isomorphic(Graph().parse(data=printed, format="nt"), Graph().parse(path))


def test_the_shapes_cover_each_class_and_know_each_relation(ontology):
    shapes = Graph().parse(SHAPES)
    classes = {term for term in ours(ontology) if (term, RDF.type, OWL.Class) in ontology}
    assert classes == {KG[kind] for kind in KINDS} <= set(shapes.objects(None, SH.targetClass))
    (choices,) = (shapes.value(shape, SH["in"]) for shape in shapes.subjects(SH.path, RDF.predicate))
    assert set(shapes.items(choices)) == {predicate(relation) for relation in Relation}
    (query,) = (str(text) for text in shapes.objects(None, SH.select) if "COUNT" in text)
    assert set(re.findall(r"kg:(\w+)", query)) == set(KINDS)


def test_each_term_of_others_that_we_write_is_one_that_they_published(example_graph):
    written = kg.to_rdf(example_graph, quotes="sentence", with_abstracts=True)
    terms = set(written.predicates()) | set(written.objects(None, RDF.type))
    assert len(terms) > 50
    for term in terms:
        assert any(term in namespace for namespace in CLOSED), term


def closure_errors(ontology, data):
    merged = Graph()
    for triple in (*ontology, *data):
        merged.add(triple)
    DeductiveClosure(OWLRL_Semantics).expand(merged)
    return [str(text) for error in merged.subjects(RDF.type, INCONSISTENT) for text in merged.objects(error)]


def test_an_owl_reasoner_finds_no_contradiction_in_what_we_write(ontology, example_graph):
    assert closure_errors(ontology, kg.to_rdf(example_graph, evidence="none")) == []


def test_nor_in_the_evidence(ontology, example_graph):
    """Of four papers: that of all takes most of a minute."""
    papers = [node for node, kind in example_graph.nodes(data="kind") if kind == "paper"][:4]
    near = {*papers, *(end for edge in example_graph.edges(papers) for end in edge)}
    near |= {end for node in near for _, end in example_graph.out_edges(node)}
    assert closure_errors(ontology, kg.to_rdf(example_graph.subgraph(near))) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "Method"])
def test_an_owl_reasoner_finds_the_contradiction_of_two_kinds(ontology, kind):
    node = URIRef("https://example.org/x")
    assert closure_errors(ontology, [(node, RDF.type, KG.Method), (node, RDF.type, KG[kind])])


def test_an_owl_reasoner_finds_the_contradiction_of_a_relation_between_the_wrong_kinds(ontology):
    paper, task = URIRef("https://example.org/p"), URIRef("https://example.org/t")
    assert closure_errors(ontology, [(paper, KG.proposes, task), (task, RDF.type, KG.Task)])


def test_what_follows_is_what_others_ask_for(ontology):
    paper, result = URIRef("https://example.org/p"), URIRef("https://example.org/r")
    merged = ontology + Graph()
    merged.add((paper, KG.addresses, URIRef("https://example.org/t")))
    merged.add((result, KG.number, Literal("92.0", datatype=XSD.decimal)))
    DeductiveClosure(OWLRL_Semantics).expand(merged)
    assert (paper, RDF.type, FABIO.ScholarlyWork) in merged
    assert (paper, SDO.about, URIRef("https://example.org/t")) in merged
    assert (URIRef("https://example.org/t"), RDF.type, MLS.Task) in merged
    assert (result, RDF.type, MLS.ModelEvaluation) in merged
    assert (result, MLS.hasValue, None) in merged
