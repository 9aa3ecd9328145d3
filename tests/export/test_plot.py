import networkx as nx
import pytest

import kg

pytest.importorskip("matplotlib", reason="needs the extra `plot`")
from kg.export.plot import plot_by_year, plot_most_used, plot_neighbourhood


def drawn(path):
    return path.read_text()


def test_figures_name_what_they_draw(example_graph, tmp_path):
    plot_most_used(example_graph, tmp_path / "most.svg")
    assert "ImageNet" in drawn(tmp_path / "most.svg")
    plot_by_year(example_graph, tmp_path / "years.svg")
    assert "methods by year" in drawn(tmp_path / "years.svg")
    plot_neighbourhood(example_graph, "method:transformer", tmp_path / "near.svg")
    assert "Attention Is All You Need" in drawn(tmp_path / "near.svg")


def test_the_same_graph_gives_the_same_figure(example_graph, tmp_path):
    for suffix in ("svg", "png"):
        for name in ("one", "two"):
            plot_neighbourhood(example_graph, "method:transformer", tmp_path / f"{name}.{suffix}")
        assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()


def test_a_name_with_dollars_is_no_formula(tmp_path):
    graph = nx.MultiDiGraph()
    graph.add_node("method:x", kind="method", label="a $\\frac$ b", papers=1)
    plot_neighbourhood(graph, "method:x", tmp_path / "g.svg")
    assert "$\\frac$" in drawn(tmp_path / "g.svg")


def test_what_cannot_be_drawn_is_said(example_graph, tmp_path):
    with pytest.raises(kg.KgError, match="no format that can be drawn"):
        plot_most_used(example_graph, tmp_path / "figure.doc")
    graph = nx.MultiDiGraph()
    with pytest.raises(kg.KgError, match="no paper has a date"):
        plot_by_year(graph, tmp_path / "g.png")
