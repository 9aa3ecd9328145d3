"""`kg validate`: what we write conforms, what is broken is named."""

import subprocess
import sys

import networkx as nx
import pyoxigraph
import pytest

import kg
from kg.export.validate import Violation, validate

BASE = "https://paper-kg.example/id/"


@pytest.fixture(scope="module")
def turtle(example_graph, tmp_path_factory):
    path = tmp_path_factory.mktemp("valid") / "graph.ttl"
    kg.write_rdf(example_graph, path)
    return path


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"evidence": "none"},
        {"evidence": "edges"},
        {"quotes": "none"},
        {"quotes": "sentence", "with_abstracts": True, "license": "https://creativecommons.org/licenses/by/4.0/"},
    ],
    ids=str,
)
def test_every_kind_of_export_conforms(example_graph, tmp_path, options):
    kg.write_rdf(example_graph, tmp_path / "graph.ttl", **options)
    assert validate(tmp_path / "graph.ttl") == []


def test_an_empty_graph_conforms(tmp_path):
    kg.write_rdf(kg.build([]), tmp_path / "graph.ttl")
    assert validate(tmp_path / "graph.ttl") == []


def test_what_the_graph_may_know_besides_conforms(tmp_path):
    graph = nx.MultiDiGraph()
    known = {"homepage": "https://example.org/resnet", "external": ["http://www.wikidata.org/entity/Q1"]}
    graph.add_node("method:resnet", kind="method", label="ResNet", papers=2, aliases={"ResNets": 1}, **known)
    graph.add_node("method:resnet-50", kind="method", label="ResNet-50", papers=0)
    graph.add_edge("method:resnet-50", "method:resnet", "variant_of", relation="variant_of", reason="a number behind")
    graph.add_node("metric:error", kind="metric", label="error", papers=1, higher_is_better=False)
    address = {"url": "https://github.com/a/b", "host": "github.com", "owner": "a", "repository": "b"}
    graph.add_node("url:https://github.com/a/b", kind="url", label="github.com/a/b", papers=1, **address)
    kg.write_rdf(graph, tmp_path / "graph.ttl")
    assert validate(tmp_path / "graph.ttl") == []


def test_two_spellings_of_an_address_that_are_one_iri_conform(tmp_path):
    graph = nx.MultiDiGraph()
    for papers, address in enumerate(("https://a.example/x y", "https://a.example/x%20y")):
        graph.add_node(f"url:{address}", kind="url", label=address, url=address, papers=papers)
    kg.write_rdf(graph, tmp_path / "graph.ttl")
    assert validate(tmp_path / "graph.ttl") == []


PREFIXES = f"""
@prefix kg: <https://paper-kg.example/vocabulary#> .
@prefix a: <{BASE}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
a:fine a kg:Method ; skos:prefLabel "Fine" ; kg:paperCount 1 .
"""
NAMED = 'skos:prefLabel "x" ; kg:paperCount 1'


