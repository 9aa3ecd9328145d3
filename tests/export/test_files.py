"""JSON, GraphML, GEXF, CSV and how files are written."""

import csv
import json
import stat

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.export.files import whole_file
from kg.export.mentions import to_json
from kg.schema import Kind

texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")))
values = st.one_of(texts, st.integers(-(2**53), 2**53), st.booleans(), st.lists(texts), st.dictionaries(texts, st.integers()))


def test_json_gives_back_an_equal_graph(example_graph, tmp_path):
    kg.write_json(example_graph, tmp_path / "g.json")
    loaded = kg.load(tmp_path / "g.json")
    assert isinstance(loaded, nx.MultiDiGraph)
    assert nx.utils.graphs_equal(loaded, example_graph)
    kg.write_json(loaded, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "g.json").read_bytes()


@given(st.dictionaries(texts, st.dictionaries(texts.filter(lambda name: name not in ("id", "key")), values)))
def test_any_attributes_survive_json(tmp_path_factory, nodes):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(nodes.items())
    path = tmp_path_factory.getbasetemp() / "any.json"
    kg.write_json(graph, path)
    assert nx.utils.graphs_equal(kg.load(path), graph)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"nodes": 3}', '{"nodes": [], "edges": [], "directed": false, "multigraph": true}']
)
def test_what_is_no_graph_is_refused_by_name(tmp_path, content):
    path = tmp_path / "g.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(kg.GraphError, match=r"g\.json: not a"):
        kg.load(path)


def test_a_missing_graph_is_refused_by_name(tmp_path):
    with pytest.raises(kg.GraphError, match="check the path"):
        kg.load(tmp_path / "g.json")


def test_graphml_holds_every_node_edge_and_attribute(example_graph, tmp_path):
    kg.write_graphml(example_graph, tmp_path / "g.graphml")
    read = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert set(read) == set(example_graph)
    assert read.number_of_edges() == example_graph.number_of_edges()
    paper = read.nodes["arxiv:1512.03385"]
    assert json.loads(paper["authors"]) == example_graph.nodes["arxiv:1512.03385"]["authors"]
    edge = next(data for _, _, data in read.edges(data=True) if "evidence" in data)
    assert json.loads(edge["evidence"])[0]["paper"]


def test_gexf_holds_every_node_and_edge_but_no_abstract_and_no_day(example_graph, tmp_path):
    kg.write_gexf(example_graph, tmp_path / "g.gexf")
    read = nx.read_gexf(tmp_path / "g.gexf")
    assert set(read) == set(example_graph)
    assert read.number_of_edges() == example_graph.number_of_edges()
    assert json.loads(read.nodes["arxiv:1512.03385"]["authors"]) == example_graph.nodes["arxiv:1512.03385"]["authors"]
    text = (tmp_path / "g.gexf").read_text(encoding="utf-8")
    assert "lastmodifieddate" not in text
    assert example_graph.nodes["arxiv:1512.03385"]["abstract"][:60] not in text


def table(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_neo4j_gets_a_table_a_kind_and_one_of_relationships(example_graph, tmp_path):
    kg.write_neo4j(example_graph, tmp_path)
    nodes = {row["id:ID"]: row for kind in Kind for row in table(tmp_path / f"nodes-{kind}.csv")}
    assert set(nodes) == set(example_graph)
    paper, method = nodes["arxiv:1512.03385"], nodes["method:continuous-bag-of-words"]
    assert paper[":LABEL"] == "Paper"
    assert paper["authors:string[]"].split("\x1f") == example_graph.nodes["arxiv:1512.03385"]["authors"]
    assert method["aliases:string[]"] == "CBOW"
    assert method["papers:int"] == "1"
    relationships = table(tmp_path / "relationships.csv")
    assert len(relationships) == example_graph.number_of_edges()
    assert {row[":START_ID"] for row in relationships} | {row[":END_ID"] for row in relationships} <= set(nodes)
    assert {"USES", "EVALUATED_ON"} <= {row[":TYPE"] for row in relationships}
    assert "abstract" not in "".join(paper)


def test_neo4j_gets_nasty_names_whole(nasty_graph, tmp_path):
    kg.write_neo4j(nasty_graph, tmp_path)
    labels = {
        row["label"]
        for kind in Kind
        if (tmp_path / f"nodes-{kind}.csv").exists()
        for row in table(tmp_path / f"nodes-{kind}.csv")
    }
    assert labels == {str(data["label"]) for _, data in nasty_graph.nodes(data=True)}


def test_mentions_are_written_as_the_contract_says(example_extractions):
    row = json.loads(to_json(next(e for e in example_extractions if e.results)))
    assert list(row) == ["id", "title", "entities", "abbreviations", "urls", "results"]
    assert list(row["entities"][0]) == ["text", "label", "start", "end", "role", "score"]
    assert set(row["results"][0]) >= {"method", "dataset", "metric", "value", "number", "percent"}


def test_a_file_is_whole_or_not_there(tmp_path):
    target = tmp_path / "new" / "file.txt"
    with pytest.raises(KeyboardInterrupt), whole_file(target) as stream:
        stream.write(b"half")
        raise KeyboardInterrupt
    assert list(target.parent.iterdir()) == []
    with whole_file(target) as stream:
        stream.write(b"whole")
    assert target.read_bytes() == b"whole"
    assert stat.S_IMODE(target.stat().st_mode) & 0o044 == 0o044


def test_an_interrupted_write_keeps_the_old_file(tmp_path):
    target = tmp_path / "file.txt"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError), whole_file(target) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert target.read_bytes() == b"old"


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(kg.KgError, match=r"file/sub/x: can't be written: .*choose another folder"),
        whole_file(tmp_path / "file" / "sub" / "x"),
    ):
        pass
