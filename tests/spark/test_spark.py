"""The same papers give the same graph on a cluster as on one machine, whatever happens to the machines."""

import json
import subprocess
import sys
import time
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


def known(row):
    """A row as the graph of one machine has it: without what it leaves open."""
    return {name: dict(value) if name in ("aliases", "reasons") else value for name, value in row.items() if value is not None}


def assert_same(graph: nx.MultiDiGraph, folder: Path) -> None:
    """Entities, edges with their evidence, and triples: as sets, exactly."""
    entities = {row.pop("key"): row for row in map(known, rows(folder / "entities"))}
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
    data = known(row)
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


@pytest.mark.timeout(600)
def test_a_cluster_gives_what_one_machine_gives(cluster, papers_file, expected, tmp_path):
    running = start(papers_file, "--master", cluster.master, "-o", tmp_path / "out", env=cluster.env)
    _, told = running.communicate()
    assert running.returncode == 0, told
    assert_same(expected, tmp_path / "out")
    skipped = [json.loads(line) for part in (tmp_path / "out" / "skipped").glob("part-*") for line in part.open()]
    assert [row["line"] for row in skipped] == [57, 558]


@pytest.mark.timeout(600)
def test_a_worker_that_dies_changes_nothing(cluster, papers_file, expected, tmp_path):
    running = start(papers_file, "--master", cluster.master, "-o", tmp_path / "out", env=cluster.env)
    steps = tmp_path / "out" / ".steps"
    wait_until(lambda: list(steps.glob("*/extractions/_temporary/0/task_*")), running)
    cluster.kill_a_worker()
    assert not list(steps.glob("*/extractions/_SUCCESS"))
    _, told = running.communicate()
    assert running.returncode == 0, told
    assert_same(expected, tmp_path / "out")
