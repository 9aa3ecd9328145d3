import pytest

from kg.errors import KgError
from kg.graph.assemble import assemble
from kg.graph.corrections import read_corrections
from kg.papers import make_paper
from kg.schema import Abbreviation, Extraction, Label, Mention, Result, Role

PAPER = "arxiv:2001.00001"
NAMES = (
    ("SparseNet", Label.METHOD, Role.PROPOSED),
    ("ConvNet", Label.METHOD, Role.USED),
    ("CNN", Label.METHOD, Role.COMPARED),
    ("ImageNet", Label.DATASET, Role.USED),
    ("accuracy", Label.METRIC, None),
)


@pytest.fixture
def extraction():
    mentions = tuple(Mention(name, label, 0, len(name), role) for name, label, role in NAMES)
    results = (Result("SparseNet", "ImageNet", "accuracy", "81.3", 81.3, True, 0, 4),)
    return Extraction(make_paper("A title", "An abstract.", arxiv="2001.00001"), mentions, results=results)


@pytest.fixture
def corrected(tmp_path, extraction):
    """The edges of the graph under some corrections, and how often each was applied."""

    def run(*lines, read=extraction):
        path = tmp_path / "fix.csv"
        path.write_text("action,kind,name,to,paper,relation\n" + "".join(f"{line}\n" for line in lines))
        corrections = read_corrections(path)
        graph = assemble([read], corrections=corrections)
        return graph, {key[:3] for key in graph.edges(keys=True)}, [count for _, count in corrections.report()]

    return run


def test_merge(corrected):
    graph, _, counts = corrected("merge,method,ConvNet,CNN")
    assert "method:convnet" not in graph
    (key,) = (node for node, data in graph.nodes(data=True) if "ConvNet" in (*data.get("aliases", ()), data["label"]))
    assert graph.nodes[key]["kind"] == "method"
    assert counts == [1]


def test_a_merge_says_why(corrected):
    graph, _, _ = corrected("merge,method,SparseNet,ThinNet", "rename,method,ThinNet,ThinNet")
    assert graph.nodes["method:thinnet"]["reasons"]["SparseNet"] == ["merged by fix.csv:2"]


def test_split_keeps_a_spelling_apart(corrected):
    graph, _, counts = corrected("merge,method,ConvNet,SparseNet", "split,method,ConvNet")
    assert (graph.nodes["method:convnet"]["aliases"], counts) == ({}, [0, 1])


def test_rename(corrected):
    graph, _, counts = corrected("rename,dataset,imagenet,ImageNet (ILSVRC)")
    assert graph.nodes["dataset:imagenet-ilsvrc"]["label"] == "ImageNet (ILSVRC)"
    assert counts == [1]


def test_relabel_takes_results_along(corrected):
    graph, edges, counts = corrected("relabel,dataset,ImageNet,method")
    assert (PAPER, "method:imagenet", "uses") in edges
    assert "on_dataset" not in {relation for *_, relation in edges}
    assert counts == [1]
    assert graph.nodes["method:imagenet"]["kind"] == "method"


def test_a_proposed_method_that_is_a_dataset_is_introduced(corrected):
    _, edges, _ = corrected("relabel,method,SparseNet,dataset")
    assert (PAPER, "dataset:sparsenet", "introduces") in edges


def test_reject_a_name_everywhere_or_in_one_paper(corrected):
    assert "dataset:imagenet" not in corrected("reject,dataset,ImageNet")[0]
    assert "dataset:imagenet" not in corrected(f"reject,dataset,ImageNet,,{PAPER}")[0]
    graph, _, counts = corrected("reject,dataset,ImageNet,,arxiv:1999.00001")
    assert "dataset:imagenet" in graph
    assert counts == [0]


def test_a_rejected_metric_takes_its_results_along(corrected):
    graph, _, _ = corrected("reject,metric,accuracy")
    assert "result" not in {kind for _, kind in graph.nodes(data="kind")}


def test_reject_an_edge_and_what_follows_from_it(corrected):
    _, edges, counts = corrected(f"reject,dataset,ImageNet,,{PAPER},uses")
    assert not any(target == "dataset:imagenet" and relation in ("uses", "evaluated_on") for _, target, relation in edges)
    assert counts == [1]


