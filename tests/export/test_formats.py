"""The RDF formats: what each holds, that others read the same from it, and which bytes are written."""

import json
import os
import shutil
import subprocess
import sys

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat
from rdflib import Dataset

import kg
from kg.export.syntaxes import Syntax
from kg.export.triples import node_iri
from kg.papers import clean

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
WITH_GRAPHS = (Syntax.N_QUADS, Syntax.TRIG)
texts = st.text(st.characters(blacklist_categories=("Cs",)) | st.sampled_from("\n\r\t\"'\\{}<>&"), min_size=1).map(clean)


def triples(path):
    return {quad.triple for quad in pyoxigraph.parse(path=path)}


def quads_of(text):
    return set(pyoxigraph.parse(text, RdfFormat.N_QUADS))


def in_rdflib(path):
    """What rdflib reads, as Oxigraph's quads: there are no blank nodes, so equal sets are isomorphic graphs."""
    dataset = Dataset()
    dataset.parse(path, format={"rdf": "xml", "jsonld": "json-ld", "nq": "nquads"}.get(path.suffix[1:], path.suffix[1:]))
    return quads_of(dataset.serialize(format="nquads"))


def expected(graph):
    return {quad.triple for quad in quads_of(kg.to_rdf(graph).serialize(format="nt"))}


@pytest.fixture(scope="module", params=list(Syntax))
def written(request, example_graph, tmp_path_factory):
    path = tmp_path_factory.mktemp("formats") / f"graph.{request.param}"
    kg.write_rdf(example_graph, path)
    return path


def test_each_format_holds_the_same_triples(written, example_graph):
    assert triples(written) == expected(example_graph)


def test_rdflib_reads_the_same(written):
    assert in_rdflib(written) == set(pyoxigraph.parse(path=written))


RAPPER = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig", "rdf": "rdfxml"}
SERDI = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig"}


def by_program(program, path):
    """What another program reads; it must say nothing on standard error."""
    names = RAPPER if program == "rapper" else SERDI
    if not shutil.which(program):
        pytest.skip(f"needs {program} (Debian: raptor2-utils, serdi)")
    if path.suffix[1:] not in names:
        pytest.skip(f"{program} has no parser for {path.suffix}")
    options = ["-q"] if program == "rapper" else []
    command = [program, *options, "-i", names[path.suffix[1:]], "-o", "nquads", str(path)]
    printed = subprocess.run(command, capture_output=True, check=True)
    assert printed.stderr == b""
    return quads_of(printed.stdout)


@pytest.mark.parametrize("program", ["rapper", "serdi"])
def test_other_parsers_read_the_same(written, program):
    assert by_program(program, written) == set(pyoxigraph.parse(path=written))


@pytest.mark.parametrize("program", ["rapper", "serdi"])
@pytest.mark.parametrize("syntax", list(Syntax))
def test_other_parsers_read_nasty_names(tmp_path, nasty_graph, program, syntax):
    kg.write_rdf(nasty_graph, tmp_path / f"nasty.{syntax}")
    assert by_program(program, tmp_path / f"nasty.{syntax}") == set(pyoxigraph.parse(path=tmp_path / f"nasty.{syntax}"))


@settings(max_examples=20)
@given(st.lists(texts, min_size=1, max_size=3, unique=True))
def test_any_names_survive_in_every_format(tmp_path_factory, graph_of, names):
    graph = graph_of(names)
    for syntax in Syntax:
        path = tmp_path_factory.getbasetemp() / f"any.{syntax}"
        kg.write_rdf(graph, path)
        assert triples(path) == expected(graph)
        assert in_rdflib(path) == set(pyoxigraph.parse(path=path))


def test_nasty_names_survive_in_every_format(tmp_path, nasty_graph):
    for syntax in Syntax:
        kg.write_rdf(nasty_graph, tmp_path / f"nasty.{syntax}")
        labels = {
            triple.object.value
            for triple in triples(tmp_path / f"nasty.{syntax}")
            if triple.predicate.value.endswith("prefLabel")
        }
        assert labels >= {data["label"] for _, data in nasty_graph.nodes(data=True)}


def test_the_same_graph_gives_the_same_bytes(example_graph, written, tmp_path):
    """Also in a process that iterates sets in another order."""
    kg.write_json(example_graph, tmp_path / "graph.json")
    code = f"import kg; kg.write_rdf(kg.load('graph.json'), 'again{written.suffix}')"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": "7"}, check=True)
    assert (tmp_path / f"again{written.suffix}").read_bytes() == written.read_bytes()