@pytest.mark.parametrize(
    ("broken", "node", "path"),
    [
        ("a:x a kg:Paper ; dcterms:identifier 'paper:x' .", "x", "dcterms:title"),
        ("a:x a kg:Paper ; dcterms:issued 'soon' .", "x", "dcterms:issued"),
        ("a:x a kg:Paper ; kg:uses a:nothing .", "x", "kg:uses"),
        (f"a:x a kg:Task ; {NAMED} . a:p a kg:Paper ; kg:proposes a:x .", "p", "kg:proposes"),
        (f"a:x a kg:Method , kg:Dataset ; {NAMED} .", "x", ""),
        (f"a:x a kg:Method ; {NAMED} , 'y' .".replace("1 , 'y'", "1 ; skos:prefLabel 'y'"), "x", "skos:prefLabel"),
        (f"a:x a kg:Task ; {NAMED} ; skos:altLabel 'x' .", "x", "skos:altLabel"),
        ("a:x a kg:Dataset ; skos:prefLabel 'x' ; kg:paperCount 'many' .", "x", "kg:paperCount"),
        (f"a:x a kg:Dataset ; {NAMED} ; kg:variantOf a:fine .", "x", "kg:variantOf"),
        (f"a:x a kg:Metric ; {NAMED} ; kg:higherIsBetter 'yes' .", "x", "kg:higherIsBetter"),
        (f"a:x a kg:Result ; {NAMED} ; kg:printedValue '3' .", "x", "kg:number"),
        (f"a:x a kg:Result ; {NAMED} ; schema:unitCode '%' .", "x", "schema:unitCode"),
        (f"a:x a kg:Url ; {NAMED} .", "x", "schema:url"),
        ("a:x a kg:Author .", "x", "skos:prefLabel"),
        ("a:x a kg:Venue ; skos:prefLabel 'x' .", "x", "kg:paperCount"),
        ("a:x a kg:Organization ; skos:prefLabel 3 .", "x", "skos:prefLabel"),
        ("a:x a kg:Text .", "x", "^kg:text"),
        ("a:x a kg:Assertion ; rdf:subject a:p ; rdf:predicate kg:uses ; rdf:object a:fine .", "x", ""),
        ("a:x a kg:Assertion ; rdf:predicate kg:text .", "x", "rdf:predicate"),
        ("a:x a kg:Assertion ; kg:bestScore 1.5 .", "x", "kg:bestScore"),
        ("a:x a oa:Annotation ; oa:hasBody a:fine .", "x", "oa:hasBody"),
        ("a:x a oa:SpecificResource .", "x", "oa:hasSource"),
        ("a:x a oa:TextPositionSelector ; oa:start 7 ; oa:end 3 .", "x", "oa:start"),
        ("a:x a oa:TextQuoteSelector .", "x", "oa:exact"),
        ("a:x a void:Dataset .", "x", "dcterms:title"),
        ("a:x a prov:Activity .", "x", "prov:wasAssociatedWith"),
        ("a:x a prov:SoftwareAgent .", "x", "schema:softwareVersion"),
        ("a:x a prov:Entity ; schema:name 'x' ; schema:sha256 'abc' .", "x", "schema:sha256"),
    ],
)
def test_what_is_broken_is_named(tmp_path, broken, node, path):
    file = tmp_path / "broken.ttl"
    file.write_text(PREFIXES + broken, encoding="utf-8")
    found = validate(file)
    assert (f"{BASE}{node}", path) in {(violation.node, violation.path) for violation in found}
    assert f"{BASE}fine" not in {violation.node for violation in found}
    assert all(violation.rule for violation in found)


def test_the_same_rule_broken_once_is_told_once(tmp_path):
    (tmp_path / "x.ttl").write_text(PREFIXES + "a:x a kg:Author ; skos:prefLabel 'x' ; kg:paperCount 'many' .")
    rule = "has one number of papers, an integer from 0"
    assert validate(tmp_path / "x.ttl") == [Violation(f"{BASE}x", "kg:paperCount", '"many"', rule)]


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "kg", "validate", *map(str, arguments)], capture_output=True, text=True)


def test_the_command_says_in_words_what_is_wrong(turtle, tmp_path):
    assert run(turtle).returncode == 0
    lines = [line for line in turtle.read_text(encoding="utf-8").splitlines() if "dcterms:identifier" not in line]
    (tmp_path / "cut.ttl").write_text("\n".join(lines), encoding="utf-8")
    told = run(tmp_path / "cut.ttl", "--max", "1")
    assert told.returncode == 1
    assert told.stdout.startswith(f"{BASE}paper/arxiv-1301.3781\n  dcterms:identifier missing: a paper has one identifier")
    assert "other nodes" in told.stdout


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bad.ttl", "<http://a> <http://b> <http://c> .\n<http://a> .", "bad.ttl:2: "),
        ("bad.nt", "nothing", "bad.nt:1: "),
        ("page.html", "<html>", "no RDF format"),
        ("absent.ttl", None, "No such file"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    told = run(tmp_path / name)
    assert told.returncode == 2
    assert said in told.stderr
    assert told.stderr.count("\n") == 1


def test_other_formats_are_checked_the_same(example_graph, tmp_path):
    kg.write_rdf(example_graph, tmp_path / "graph.ttl", evidence="none")
    quads = list(pyoxigraph.parse(path=tmp_path / "graph.ttl"))
    for suffix in ("nt", "nq", "trig", "rdf", "jsonld"):
        file = tmp_path / f"graph.{suffix}"
        pyoxigraph.serialize((quad.triple for quad in quads), file, pyoxigraph.RdfFormat.from_extension(suffix))
        assert validate(file) == []
