"""The same papers give the same graph on a cluster as on one machine, whatever happens to the machines."""

import json
import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import networkx as nx
import pytest

import kg


def start(*arguments, env=None):
    command = [sys.executable, "-m", "kg", "build", "--engine", "spark", *map(str, arguments)]
    return subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)


def rows(folder):
    from pyarrow.parquet import read_table

    return read_table(folder).to_pylist()


def told(row):
    """A row as the graph of one machine has it: without what it leaves open."""
    return {name: dict(value) if name in ("aliases", "reasons") else value for name, value in row.items() if value is not None}


def assert_same(graph: nx.MultiDiGraph, folder: Path) -> None:
    """Entities, edges with their evidence, and triples: as sets, exactly."""
    entities = {row.pop("key"): row for row in map(told, rows(folder / "entities"))}
    assert entities == {node: data for node, data in graph.nodes(data=True) if data["kind"] != "paper"}
    assert {row["id"] for row in rows(folder / "papers")} == {
        node for node, kind in graph.nodes(data="kind") if kind == "paper"
    }
    edges = [edge(row) for row in rows(folder / "edges")]
    expected = {(source, target, key): data for source, target, key, data in graph.edges(keys=True, data=True)}
    assert len(edges) == len(expected)
    assert dict(edges) == expected
    parts = [part.read_text(encoding="utf-8") for part in (folder / "triples").glob("part-*.nt")]
    one_machine = folder / "one-machine.nt"
    kg.write_rdf(graph, one_machine)
    assert said("".join(parts)) == said(one_machine.read_text(encoding="utf-8"))


def edge(row):
    data = told(row)
    ends = data.pop("source"), data.pop("target"), data["relation"]
    if "evidence" in data:
        data["evidence"] = [
            {"paper": item["paper"], "metadata": True} if item.pop("metadata") else item for item in data["evidence"]
        ]
    return ends, data if data.pop("inferred") is False else data | {"inferred": True}


def said(text):
    """The triples but for those of the export and its run, which differ in what they say of the papers' hash."""
    about_run = tuple(f"<https://paper-kg.example/id/{kind}/" for kind in ("export", "run", "source", "model", "software"))
    return {line for line in text.split("\n") if not line.startswith(about_run)}


def wait_until(happened, running):
    while not happened():
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.05)


@pytest.mark.timeout(900)
def test_a_cluster_gives_what_one_machine_gives_though_a_worker_dies(cluster, papers_file, expected, tmp_path):
    running = start(papers_file, "--master", cluster.master, "-o", tmp_path / "out", env=cluster.env)
    steps = tmp_path / "out" / ".steps"
    wait_until(lambda: list(steps.glob("*/extractions-*/_temporary/0/task_*")), running)
    cluster.kill_a_worker()
    assert not list(steps.glob("*/extractions-*/_SUCCESS"))
    _, output = running.communicate()
    assert running.returncode == 0, output
    assert_same(expected, tmp_path / "out")
    skipped = [json.loads(line) for part in (tmp_path / "out" / "skipped").glob("part-*") for line in part.open()]
    assert [row["line"] for row in skipped] == [57, 558]


@pytest.mark.timeout(900)
def test_a_table_of_papers_from_python(spark_session, tmp_path):
    import kg.spark

    records = [
        {"title": "SparseNet", "abstract": "We propose SparseNet, evaluated on ImageNet.", "doi": "10.1000/a", "upvotes": 3},
        {"title": "Sparsenet", "abstract": "", "doi": None, "upvotes": 5},
        {"title": None, "abstract": "no title", "doi": None, "upvotes": None},
    ]
    papers = spark_session.createDataFrame(records, "title string, abstract string, doi string, upvotes long")
    with pytest.raises(kg.KgError, match="checkpoint folder"):
        kg.spark.build(spark_session, papers)
    spark_session.sparkContext.setCheckpointDir(str(tmp_path / "steps"))
    graph = kg.spark.build(spark_session, papers)
    assert [(row["id"], row["upvotes"]) for row in graph.tables.papers.collect()] == [("doi:10.1000/a", 5)]
    assert [row["reason"] for row in graph.skipped.collect()] == ["no title"]
    found = {(row["source"], row["target"], row["relation"]) for row in graph.tables.edges.collect()}
    assert found == set(kg.build(kg.read(records, on_skip=lambda error: None)).edges(keys=True))


def test_identifiers_are_connected_over_any_number_of_others(spark_session, tmp_path):
    from kg.spark.distinct import components

    spark_session.sparkContext.setCheckpointDir(str(tmp_path / "steps"))
    chain = [(f"doi:{number:03}", f"arxiv:{number:03}") for number in range(20)]
    chain += [(f"arxiv:{number:03}", f"doi:{number + 1:03}") for number in range(19) if number != 9]
    found = components(spark_session.createDataFrame(chain, "one string, other string")).collect()
    assert {row["identifier"]: row["component"] for row in found} == {
        name: ("arxiv:000" if int(name[-3:]) < 10 else "arxiv:010")
        for pair in chain
        for name in pair
        if name not in ("arxiv:000", "arxiv:010")
    }


def test_what_spark_lacks_is_one_line(spark_extra):
    lines = {
        ("--master", "spark://127.0.0.1:1"): "no master answers",
        ("--master", "yarn:7077", "--corrections", "fix.csv"): "--corrections is not for --engine spark",
        ("--master", "spark://nowhere"): "no address of a master",
    }
    for arguments, reason in lines.items():
        _, output = start(*arguments).communicate()
        assert reason in output
        assert output.count("\n") == 1
    _, output = start(env=os.environ | {"JAVA_HOME": "/nonexistent"}).communicate()
    assert "needs Java" in output


@pytest.mark.parametrize(
    ("variable", "value"), [("KG_CORRECTIONS", "fix.csv"), ("KG_MIN_SCORE", "0.9"), ("KG_ENCODING", "cp1252")]
)
def test_a_variable_that_would_make_another_graph_is_refused(variable, value):
    _, output = start(
        "--master", "nowhere", env=os.environ | {variable: value, "KG_JOBS": "2", "KG_TITLE": "Ours"}
    ).communicate()
    assert output == f"kg: Invalid value: {variable} is not for --engine spark (see kg --help)\n"


@pytest.mark.skipif(find_spec("pyspark") is not None, reason="the extra `spark` is installed")
def test_a_missing_extra_is_named():
    _, output = start().communicate()
    assert "pip install 'paper-kg[spark]'" in output
