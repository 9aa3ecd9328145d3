"""The command line as a user runs it: in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest
import spacy

import kg


@pytest.fixture
def papers(tmp_path):
    path = tmp_path / "papers.jsonl"
    rows = [
        {"title": "SparseNet", "abstract": "We propose SparseNet, a convolutional neural network evaluated on ImageNet."},
        {"title": "sparsenet", "upvotes": 3},
        {"name": "no title here"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_build_writes_the_three_files_and_says_so(run, papers, tmp_path):
    done = run("build", papers, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "graph.html",
        "graph.json",
        "graph.ttl",
        "kg.sqlite",
        "skipped.jsonl",
    ]
    assert f"skipped {papers}:3: no title" in done.stderr
    assert "read 2 records: 1 paper; skipped 1" in done.stderr
    assert "nodes: " in done.stderr
    assert "Traceback" not in done.stderr
    assert kg.load(tmp_path / "out" / "graph.json").nodes["dataset:imagenet"]["label"] == "ImageNet"


def test_what_was_skipped_is_listed_until_a_build_skips_nothing(run, papers, tmp_path):
    run("build", papers, "-o", tmp_path / "out", "--format", "json")
    listed = [json.loads(line) for line in (tmp_path / "out" / "skipped.jsonl").read_text(encoding="utf-8").splitlines()]
    remedy = "name the field `title`; found: name"
    assert listed == [{"source": str(papers), "line": 3, "reason": "no title", "remedy": remedy}]
    papers.write_text('{"title": "SparseNet"}', encoding="utf-8")
    run("build", papers, "-o", tmp_path / "out", "--format", "json")
    assert not (tmp_path / "out" / "skipped.jsonl").exists()


def test_build_without_a_source_builds_the_example_from_any_folder(run, tmp_path):
    done = run("build", "--format", "json,graphml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "exports").iterdir()) == ["graph.graphml", "graph.json", "kg.sqlite"]


def test_build_writes_any_format(run, papers, tmp_path):
    formats = ["ttl", "nt", "nq", "trig", "jsonld", "rdf", "graphml", "gexf"]
    done = run("build", papers, "-o", tmp_path / "out", "--format", ",".join([*formats, "csv"]))
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        ["graph-csv", "kg.sqlite", "skipped.jsonl", *(f"graph.{each}" for each in formats)]
    )
    assert f"wrote {tmp_path / 'out' / 'graph-csv'} (" in done.stderr


def test_the_same_input_gives_the_same_bytes(tmp_path):
    """Also where sets are iterated in another order, and where not all nodes are drawn."""
    for name, seed in (("one", "1"), ("two", "2")):
        options = ["-o", tmp_path / name, "--format", "ttl,html,json,graphml", "--max-nodes", 100]
        command = [sys.executable, "-m", "kg", "build", *map(str, options)]
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
    for path in (tmp_path / "one").glob("graph.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_extract_writes_one_object_a_paper(run, papers, tmp_path):
    assert run("extract", papers, "-o", tmp_path / "mentions.jsonl").returncode == 0
    (line,) = (tmp_path / "mentions.jsonl").read_text(encoding="utf-8").splitlines()
    assert {"SparseNet", "ImageNet"} <= {entity["text"] for entity in json.loads(line)["entities"]}


def test_names_with_colons_are_printed_as_they_are(run, tmp_path):
    assert "a:x:b.txt: No such file" in run("extract", "a:x:b.txt", cwd=tmp_path).stderr


def test_standard_input_is_a_source(run, papers, tmp_path):
    done = run("extract", "-", "-o", "-", input=papers.read_text(encoding="utf-8"))
    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == ["SparseNet"]


@pytest.mark.usefixtures("training_extra")
def test_the_whole_training_is_one_command(run, papers, tmp_path):
    """Real training, on a handful of rows: it must run through and give a pipeline that loads."""
    rows = [
        {"id": str(n), "title": "T", "text": f"T\nWe propose Net{n}.", "mentions": [[13, 17, "METHOD", role]]}
        for n, role in enumerate(["proposed", "used", "compared"] * 8)
    ]
    empty = {"abbreviations": [], "urls": [], "results": []}
    (tmp_path / "gold.jsonl").write_text("".join(json.dumps(row | empty) + "\n" for row in rows), encoding="utf-8")
    abstracts = [{"title": f"T{n}", "abstract": "We propose a network for images. " * 5} for n in range(50)]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in abstracts), encoding="utf-8")
    done = run("train", "gold.jsonl", "--corpus", "corpus.jsonl", "--dev", "gold.jsonl", "-o", "model", cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "mentions F1" in (tmp_path / "model" / "meta.json").read_text(encoding="utf-8")


def test_extract_to_standard_output_mixes_nothing_in(run, papers):
    done = run("extract", papers, "-o", "-")
    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == ["SparseNet"]


def test_strict_ends_with_status_1(run, papers, tmp_path):
    assert run("build", papers, "-o", tmp_path / "out", "--strict").returncode == 1
    assert (tmp_path / "out" / "graph.ttl").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "nowhere.txt"], "nowhere.txt: No such file or directory (check the path)"),
        (["build", "--format", "docx"], "unknown format in 'docx'"),
        (["build", "--jobs", "none"], "valid integer"),
        (["build", "--no-such-option"], "No such option"),
        (["fly"], "No such command 'fly'"),
        (["build", "--base-iri", "urn:x"], "'urn:x' can't be a base IRI"),
        (["build", "--year", "0"], "1991"),
        (["build", ""], "a source without a name"),
        (["build", "x" * 300], "File name too long"),
        (["build", "--model", "nowhere"], "nowhere: "),
        (["build", "--model-labels", "Material=THING"], "is no list such as Material=DATASET"),
        (["build", "--min-score", "2"], "--min-score"),
        (["show", "BERT", "--kind", "foo"], "'foo' is not one of 'paper', 'method'"),
        (["evaluate", "nowhere.jsonl"], "nowhere.jsonl: No such file or directory (check the path)"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(run, arguments, message, tmp_path):
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "exports").exists()


def test_an_output_that_cannot_be_written_is_one_line(run, papers, tmp_path):
    done = run("build", papers, "-o", papers)
    assert done.returncode == 2
    assert "can't be written" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "command", [[], ["build"], ["add"], ["forget"], ["extract"], ["query"], ["diff"], ["evaluate"], ["train"]]
)
def test_help_shows_examples(run, command):
    shown = run(*command, "--help")
    assert shown.returncode == 0
    assert f"kg {command[0] if command else 'build'} " in shown.stdout.split("Example")[1]


def test_version_and_bare_command(run):
    assert run("--version").stdout.startswith("paper-kg ")
    assert run().stdout == run("--help").stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_leaves_nothing_half_written(tmp_path, jobs):
    path = tmp_path / "many.jsonl"
    row = {"abstract": "We propose a convolutional neural network evaluated on ImageNet. " * 20}
    path.write_text("\n".join(json.dumps({"title": f"Paper {n}"} | row) for n in range(5000)), encoding="utf-8")
    command = [sys.executable, "-m", "kg", "build", str(path), "-o", str(tmp_path / "out"), "--jobs", jobs]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert "5,000 papers" in running.stderr.readline()
    time.sleep(2)
    os.killpg(running.pid, signal.SIGINT)  # a terminal sends it to all processes of a command
    _, printed = running.communicate(timeout=20)
    assert running.returncode == 130
    assert printed.splitlines()[-1] == "kg: stopped; every file is whole, or as it was before"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["kg.sqlite"]


@pytest.mark.skipif(find_spec("torch") is not None, reason="the extra `train` is installed")
def test_training_without_its_extra_is_one_line(run, papers, tmp_path):
    done = run("train", papers, "--corpus", papers, "-o", "model", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith("(pip install 'paper-kg[train]')\n")
    assert done.stderr.count("\n") == 1


@pytest.fixture
def conll(tmp_path):
    path = tmp_path / "gold.conll"
    path.write_text("We O\ntrain O\nBERT B-Model\non O\nImageNet B-Data\n. O\n\nNothing O\nhere O\n. O\n", encoding="utf-8")
    return path


def test_evaluate_prints_scores_and_mistakes(run, conll):
    done = run("evaluate", conll, "--gold-labels", "Model=METHOD,Data=TASK")
    assert done.returncode == 0, done.stderr
    assert "gold.conll: 2 papers" in done.stdout
    assert "wrong label" in done.stdout  # ImageNet is no task
    assert "expected calibration error" in done.stdout


def test_evaluate_gives_json(run, conll):
    right, wrong = (
        json.loads(run("evaluate", conll, "--gold-labels", f"Model=METHOD,Data={label}", "--json").stdout)
        for label in ("DATASET", "TASK")
    )
    assert (right["scores"]["mentions"]["support"], right["scores"]["mentions"]["f1"], right["mistakes"]) == (2, 1, [])
    assert wrong["scores"]["mentions"]["f1"] == 0.5
    assert [(mistake["kind"], mistake["found"]["text"]) for mistake in wrong["mistakes"]] == [("wrong label", "ImageNet")]


def test_a_least_score_leaves_mentions_out(run, papers, tmp_path):
    kept = []
    for least in ("0", "1"):
        run("extract", papers, "-o", tmp_path / "mentions.jsonl", "--min-score", least)
        lines = (tmp_path / "mentions.jsonl").read_text(encoding="utf-8").splitlines()
        kept.append([mention for line in lines for mention in json.loads(line)["entities"]])
    assert len(kept[0]) > len(kept[1])
    assert all(mention["score"] == 1 for mention in kept[1])


def test_a_model_of_others_is_used(run, papers, tmp_path):
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "Model", "pattern": "neural network"}])
    nlp.to_disk(tmp_path / "model")
    done = run("extract", papers, "-o", "-", "--model", tmp_path / "model", "--model-labels", "Model=METHOD")
    assert [mention["text"] for mention in json.loads(done.stdout)["entities"]] == ["neural network"]


def test_show_explains_an_entity(run, tmp_path):
    run("build", "-o", tmp_path, "--format", "json")
    shown = run("show", "transformers", "--graph", tmp_path / "graph.json").stdout
    assert "Transformer" in shown
    assert "proposes" in shown
    assert "neighbours" in shown
    missing = run("show", "Transfromer", "--graph", tmp_path / "graph.json")
    assert missing.returncode == 2
    assert "did you mean 'Transformer'" in missing.stderr
    other_kind = run("show", "Transformer", "--kind", "dataset", "--graph", tmp_path / "graph.json")
    assert other_kind.returncode == 2
    assert "no dataset is named 'Transformer' (see kg stats for what there is)" in other_kind.stderr
    assert "did you mean 'ImageNet'" in run("show", "ImagNet", "--kind", "dataset", "--graph", tmp_path / "graph.json").stderr
    figures = run("stats", tmp_path / "graph.json").stdout
    assert "methods that most papers use" in figures


def test_corrections_are_applied_and_reported(run, tmp_path):
    fix = tmp_path / "fix.csv"
    fix.write_text("action,kind,name,to\nrename,dataset,ImageNet,The ImageNet\nreject,method,no such name,\n")
    done = run("build", "-o", tmp_path, "--format", "json", "--corrections", fix)
    assert "rename dataset 'ImageNet' → 'The ImageNet': 1 change" in done.stderr
    assert "reject method 'no such name': matched nothing" in done.stderr
    assert '"dataset:the-imagenet"' in (tmp_path / "graph.json").read_text()