def test_turtle_is_sorted_and_grouped_by_subject(example_graph, tmp_path):
    kg.write_rdf(example_graph, tmp_path / "g.ttl")
    subjects = [quad.subject.value for quad in pyoxigraph.parse(path=tmp_path / "g.ttl")]
    groups = [subject for subject, previous in zip(subjects, [None, *subjects], strict=False) if subject != previous]
    nodes = {str(node_iri(node, data)) for node, data in example_graph.nodes(data=True)}
    assert len(groups) == len(set(subjects))
    assert [subject for subject in groups if subject in nodes] == sorted(nodes)


def test_the_suffix_or_the_name_tells_the_format(tmp_path, graph_of):
    graph = graph_of(["x"])
    kg.write_rdf(graph, tmp_path / "data.txt", format="nt")
    kg.write_rdf(graph, tmp_path / "data.NT")
    assert (tmp_path / "data.txt").read_bytes() == (tmp_path / "data.NT").read_bytes()
    with pytest.raises(
        kg.KgError, match=r"data\.txt: no RDF format is called 'txt' \(choose from ttl, nt, nq, trig, jsonld, rdf"
    ):
        kg.write_rdf(graph, tmp_path / "data.txt")


def test_json_ld_is_compact_and_explains_itself(example_graph, tmp_path):
    kg.write_rdf(example_graph, tmp_path / "g.jsonld")
    document = json.loads((tmp_path / "g.jsonld").read_bytes())
    nodes = {node["@id"]: node for node in document["@graph"]}
    assert nodes["method:u-net"]["skos:prefLabel"] == "U-Net"
    assert nodes["paper:arxiv-1505.04597"]["kg:proposes"] == "method:u-net"
    assert document["@context"]["kg"].endswith("vocabulary#")


def graphs_of(path):
    found = {}
    for quad in pyoxigraph.parse(path=path):
        found.setdefault(quad.graph_name, set()).add(quad.triple)
    return found


@pytest.mark.parametrize("syntax", WITH_GRAPHS)
def test_each_source_is_a_graph_with_what_its_papers_say(tmp_path, syntax):
    papers = {
        "one.jsonl": {"title": "SparseNet", "abstract": "We propose SparseNet, evaluated on ImageNet."},
        "two.jsonl": {"title": "DenseNet", "abstract": "We propose DenseNet, evaluated on ImageNet."},
    }
    for name, row in papers.items():
        (tmp_path / name).write_text(json.dumps(row), encoding="utf-8")
    graph = kg.build(kg.read([tmp_path / name for name in papers]))
    graph.add_node("method:unattested", kind="method", label="unattested", papers=0)
    kg.write_rdf(graph, tmp_path / f"g.{syntax}")
    graphs = graphs_of(tmp_path / f"g.{syntax}")
    one, two = (graphs[NamedNode(f"https://paper-kg.example/id/source/{name}")] for name in papers)
    assert set(graphs) == {DefaultGraph(), *(NamedNode(f"https://paper-kg.example/id/source/{name}") for name in papers)}
    about = {name: NamedNode(node_iri(name, graph.nodes[name])) for name in graph}
    assert {triple for triple in one if triple.subject == about["dataset:imagenet"]} <= one & two
    described = [{triple.subject for triple in triples} for triples in (one, two, graphs[DefaultGraph()])]
    papers = {about[node] for node, kind in graph.nodes(data="kind") if kind == "paper"}
    assert [len(subjects & papers) for subjects in described] == [1, 1, 0]
    assert described[2] & set(about.values()) == {about["method:unattested"]}


def test_a_relation_of_two_sources_is_told_in_both(tmp_path, graph_of):
    graph = graph_of(["a", "b"])
    graph.add_edge(
        "method:a", "dataset:b", "on", relation="evaluated_on", inferred=True, weight=2, papers=["arxiv:0", "arxiv:1"]
    )
    kg.write_rdf(graph, tmp_path / "g.nq")
    graphs = graphs_of(tmp_path / "g.nq")
    one, two = (found for name, found in graphs.items() if name != DefaultGraph())
    method, dataset = (NamedNode(node_iri(node, graph.nodes[node])) for node in ("method:a", "dataset:b"))
    relation = {triple for triple in one & two if (triple.subject, triple.object) == (method, dataset)}
    assert len(relation) == 1
    assert set().union(*graphs.values()) == expected(graph)


def test_n_triples_need_no_memory_for_the_triples(tmp_path, graph_of):
    """A hundred thousand triples, three nodes."""
    kg.write_json(graph_of(["x"]), tmp_path / "g.json")
    code = """if True:
        import kg, resource
        graph = kg.load("g.json")
        kg.write_rdf(graph, "warm.nt")
        item = {"paper": "arxiv:0", "score": 0.5}
        graph.edges["arxiv:0", "method:x", "uses"]["evidence"] = [item | {"start": n, "end": n + 3} for n in range(10_000)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kg.write_rdf(graph, "many.nt")
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (tmp_path / "many.nt").stat().st_size > 15_000_000
    assert int(done.stdout) < 4_000  # kilobytes
