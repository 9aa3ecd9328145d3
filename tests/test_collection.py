"""A collection from day to day: papers are added and forgotten, runs are stopped and killed, and nothing is lost."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
import spacy

import kg
from kg.sources import example
from kg.store import Store

FILES = ("graph.ttl", "graph.json", "graph.html")


@pytest.fixture
def run(nursery):
    def run(*arguments, status=0, **options):
        done = nursery.kg(*arguments, **options)
        assert done.returncode == status, done.stderr
        return done

    return run


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "kg.sqlite"}


@pytest.fixture
def halves(tmp_path):
    """The example in two files, the second with a line that can't be read."""
    lines = example.path().read_text(encoding="utf-8").splitlines(keepends=True)
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_text("".join(lines[:6]), encoding="utf-8")
    two.write_text("".join([*lines[6:10], "{}\n"]), encoding="utf-8")
    return one, two


def test_adding_gives_what_building_all_would_have_given(run, halves, tmp_path):
    one, two = halves
    run("build", one, two, "-o", tmp_path / "all", "--title", "Ours", "--format", "html,json,ttl")
    run("build", one, "-o", tmp_path / "grown", "--title", "Ours", "--format", "html,json,ttl")
    done = run("add", two, "-o", tmp_path / "grown")
    assert "read 10 records: 10 papers; skipped 1" in done.stderr
    assert written(tmp_path / "grown") == written(tmp_path / "all")
    assert set(written(tmp_path / "all")) == {*FILES, "skipped.jsonl"}


def test_what_is_forgotten_was_never_there(run, halves, tmp_path):
    one, two = halves
    run("build", one, "-o", tmp_path / "one")
    run("build", one, two, "-o", tmp_path / "out")
    run("forget", two.name, "-o", tmp_path / "out", cwd=tmp_path)
    assert written(tmp_path / "out") == written(tmp_path / "one")
    paper = next(iter(kg.read(one)))
    run("forget", paper.title, paper.title, "-o", tmp_path / "out")
    assert paper.id not in kg.load(tmp_path / "out" / "graph.json")
    assert paper.title.encode() not in (tmp_path / "out" / "graph.ttl").read_bytes()
    listed = run("stats", tmp_path / "out" / "graph.json").stdout
    assert "one.jsonl" in listed and "5 records" in listed and "two.jsonl" not in listed


def test_a_source_without_papers_can_be_forgotten(run, halves, tmp_path):
    one, _ = halves
    empty = tmp_path / "empty.jsonl"
    empty.write_text("{}\n", encoding="utf-8")
    run("build", one, empty, "-o", tmp_path / "out", "--format", "json")
    assert f"forgot {empty}: 0 records" in run("forget", empty, "-o", tmp_path / "out").stderr
    assert str(empty) not in run("stats", tmp_path / "out" / "graph.json").stdout
    assert not (tmp_path / "out" / "skipped.jsonl").exists()


def test_forgetting_what_is_not_there_changes_nothing(run, halves, tmp_path):
    one, _ = halves
    run("build", one, "-o", tmp_path / "out")
    before = written(tmp_path / "out")
    done = run("forget", one, "Nobody's Paper", "-o", tmp_path / "out", status=2)
    assert done.stderr == "kg: no source or paper of the collection: Nobody's Paper (kg stats lists the sources)\n"
    assert written(tmp_path / "out") == before
    assert "no such collection" in run("forget", one, "-o", tmp_path / "nowhere", status=2).stderr


def test_a_build_holds_what_it_is_given_and_nothing_that_was_there_before(run, halves, tmp_path):
    one, two = halves
    run("build", two, "-o", tmp_path / "two")
    run("build", one, "-o", tmp_path / "out")
    done = run("build", two, "-o", tmp_path / "out")
    assert f"no longer in the collection: {one} (kg add would have kept them)\n" in done.stderr
    assert written(tmp_path / "out") == written(tmp_path / "two")


def test_a_collection_that_was_moved_is_written_where_it_is(run, halves, tmp_path):
    one, two = halves
    run("build", one, "-o", tmp_path / "here", "--format", "json")
    (tmp_path / "here").rename(tmp_path / "there")
    run("add", two, "--store", tmp_path / "there" / "kg.sqlite")
    assert (
        len([node for node in kg.load(tmp_path / "there" / "graph.json") if node.startswith(("arxiv:", "doi:", "paper:"))])
        == 10
    )
    assert not (tmp_path / "here").exists()


def test_a_model_in_a_folder_is_found_from_anywhere(run, halves, tmp_path):
    one, two = halves
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "METHOD", "pattern": "network"}])
    nlp.to_disk(tmp_path / "model")
    run("build", one, "-o", "out", "--format", "json", "--model", "model", cwd=tmp_path)
    run("add", two, "-o", tmp_path / "out", cwd="/")
    assert [node for node in kg.load(tmp_path / "out" / "graph.json") if node.startswith("method:")] == ["method:network"]


def test_no_text_is_extracted_twice(run, halves, tmp_path):
    one, two = halves
    run("build", one, "-o", tmp_path / "out", "--store", tmp_path / "kept.sqlite", "--format", "json")
    with Store(tmp_path / "kept.sqlite") as store:
        (pipeline,) = (name for (name,) in store._all("SELECT fingerprint FROM pipeline"))
        unread = []
        list(store.extractions(list(kg.read([one, two], on_skip=print)), pipeline, lambda papers: unread.extend(papers) or []))
    assert [paper.title for paper in unread] == [paper.title for paper in kg.read(two, on_skip=print)]


def test_two_runs_at_once_do_not_mix(run, halves, tmp_path):
    one, _ = halves
    with Store(tmp_path / "kept.sqlite"):
        done = run("build", one, "-o", tmp_path / "out", "--store", tmp_path / "kept.sqlite", status=2)
    assert (
        done.stderr
        == f"kg: {tmp_path / 'kept.sqlite'}: in use by another run (wait for it to end, or choose another --store)\n"
    )


def test_stopped_by_ctrl_c_the_same_command_goes_on(tmp_path):
    rows = [{"title": f"Paper {n}", "abstract": f"We propose Net{n}, evaluated on ImageNet. " * 30} for n in range(3000)]
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "kg", "build", str(path), "-o", str(tmp_path / "out")]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert "3,000 papers" in running.stderr.readline()
    log = tmp_path / "out" / "kg.sqlite-wal"
    times = set()
    while len(times) < 6:  # extractions are written, some at a time
        times.add(log.stat().st_mtime_ns)
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)
    _, printed = running.communicate(timeout=20)
    assert running.returncode == 130
    store = tmp_path / "out" / "kg.sqlite"
    assert printed.splitlines()[0] == f"what was extracted is kept in {store}: the same command goes on from there"
    with Store(store) as kept:
        ((extracted,),) = kept._all("SELECT count(*) FROM extraction")
    assert 0 < extracted < 3000


def test_killed_at_any_moment_and_run_again_it_gives_the_same_files(nursery, halves, tmp_path):
    undisturbed = nursery.kg("build", *halves, "-o", tmp_path / "undisturbed")
    assert undisturbed.returncode == 0, undisturbed.stderr
    moments, killed = random.Random(6), 0
    for number in range(5):
        build = "build", *halves, "-o", tmp_path / f"{number}"
        for _ in range(5):
            patience = moments.uniform(0, undisturbed.seconds)
            killed += nursery.kg(*build, patience=patience).returncode == -signal.SIGKILL
        assert nursery.kg(*build).returncode == 0
        assert written(tmp_path / f"{number}") == written(tmp_path / "undisturbed")
    assert killed > 10, "builds ended before they were killed"
