"""The bundled example, what it builds to, and the README's snippets."""

import json
import re
import runpy
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).parents[1]
ROWS = [json.loads(line) for line in (ROOT / "examples" / "papers.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_example_holds_at_least_forty_landmark_papers():
    assert len({row["title"] for row in ROWS}) == len(ROWS) >= 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["title"][:40])
def test_example_rows_are_complete_and_short(row):
    assert row["authors"] and row["published"]
    assert 2 <= len(re.findall(r"[.?!](?:\s|$)", row["abstract"])) <= 8
    assert not row.get("code") or row["code"].startswith("https://")


def test_exports_hold_what_the_example_builds_to(example_graph):
    written = kg.load(ROOT / "exports" / "graph.json")
    assert (written.nodes, written.adj) == (example_graph.nodes, example_graph.adj)


def test_the_example_script_runs(capsys):
    runpy.run_path(str(ROOT / "examples" / "explore.py"))
    printed = capsys.readouterr().out
    assert "ImageNet: " in printed
    assert "U-Net" in printed.split("Where U-Net")[1]


def snippets(language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.S)


@pytest.mark.parametrize("snippet", snippets("python"), ids=lambda snippet: snippet.splitlines()[0])
def test_readme_python_runs(snippet, tmp_path, monkeypatch):
    (tmp_path / "papers.jsonl").write_text((ROOT / "examples" / "papers.jsonl").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "graph.ttl").write_bytes((ROOT / "exports" / "graph.ttl").read_bytes())
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet, "README.md", "exec"), {})


def test_readme_names_every_command():
    from typer.main import get_command

    from kg.cli import app

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"kg {name}" in text for name in get_command(app).commands)


def test_the_notebook_runs_and_keeps_no_outputs():
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(ROOT / "examples" / "tour.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in cells)
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": ROOT / "examples"}}).execute()
    assert "U-Net" in cells[3].outputs[0].text
    assert "<iframe srcdoc=" in cells[-1].outputs[0].data["text/html"]
