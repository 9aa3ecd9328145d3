"""What all commands have: messages, a log file, environment variables, completion."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from kg.cli import app
from kg.cli.reference import reference

README = Path(__file__).parents[1] / "kg" / "cli" / "README.md"


@pytest.fixture
def table(tmp_path):
    """A table in Latin-1, with a row that can't be read."""
    path = tmp_path / "papers.csv"
    path.write_bytes("title,abstract\nGrößer,We train an LSTM on ImageNet.\n,Without a title\n".encode("latin-1"))
    return path


@pytest.fixture
def extract(run):
    def extract(table, *options, **variables):
        return run("extract", table, "-o", table.with_suffix(".jsonl"), *options, **variables)

    return extract


@pytest.mark.parametrize("arguments", [["-v", "extract"], ["extract", "-v"]])
def test_verbose_says_what_is_read_and_how_long_each_step_took(run, table, arguments):
    said = run(*arguments, table, "-o", table.with_suffix(".jsonl")).stderr
    assert f"{table}: read as table\n" in said
    assert f"{table}: taken for cp1252 (state another with --encoding)\n" in said
    assert re.search(r"reading abstracts took \d", said)


def test_a_guessed_encoding_is_told_and_a_sure_one_is_not(extract, table):
    assert "taken for cp1252" in extract(table).stderr
    assert "taken for" not in extract(table, "--encoding", "latin-1").stderr
    table.write_text("title\nGrößer\n", encoding="utf-8-sig")
    assert "utf-8" not in extract(table).stderr


def test_quiet_says_only_errors(extract, table):
    assert extract(table, "-q").stderr == ""
    assert extract(table.with_name("nowhere.csv"), "-q").stderr.startswith("kg: ")


def test_a_log_file_tells_all_with_times_also_of_a_quiet_run(extract, table, tmp_path):
    log = tmp_path / "kg.log"
    extract(table, "-q", "--log-file", log)
    assert extract(tmp_path / "nowhere.csv", KG_LOG_FILE=str(log)).stderr.count("\n") == 1
    said = log.read_text(encoding="utf-8")
    assert re.search(rf"^\d{{4}}-\d\d-\d\d \S+ WARNING skipped {re.escape(str(table))}:3: no title", said, flags=re.M)
    assert "DEBUG reading abstracts took" in said
    assert "Traceback" in said.split("nowhere.csv: No such file")[1]  # of the second run, which appended


def test_a_log_file_that_cannot_be_written_is_one_line(extract, table, tmp_path):
    done = extract(table, "--log-file", tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path}: can't be written" in done.stderr


def test_debug_shows_the_traceback_of_an_error(run):
    assert run("extract", "nowhere.txt", "--debug").stderr.splitlines()[1].startswith("Traceback")
    assert run("build", "--format", "docx", KG_DEBUG="1").stderr.splitlines()[1].startswith("Traceback")


def commands():
    group = typer.main.get_command(app)
    for name, command in group.commands.items():
        yield name, command, typer.Context(command, parent=typer.Context(group), **command.context_settings)


def test_every_option_is_a_variable_that_help_shows():
    """One of its name: with the command, or without where it means the same in several commands."""
    for name, command, context in commands():
        shown = " ".join(command.get_help(context).split())
        for option in command.get_params(context):
            if option.param_type_name == "option" and option.name != "help":
                word = max(option.opts, key=len).removeprefix("--").replace("-", "_").upper()
                assert re.search(rf"\[env var: KG_({name.upper()}_)?{word}[;\]]", shown), (name, option.opts)


def test_the_reference_is_what_the_commands_say():
    """Where not: python -m kg.cli.reference > kg/cli/README.md"""
    assert README.read_text(encoding="utf-8") == reference()
    assert {f"## kg {name}" for name, _, _ in commands()} <= set(reference().splitlines())


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("KG_JOBS", "many", "Invalid value for KG_JOBS: "),
        ("KG_STRICT", "maybe", "Invalid value for KG_STRICT: "),
        ("KG_VERBOSE", "maybe", "Invalid value for KG_VERBOSE: "),
        ("KG_FORMAT", "docx", "unknown format in 'docx': "),
        ("KG_BASE_IRI", "urn:x", "'urn:x' can't be a base IRI"),
        ("KG_MODEL_LABELS", "Material=THING", "'Material=THING' is no list"),
        ("KG_CORRECTIONS", "nowhere.csv", "nowhere.csv: "),
        ("KG_LOG_FILE", "nowhere/kg.log", "nowhere/kg.log: can't be written"),
    ],
)
def test_a_wrong_value_in_a_variable_is_one_line_that_names_it(run, variable, value, message, tmp_path):
    done = run("build", cwd=tmp_path, **{variable: value})
    assert done.returncode == 2
    assert message in done.stderr
    assert variable in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_variable_is_not_named_for_what_only_looks_like_its_value(run, tmp_path):
    done = run("query", "@X1Z.csv", cwd=tmp_path, KG_QUERY_FORMAT="csv", KG_VERBOSE="1")
    assert done.stderr.endswith("kg: X1Z.csv: No such file or directory (check the path)\n")


def test_what_is_typed_goes_before_variables(extract, table):
    assert extract(table, "-v", KG_VERBOSE="0", KG_JOBS="2").stderr.count("took") == 3
    assert extract(table, "--jobs", "1", KG_VERBOSE="0", KG_JOBS="-1").stderr == ""


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_a_shell_completes_commands_options_and_choices():
    script = Path(sys.executable).with_name("kg")
    if not script.exists():
        pytest.skip("needs paper-kg to be installed")
    lines = ['eval "$(kg --show-completion)"']
    for words in ("kg ex", "kg build --for", "kg plot by"):
        lines.append(f"COMP_WORDS=({words}); COMP_CWORD={len(words.split()) - 1}; _kg_completion kg; echo ${{COMPREPLY[@]}}")
    path = f"{script.parent}:{os.environ['PATH']}"
    done = subprocess.run(["bash", "-c", "\n".join(lines)], capture_output=True, text=True, env={**os.environ, "PATH": path})
    assert done.stdout.splitlines() == ["extract", "--format", "by-year"]


def test_papers_that_the_model_was_not_made_for_are_counted_and_named(run, tmp_path):
    german = "Wir stellen ein neues Verfahren vor, das Objekte in Bildern mit einem tiefen neuronalen Netz erkennt. " * 2
    law = "States freeze the assets of foreign central banks. This article asks whether such a measure breaks the law. " * 3
    rows = [
        ("Ein Verfahren", german),
        *((f"Assets {number}", law) for number in range(5)),
        ("SparseNet", "We train SparseNet."),
    ]
    path = tmp_path / "papers.jsonl"
    path.write_text("\n".join(json.dumps({"title": title, "abstract": text}) for title, text in rows), encoding="utf-8")
    said = run("build", path, "-o", tmp_path / "out", "--format", "json", "--log-file", tmp_path / "log").stderr
    assert "1 paper not in English, for which the model was not made: Ein Verfahren\n" in said
    assert "5 papers not about machine learning, it seems, for which the model was not made: Assets 0; " in said
    assert said.count("Assets") == 3
    assert (tmp_path / "log").read_text(encoding="utf-8").count("not about machine learning, it seems: Assets") == 5
