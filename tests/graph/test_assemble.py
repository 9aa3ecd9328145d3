import random

import networkx as nx
import pytest

import kg
from kg.graph.assemble import assemble
from kg.papers import make_paper
from kg.schema import Extraction, Label, Link, LinkRole, Mention, Result, Role

TEXT = "SparseNet\nSparseNet uses ResNet and beats VGG on ImageNet: 81.3 accuracy in image classification."


def mention(name, label, role=None, text=TEXT):
    start = text.rindex(name)
    return Mention(name, label, start, start + len(name), role)


@pytest.fixture
def extraction():
    title, abstract = TEXT.split("\n")
    start = TEXT.index("81.3")
    return Extraction(
        make_paper(title, abstract, arxiv="2001.00001", authors=["Ada L."], venue="ICLR", organization="Org"),
        mentions=(
            mention("SparseNet", Label.METHOD, Role.PROPOSED),
            mention("ResNet", Label.METHOD, Role.USED),
            mention("VGG", Label.METHOD, Role.COMPARED),
            mention("ImageNet", Label.DATASET, Role.USED),
            mention("accuracy", Label.METRIC),
            mention("image classification", Label.TASK),
        ),
        links=(Link("github.com/a/b", LinkRole.CODE, 5, 9),),
        results=(Result("SparseNet", "ImageNet", "accuracy", "81.3", 81.3, True, start, start + 4),),
    )


def edges(graph):
    return {(source, relation, target) for source, target, relation in graph.edges(keys=True)}


def test_each_relation_of_the_blueprint(extraction):
    graph = assemble([extraction])
    paper = "arxiv:2001.00001"
    (result,) = (node for node, kind in graph.nodes(data="kind") if kind == "result")
    assert edges(graph) == {
        (paper, "proposes", "method:sparsenet"),
        (paper, "uses", "method:resnet"),
        (paper, "compares_with", "method:vgg"),
        (paper, "uses", "dataset:imagenet"),
        (paper, "reports", "metric:accuracy"),
        (paper, "reports", result),
        (paper, "addresses", "task:image-classification"),
        (paper, "has_code", "url:https://github.com/a/b"),
        (paper, "written_by", "author:ada-l"),
        (paper, "published_in", "venue:iclr"),
        (paper, "affiliated_with", "organization:org"),
        (result, "of_method", "method:sparsenet"),
        (result, "on_dataset", "dataset:imagenet"),
        (result, "in_metric", "metric:accuracy"),
        ("method:sparsenet", "evaluated_on", "dataset:imagenet"),
        ("method:sparsenet", "applied_to", "task:image-classification"),
        ("method:sparsenet", "builds_on", "method:resnet"),
        ("method:sparsenet", "measured_against", "method:vgg"),
    }
    assert graph.nodes[result]["label"] == "81.3% accuracy on ImageNet"


def test_evidence_points_at_the_words(extraction):
    graph = assemble([extraction])
    for source, target, data in graph.edges(data=True):
        for item in data.get("evidence", ()):
            if (
                "start" in item
                and graph.nodes[target]["kind"] in ("method", "dataset", "task", "metric")
                and source.startswith("arxiv")
            ):
                assert TEXT[item["start"] : item["end"]] == graph.nodes[target]["label"]


def test_metadata_says_so_instead_of_offsets(extraction):
    graph = assemble([extraction])
    assert graph.edges["arxiv:2001.00001", "venue:iclr", "published_in"]["evidence"] == [
        {"paper": "arxiv:2001.00001", "metadata": True}
    ]


def test_inferred_edges_count_and_list_their_papers(extraction):
    paper = make_paper(*TEXT.split("\n"), arxiv="2002.00002")
    again = Extraction(paper, extraction.mentions)
    edge = assemble([again, extraction]).edges["method:sparsenet", "dataset:imagenet", "evaluated_on"]
    assert edge == {
        "relation": "evaluated_on",
        "inferred": True,
        "weight": 2,
        "papers": ["arxiv:2001.00001", "arxiv:2002.00002"],
    }


def test_a_paper_that_proposes_nothing_gives_no_inferred_edges(extraction):
    silent = Extraction(extraction.paper, extraction.mentions[1:])
    assert not any(data.get("inferred") for _, _, data in assemble([silent]).edges(data=True))


def test_an_entity_has_its_strongest_role_once(extraction):
    twice = (mention("SparseNet", Label.METHOD, Role.USED), Mention("sparsenet", Label.METHOD, 0, 9, Role.PROPOSED))
    graph = assemble([Extraction(extraction.paper, twice)])
    assert edges(graph) >= {("arxiv:2001.00001", "proposes", "method:sparsenet")}
    assert ("arxiv:2001.00001", "uses", "method:sparsenet") not in edges(graph)


def test_the_same_extraction_twice_is_one(extraction):
    assert nx.utils.graphs_equal(assemble([extraction]), assemble([extraction, extraction]))


def test_no_papers_give_an_empty_graph():
    assert len(kg.build([])) == 0


def test_the_order_of_papers_does_not_matter(example_extractions, example_graph):
    shuffled = random.Random(1).sample(example_extractions, len(example_extractions))
    graph = assemble(shuffled)
    assert list(graph.nodes(data=True)) == list(example_graph.nodes(data=True))
    assert list(graph.edges(keys=True, data=True)) == list(example_graph.edges(keys=True, data=True))


def test_papers_and_extractions_give_the_same_graph(example_extractions, example_graph):
    graph = kg.build(extraction.paper for extraction in example_extractions)
    assert (graph.nodes, graph.adj) == (example_graph.nodes, example_graph.adj)


def test_the_example_knows_its_landmarks(example_graph):
    """Facts of the bundled abstracts that anyone can check."""
    assert ("arxiv:1512.03385", "dataset:imagenet") in example_graph.edges()
    assert example_graph.nodes["dataset:imagenet"]["papers"] >= 5
    assert example_graph.has_edge("arxiv:1505.04597", "method:u-net", "proposes")
