import subprocess
import sys
from inspect import isfunction

import networkx as nx
import pytest

import kg
from kg.graph.resolve import AbbreviationRules
from kg.nlp import fingerprint, load
from kg.sources import example
from kg.store import Store


def test_every_public_name_is_there():
    assert all(getattr(kg, name) for name in kg.__all__)
    assert {"read", "extract", "build", "load", "to_rdf", "write_rdf", "write_html"} <= set(kg.__all__)


def test_every_public_function_shows_how_it_is_called():
    functions = [getattr(kg, name) for name in kg.__all__ if isfunction(getattr(kg, name))]
    assert [function.__name__ for function in functions if ">>> " not in function.__doc__] == []
    assert all(getattr(kg, name).__doc__ for name in kg.__all__)


def test_the_pipeline_is_there_before_anything_else_is_used():
    subprocess.run([sys.executable, "-c", "import kg; kg.nlp.load"], check=True)


def test_the_package_is_typed():
    from importlib.resources import files

    assert (files("kg") / "py.typed").is_file()


def test_a_store_keeps_what_python_extracts(tmp_path, example_graph):
    papers = list(kg.read(example.path()))
    kg.build(papers[:3], store=tmp_path / "kg.sqlite")
    assert graph_data(kg.build(papers, store=tmp_path / "kg.sqlite")) == graph_data(example_graph)
    with Store(tmp_path / "kg.sqlite") as store:
        known = store.extractions(papers, fingerprint(load()), lambda unread: pytest.fail("extracted again") if unread else [])
        assert len(list(known)) == len(papers)


def test_a_graph_from_python_tells_its_settings_as_that_of_the_command_line_does(run, tmp_path):
    (tmp_path / "names.csv").write_text("kind,name,aliases\nmethod,SparseNet,SpNet\n", encoding="utf-8")
    (tmp_path / "fix.csv").write_text("action,kind,name,to\nrename,dataset,ImageNet,The ImageNet\n", encoding="utf-8")
    options = ["--known", "names.csv", "--corrections", "fix.csv", "--abbreviation-share", "1", "--abbreviation-papers", "9"]
    (tmp_path / "papers.jsonl").write_text('{"title": "SpNet"}', encoding="utf-8")
    done = run("build", "papers.jsonl", "-o", ".", "--format", "json", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rules = AbbreviationRules(share=1.0, papers=9)
    graph = kg.build([], known=[tmp_path / "names.csv"], corrections=tmp_path / "fix.csv", rules=rules)
    told = graph.graph["run"]["parameters"]
    assert told == kg.load(tmp_path / "graph.json").graph["run"]["parameters"]
    assert set(told) == {"known", "corrections", "abbreviations"}
    assert kg.build([]).graph["run"]["parameters"] == {}


def graph_data(graph):
    return nx.node_link_data(graph, edges="edges") | {"graph": None}
