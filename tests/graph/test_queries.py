import os
import subprocess
import sys

import networkx as nx
import pytest

import kg
from kg.graph import queries
from kg.graph.assemble import assemble
from kg.papers import make_paper
from kg.schema import Extraction, Label, Mention, Result, Role


def paper(number, year, *names, results=()):
    """A paper of a year; its names as (name, label, role)."""
    mentions = tuple(Mention(name, label, 0, len(name), role) for name, label, role in names)
    made = make_paper(f"Paper {number}", "An abstract.", arxiv=f"2001.0000{number}", published=year)
    return Extraction(made, mentions, results=tuple(Result(*row, False, 0, 1) for row in results))


METHOD, DATASET, METRIC = Label.METHOD, Label.DATASET, Label.METRIC


@pytest.fixture(scope="module")
def graph():
    on = ("ImageNet", DATASET, Role.USED)
    accuracy = ("accuracy", METRIC, None)
    return assemble(
        [
            paper(1, "2019", ("Alpha", METHOD, Role.PROPOSED), on, accuracy,
                  results=[("Alpha", "ImageNet", "accuracy", "80", 80.0)]),
            paper(2, "2020-05", ("Beta", METHOD, Role.PROPOSED), ("Alpha", METHOD, Role.USED), on, accuracy,
                  results=[("Beta", "ImageNet", "accuracy", "9.5", 9.5)]),
            paper(3, "2021", ("Gamma", METHOD, Role.PROPOSED), ("Alpha", METHOD, Role.USED), ("MNIST", DATASET, Role.USED)),
            paper(4, "2021-12-01", ("Alpha", METHOD, Role.USED), ("MNIST", DATASET, Role.MENTIONED)),
            paper(5, None, ("lonely", Label.TASK, None)),
        ]
    )  # fmt: skip


def test_find_by_key_label_and_spelling(graph):
    assert queries.find(graph, "method:alpha") == queries.find(graph, "alphas") == ["method:alpha"]
    assert queries.find(graph, "image net", kind="dataset") == ["dataset:imagenet"]
    assert queries.find(graph, "image net", kind="method") == []


def test_papers_for_a_dataset_are_those_that_work_with_it_the_newest_first(graph):
    assert queries.papers_for(graph, "dataset:imagenet") == ["arxiv:2001.00002", "arxiv:2001.00001"]
    assert queries.papers_for(graph, "dataset:mnist") == ["arxiv:2001.00003"]
    assert queries.papers_of(graph, "dataset:mnist")["mentions"] == ["arxiv:2001.00004"]


def test_methods_evaluated_on_a_dataset(graph):
    assert [one.node for one in queries.evaluated_on(graph, "dataset:imagenet")] == ["method:alpha", "method:beta"]


def test_what_was_built_on_a_method(graph):
    assert [one.node for one in queries.built_on(graph, "method:alpha")] == ["method:beta", "method:gamma"]


def test_values_from_best_to_worst_where_the_direction_is_known(graph):
    graph = graph.copy()
    graph.nodes["metric:accuracy"]["higher_is_better"] = True
    values = queries.reported_values(graph, "dataset:imagenet", "metric:accuracy")
    assert [(value.method, value.value) for value in values] == [("method:alpha", "80"), ("method:beta", "9.5")]
    graph.nodes["metric:accuracy"]["higher_is_better"] = False
    values = queries.reported_values(graph, "dataset:imagenet", "metric:accuracy")
    assert [value.number for value in values] == [9.5, 80.0]


def test_the_shortest_path_has_its_evidence(graph):
    steps = queries.shortest_path(graph, "method:gamma", "dataset:imagenet")
    assert [(step.source, step.relation, step.target) for step in steps] == [
        ("method:gamma", "builds_on", "method:alpha"),
        ("method:alpha", "evaluated_on", "dataset:imagenet"),
    ]
    assert steps[0].papers == ("arxiv:2001.00003",)
    assert queries.shortest_path(graph, "method:gamma", "task:lonely") == []
    with pytest.raises(nx.NodeNotFound):
        queries.shortest_path(graph, "method:gamma", "task:nothing")


def test_of_several_ways_the_same_is_found_in_every_process(example_graph, tmp_path):
    kg.write_json(example_graph, tmp_path / "g.json")
    asked = (
        "import kg, itertools\nfrom kg.graph.queries import most_used, shortest_path\n"
        f"graph = kg.load({str(tmp_path / 'g.json')!r})\n"
        "for pair in itertools.combinations([one.node for one in most_used(graph, 'method', 8)], 2):\n"
        "    print([step.target for step in shortest_path(graph, *pair)])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", asked], env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in "123"
    }
    assert len(answers) == 1


def test_most_used(graph):
    assert [(one.node, one.weight) for one in queries.most_used(graph, "method", 1)] == [("method:alpha", 3)]


def test_what_rises_is_measured_in_shares_of_each_year(graph):
    rising = queries.rising(graph, "dataset", 5, least_papers=1)
    assert [trend.node for trend in rising] == ["dataset:mnist"]
    assert rising[0].papers == {2021: 2}
    assert rising[0].slope == pytest.approx(50.0)
    assert queries.rising(assemble([]), "dataset", 5) == []


def test_neighbours_come_by_weight():
    alpha, beta, gamma = ("Alpha", METHOD, Role.USED), ("Beta", METHOD, Role.PROPOSED), ("Gamma", METHOD, Role.PROPOSED)
    graph = assemble([paper(1, None, alpha, beta), paper(2, None, alpha, gamma), paper(3, None, alpha, gamma)])
    found = [(one.node, one.weight) for one in queries.neighbours(graph, "method:alpha")]
    assert found == [("method:gamma", 2), ("method:beta", 1)]
