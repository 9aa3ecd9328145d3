"""`kg query`: SPARQL over exported files, as a user asks it."""

import csv
import io
import json
import os
import pty
import subprocess
import sys

import pytest
from rdflib import Graph

import kg
from kg.export.query import ask, open_export, rows


@pytest.fixture(scope="module")
def folder(graph_of, tmp_path_factory):
    """Two papers of two files, and the same graph in every format that can be asked."""
    path = tmp_path_factory.mktemp("query")
    for suffix in ("ttl", "nt", "nq", "trig", "jsonld", "rdf"):
        kg.write_rdf(graph_of(["Net, a", "[b]"]), path / f"g.{suffix}", base_iri="https://library.example/")
    return path


def query(folder, *arguments, **options):
    command = [sys.executable, "-m", "kg", "query", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, **options)


TITLES = "SELECT ?title { ?paper a kg:Paper ; dcterms:title ?title } ORDER BY ?title"


@pytest.mark.parametrize("suffix", ["ttl", "nt", "nq", "trig", "jsonld", "rdf"])
def test_a_question_fits_every_format(folder, suffix):
    """Our prefixes are known; what two named graphs hold counts once."""
    exported = open_export(folder / f"g.{suffix}")
    assert [title.value for (title,) in rows(ask(exported, TITLES))] == ["Net, a", "[b]"]
    ((count,),) = rows(ask(exported, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
    assert int(count.value) == len(Graph().parse(folder / "g.ttl"))


def test_the_prefixes_are_those_of_the_file(folder):
    (row,) = rows(ask(open_export(folder / "g.ttl"), "SELECT ?label { paper:arxiv-0 dcterms:title ?label }"))
    assert row[0].value == "Net, a"


def test_answers_are_csv_for_programs(folder):
    done = query(folder, TITLES, "g.ttl")
    assert list(csv.reader(io.StringIO(done.stdout))) == [["title"], ["Net, a"], ["[b]"]]


def test_answers_are_json_on_demand(folder):
    found = json.loads(query(folder, TITLES, "g.nt", "--format", "json").stdout)
    assert [row["title"]["value"] for row in found["results"]["bindings"]] == ["Net, a", "[b]"]


def test_a_table_shortens_addresses(folder):
    done = query(folder, "SELECT ?method { ?method a kg:Method } ORDER BY ?method", "g.ttl", "--format", "table")
    head, *rest = done.stdout.splitlines()
    assert head.strip() == "method"
    assert [line.partition("-")[0] for line in rest] == ["method:b", "method:net"]
    assert done.stderr == "2 rows\n"


def test_a_terminal_gets_a_table(folder):
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-m", "kg", "query", TITLES, "g.ttl"], cwd=folder, stdout=theirs, check=True)
    os.close(theirs)
    assert "," in os.read(ours, 1000).decode().splitlines()[1]


def test_construct_and_describe_give_turtle(folder):
    done = query(folder, "DESCRIBE paper:arxiv-0", "g.ttl")
    assert len(Graph().parse(data=done.stdout, format="turtle")) > 3
    assert "paper:arxiv-0 a kg:Paper" in done.stdout


@pytest.mark.parametrize(("text", "answer"), [("ASK { ?x a kg:Paper }", "yes\n"), ("ASK { ?x a kg:Venue }", "no\n")])
def test_ask_is_yes_or_no(folder, text, answer):
    assert query(folder, text, "g.ttl").stdout == answer


def test_a_query_is_read_from_a_file_or_standard_input(folder):
    (folder / "titles.rq").write_text(TITLES, encoding="utf-8")
    assert query(folder, "@titles.rq", "g.ttl").stdout == query(folder, "-", "g.ttl", input=TITLES).stdout != ""


@pytest.mark.parametrize(("argument", "name"), [("@latin.rq", "latin.rq"), ("-", "standard input"), (b"ASK {\xff}", "query")])
def test_a_query_that_is_not_utf8_is_one_line(folder, argument, name):
    (folder / "latin.rq").write_bytes(b"ASK {\xff}")
    with (folder / "latin.rq").open() as stdin:
        done = query(folder, argument, "g.ttl", stdin=stdin)
    assert (done.returncode, done.stderr) == (2, f"kg: {name}: not UTF-8 at byte 5 (convert it to UTF-8)\n")


def test_a_syntax_error_shows_the_line_and_the_place(folder):
    done = query(folder, "SELECT ?s {\n\t?s ?p\n}", "g.ttl")
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("kg: query:3: no SPARQL: expected ")
    assert [line.strip() for line in done.stderr.splitlines()[1:]] == ["}", "^"]


def test_an_unknown_prefix_is_said(folder):
    done = query(folder, "ASK { ?s unknown:name ?o }", "g.ttl")
    assert done.stderr.startswith("kg: query:1: no SPARQL: a prefix that is not declared\n")


BROKEN = {
    "broken.ttl": ("<http://a.example/> <http://a.example/> 1 .\nnonsense .\n", "broken.ttl:2: not Turtle: "),
    "broken.nt": ("<http://a.example/> <b> 1 .\n", "broken.nt:1: not N-Triples: "),
    "broken.jsonld": ('{"@id":\n}', "broken.jsonld:2: not JSON-LD: "),
    "broken.rdf": ("<rdf", "broken.rdf: not RDF/XML: "),
    "broken.docx": ("", "broken.docx: the suffix 'docx' is of no RDF format"),
}


@pytest.mark.parametrize("name", [*BROKEN, "nowhere.ttl", "."])
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, name):
    text, message = BROKEN.get(name, ("", ""))
    if name in BROKEN:
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = query(tmp_path, "ASK {}", name)
    assert done.returncode == 2
    assert done.stderr.startswith(f"kg: {message or name}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([TITLES, "g.ttl", "--format", "ttl"], "SELECT and ASK give no ttl (choose --format table, csv or json)"),
        (["DESCRIBE <http://a.example/>", "g.ttl", "--format", "json"], "CONSTRUCT and DESCRIBE give triples, not json"),
        (["@nowhere.rq", "g.ttl"], "nowhere.rq: No such file or directory (check the path)"),
        (["SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "g.ttl"], "the query can't be answered: "),
    ],
)
def test_wrong_usage_is_one_line(folder, arguments, message):
    done = query(folder, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
