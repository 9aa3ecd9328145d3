import subprocess
import sys
from inspect import isfunction

import networkx as nx
import pytest

import kg
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


def graph_data(graph):
    return nx.node_link_data(graph, edges="edges") | {"graph": None}
