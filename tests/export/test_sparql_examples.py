"""The example queries answered by rdflib, Oxigraph and Virtuoso: the same values from each."""

import json
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import Graph, Literal

import kg
from kg.export.query import ask, open_export, serialize

ROOT = Path(__file__).parents[2]
QUERIES = sorted((ROOT / "examples" / "sparql").glob("*.rq"))
NUMBERS = ("integer", "decimal", "double", "boolean")


@pytest.fixture(scope="module")
def exported(example_graph, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    for suffix in ("ttl", "nt"):
        kg.write_rdf(example_graph, folder / f"graph.{suffix}")
    return folder


@pytest.fixture(scope="module")
def oxigraph(exported):
    return open_export(exported / "graph.ttl")


@pytest.fixture(scope="module")
def rdflib(exported):
    return Graph().parse(exported / "graph.ttl")


@pytest.fixture(scope="module", params=["ttl", "nt"])
def loaded(request, virtuoso, exported):
    """The graph in Virtuoso, from either file."""
    graph = f"https://library.example/{request.param}"
    virtuoso.load(exported / f"graph.{request.param}", graph)
    return lambda query: virtuoso.ask(query, graph)


def value(binding):
    """Numbers by their value: Virtuoso turns 1.50 into 1.5 and booleans into 1."""
    if binding and binding.get("datatype", "").rpartition("#")[2] in NUMBERS:
        return Decimal({"true": "1", "false": "0"}.get(binding["value"], binding["value"])).normalize()
    return binding and binding["value"]


def rows(results):
    return [tuple(value(row.get(name)) for name in results["head"]["vars"]) for row in results["results"]["bindings"]]


def answer(exported, query):
    return rows(json.loads(serialize(ask(exported, query), "json", {})))


def test_there_are_a_dozen_questions():
    assert len(QUERIES) >= 12


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_a_question_has_the_same_answer_in_rdflib_and_oxigraph(query, oxigraph, rdflib):
    text = query.read_text(encoding="utf-8")
    assert text.startswith("# ")
    found = answer(oxigraph, text)
    assert found
    assert found == rows(json.loads(rdflib.query(text).serialize(format="json")))


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_a_question_has_the_same_answer_in_virtuoso(query, oxigraph, loaded):
    text = query.read_text(encoding="utf-8")
    # Stores order strings each by their own collation.
    assert sorted(rows(loaded(text)), key=repr) == sorted(answer(oxigraph, text), key=repr)


def test_virtuoso_holds_as_many_triples(loaded, rdflib):
    assert rows(loaded("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")) == [(len(rdflib),)]


@pytest.mark.parametrize("suffix", ["ttl", "nt"])
def test_nasty_names_survive_virtuoso(virtuoso, nasty_graph, tmp_path, suffix):
    kg.write_rdf(nasty_graph, tmp_path / f"nasty.{suffix}")
    virtuoso.load(tmp_path / f"nasty.{suffix}", f"https://library.example/nasty/{suffix}")
    found = virtuoso.ask("SELECT ?s ?p ?o { ?s ?p ?o }", f"https://library.example/nasty/{suffix}")
    expected = {
        (str(s), str(p), value({"value": str(o), "datatype": str(o.datatype)} if isinstance(o, Literal) else {"value": str(o)}))
        for s, p, o in kg.to_rdf(nasty_graph)
    }
    assert set(rows(found)) == expected


def test_the_recipe_for_virtuoso_runs_as_written(free_port, tmp_path):
    """README's commands, on ports that are free; the example's committed export."""
    for program in ("virtuoso-t", "isql-vt", "curl"):
        if not shutil.which(program):
            pytest.skip(f"needs {program} (Debian: virtuoso-opensource-7-bin, curl)")
    (recipe,) = re.findall(
        r"```bash\n(mkdir -p virtuoso.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    port = free_port()
    recipe = recipe.replace("127.0.0.1:1111", f"127.0.0.1:{port}").replace("127.0.0.1:8890", f"127.0.0.1:{free_port()}")
    for name in ("exports", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    try:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", recipe], cwd=tmp_path, capture_output=True, text=True, check=True
        )
    finally:
        subprocess.run(["isql-vt", f"127.0.0.1:{port}", "dba", "dba", "exec=shutdown;"], capture_output=True, timeout=60)
    assert '"ImageNet",' in done.stdout