def test_reject_an_inferred_edge(corrected):
    _, edges, counts = corrected("reject,method,SparseNet,ImageNet,,evaluated_on")
    assert ("method:sparsenet", "dataset:imagenet", "evaluated_on") not in edges
    assert (PAPER, "dataset:imagenet", "uses") in edges
    assert counts == [1]


def test_what_matches_nothing_is_reported(corrected):
    assert corrected("merge,method,Nothing,Nil", "rename,task,Nothing,Nil", "split,method,nil")[2] == [0, 0, 0]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("mend,method,A,B", "fix.csv:2: unknown action 'mend'"),
        ("merge,thing,A,B", "fix.csv:2: unknown kind 'thing'"),
        ("merge,method,,B", "fix.csv:2: no name"),
        ("merge,method,A", "fix.csv:2: nothing to merge to"),
        ("relabel,method,A,B", "fix.csv:2: unknown kind 'B'"),
        ("reject,method,A,,,eats", "fix.csv:2: unknown relation 'eats'"),
        ("merge,method,A,B,arxiv:2001.00001", "fix.csv:2: merge takes no paper (leave the column paper empty)"),
        ("merge,method,A,B,,builds_on", "fix.csv:2: merge takes no relation"),
        ("rename,method,A,B,,uses", "fix.csv:2: rename takes no relation"),
        ("split,method,A,B", "fix.csv:2: split takes no to"),
        ("reject,method,A,B", "fix.csv:2: reject of a name takes no to"),
        ("reject,method,A,B,arxiv:2001.00001,builds_on", "fix.csv:2: reject of builds_on takes no paper"),
        ("reject,method,A,,,builds_on", "fix.csv:2: nothing to reject to"),
        ("merge,method,A,a", "fix.csv:2: 'A' is merged into itself"),
        ("merge,method,A,B,C,D,E", "fix.csv:2: more cells than the header has columns"),
        ('merge,method,"A', "fix.csv:"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(corrected, line, message):
    with pytest.raises(KgError) as caught:
        corrected(line)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("merge,dataset,MS COCO,COCO", ["COCO", "MS COCO"]),
        ("merge,dataset,COCO,MS COCO", ["COCO", "MS COCO"]),
        ("merge,dataset,ImageNet-Lite,COCO", ["ImageNet-Lite", "COCO", "MS COCO"]),
    ],
)
def test_a_merge_beside_the_list_of_known_names_gives_one_entity(corrected, extraction, line, names):
    mentions = tuple(Mention(name, Label.DATASET, 0, len(name), Role.USED) for name in names)
    graph, _, _ = corrected(line, read=Extraction(extraction.paper, mentions))
    (entity,) = (data for _, data in graph.nodes(data=True) if data["kind"] == "dataset")
    assert {entity["label"], *entity["aliases"]} == set(names)


def test_what_is_merged_into_its_abbreviation_stays_there(corrected, extraction):
    mentions = tuple(Mention(name, Label.METHOD, 0, len(name), Role.USED) for name in ("graph network", "GN"))
    read = Extraction(extraction.paper, mentions, (Abbreviation("GN", "graph network"),))
    graph, _, _ = corrected("merge,method,graph network,GN", read=read)
    assert graph.nodes["method:gn"]["aliases"] == {"graph network": 1}


def test_a_name_that_another_entity_has_keeps_the_two_apart(corrected):
    graph, _, _ = corrected("rename,method,convolutional neural network,SparseNet")
    twins = [data for _, data in graph.nodes(data=True) if data["label"] == "SparseNet"]
    assert sorted(list(data["aliases"]) for data in twins) == [[], ["CNN", "ConvNet"]]


def test_what_nothing_supports_any_more_is_left_out(corrected):
    graph, _, _ = corrected("reject,dataset,ImageNet,,,uses", "reject,metric,accuracy")
    assert "dataset:imagenet" not in graph
    graph, edges, counts = corrected("reject,metric,accuracy,,,in_metric")
    assert counts == [0]  # what a result is stated in is no edge of a paper
    assert "in_metric" in {relation for *_, relation in edges}


def test_names_merged_in_a_circle(corrected):
    with pytest.raises(KgError, match="merged into itself"):
        corrected("merge,method,A,B", "merge,method,B,C", "merge,method,C,A")
