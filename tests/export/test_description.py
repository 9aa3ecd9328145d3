"""What an export says of itself, and how it came about."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from importlib.metadata import version

import networkx as nx
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV, RDF, SDO, VOID, XSD

import kg
from kg.export.vocabulary import KG, MLS
from kg.schema import Run, SourceFile

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
ROWS = [
    {"title": "Owl", "abstract": "We present Owl, a model for sorting."},
    {"title": "Cat", "abstract": "Cats use ImageNet."},
]


@pytest.fixture
def sources(tmp_path):
    paths = [tmp_path / name for name in ("b.jsonl", "a.jsonl")]
    for path, row in zip(paths, ROWS, strict=True):
        path.write_text(json.dumps(row), encoding="utf-8")
    return paths


def build(*arguments, **environment):
    command = [sys.executable, "-m", "kg", "build", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


def test_an_export_counts_what_it_holds(example_graph):
    rdf = kg.to_rdf(example_graph)
    (export,) = rdf.subjects(DCTERMS.title, Literal("Knowledge graph of papers"))
    assert {VOID.Dataset, DCAT.Dataset} == set(rdf.objects(export, RDF.type))
    assert rdf.value(export, VOID.entities) == Literal(len(example_graph))
    for part in rdf.objects(export, VOID.classPartition):
        members = set(rdf.subjects(RDF.type, rdf.value(part, VOID["class"])))
        assert rdf.value(part, VOID.entities).toPython() == len(members) > 0
    for part in rdf.objects(export, VOID.propertyPartition):
        said = list(rdf.subject_objects(rdf.value(part, VOID.property)))
        assert rdf.value(part, VOID.triples).toPython() == len(said) > 0
    relations = Counter(relation for _, _, relation in example_graph.edges(keys=True))
    assert len(list(rdf.objects(export, VOID.propertyPartition))) == len(relations)


def test_an_export_says_how_much_it_holds_and_under_which_licence(example_graph):
    plain = kg.to_rdf(example_graph)
    licensed = kg.to_rdf(example_graph, quotes="none", license=LICENSE)
    (one,), (other,) = (list(rdf.subjects(RDF.type, VOID.Dataset)) for rdf in (plain, licensed))
    assert one != other
    assert (one, DCTERMS.license, None) not in plain
    assert licensed.value(other, DCTERMS.license) == URIRef(LICENSE)
    assert (other, KG.parameter, Literal("quotes=none")) in licensed


def test_what_is_no_licence_is_refused(example_graph, tmp_path):
    with pytest.raises(kg.KgError, match="no IRI of a licence"):
        kg.write_rdf(example_graph, tmp_path / "g.ttl", license="CC BY 4.0")
    assert not (tmp_path / "g.ttl").exists()


def test_a_graph_of_hands_own_has_no_run():
    graph = nx.MultiDiGraph()
    graph.add_node("method:a", kind="method", label="A", papers=1)
    rdf = kg.to_rdf(graph)
    assert list(rdf.subjects(RDF.type, VOID.Dataset))
    assert not list(rdf.subjects(RDF.type, PROV.Activity))


def test_the_run_names_software_model_and_sources(sources, tmp_path):
    assert build(*sources, "-o", tmp_path / "out", "--min-score", "0.1").returncode == 0
    rdf = Graph().parse(tmp_path / "out" / "graph.ttl")
    (run,) = rdf.subjects(RDF.type, PROV.Activity)
    assert next(rdf.subjects(PROV.wasGeneratedBy, run)) in set(rdf.subjects(RDF.type, VOID.Dataset))
    software = rdf.value(run, PROV.wasAssociatedWith)
    assert (str(rdf.value(software, SDO.name)), str(rdf.value(software, SDO.softwareVersion))) == (
        "paper-kg",
        version("paper-kg"),
    )
    used = {str(rdf.value(entity, SDO.name)): str(rdf.value(entity, SDO.sha256)) for entity in rdf.objects(run, PROV.used)}
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}.items() <= used.items()
    (model,) = rdf.subjects(RDF.type, MLS.Model)
    assert len(used["paper_kg"]) == 64 and rdf.value(model, SDO.version)
    assert set(rdf.objects(run, KG.parameter)) == {Literal("min_score=0.1")}
    assert not list(rdf.objects(run, PROV.startedAtTime))


def test_the_run_depends_on_content_alone(sources, tmp_path):
    for name, given, jobs in (("one", sources, 1), ("two", sources[::-1], 2)):
        assert build(*given, "-o", tmp_path / name, "--jobs", jobs, PYTHONHASHSEED=str(jobs)).returncode == 0
    for path in (tmp_path / "one").glob("graph.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_times_are_told_when_asked_for(sources, tmp_path):
    assert build(sources[0], "-o", tmp_path / "out", "--timestamps").returncode == 0
    rdf = Graph().parse(tmp_path / "out" / "graph.ttl")
    (run,) = rdf.subjects(RDF.type, PROV.Activity)
    started, ended = rdf.value(run, PROV.startedAtTime), rdf.value(run, PROV.endedAtTime)
    assert started.datatype == XSD.dateTime and started.toPython() <= ended.toPython()
    assert kg.validate(tmp_path / "out" / "graph.ttl") == []


def test_the_options_of_rdf_are_those_of_the_command(sources, tmp_path):
    options = ["--evidence", "edges", "--quotes", "none", "--with-abstracts", "--license", LICENSE]
    assert build(*sources, "-o", tmp_path / "out", *options).returncode == 0
    graph = kg.load(tmp_path / "out" / "graph.json")
    kg.write_rdf(graph, tmp_path / "g.ttl", evidence="edges", quotes="none", with_abstracts=True, license=LICENSE)
    assert (tmp_path / "g.ttl").read_bytes() == (tmp_path / "out" / "graph.ttl").read_bytes()
    refused = build(*sources, "-o", tmp_path / "out", "--license", "mine")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_python_users_get_what_is_known(sources):
    run = Run.from_dict(kg.build(kg.read(sources)).graph["run"])
    assert run.model and run.model.name == "paper_kg"
    assert run.sources == (SourceFile("a.jsonl"), SourceFile("b.jsonl"))
    other = Run.from_dict(kg.build(kg.extract(kg.read(sources[:1]))).graph["run"])
    assert other.model is None
    assert other.papers != run.papers


def test_the_run_survives_being_written(tmp_path):
    graph = kg.build(kg.read(ROWS))
    kg.write_json(graph, tmp_path / "graph.json")
    assert kg.load(tmp_path / "graph.json").graph == graph.graph
    run = Run.from_dict(graph.graph["run"])
    assert Run.from_dict(run.as_dict()) == run
