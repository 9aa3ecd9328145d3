"""`kg diff`: patches that make the old export the new one, and a summary."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

import kg
from kg.export.changes import summary
from kg.export.diff import Diff, read_diff, updates, write_patch
from kg.papers import clean


def diff(*arguments, **options):
    return subprocess.run([sys.executable, "-m", "kg", "diff", *map(str, arguments)], capture_output=True, text=True, **options)


iris = st.sampled_from([NamedNode(f"https://a.example/{name}") for name in ("x", "y", "é", "a%20b")])
literals = st.text(st.characters(blacklist_categories=("Cs",)) | st.sampled_from('"\\{}\n\r\t')).map(
    lambda text: Literal(clean(text))
)
graphs = st.frozensets(st.builds(Triple, iris, iris, iris | literals | st.integers().map(Literal)), max_size=8)


def store_of(triples):
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return store


def held(store):
    return {quad.triple for quad in store}


@given(graphs, graphs)
def test_updates_make_the_old_export_the_new_one(old, new):
    store = store_of(old)
    for update in updates(Diff(old, new)):
        store.update(update)
    assert held(store) == new


@settings(max_examples=30)
@given(graphs, graphs)
def test_patches_make_the_old_export_the_new_one(tmp_path_factory, old, new):
    folder = tmp_path_factory.mktemp("patch")
    serialize(old, folder / "old.nt", RdfFormat.N_TRIPLES)
    serialize(new, folder / "new.ttl", RdfFormat.TURTLE)
    write_patch(read_diff(folder / "old.nt", folder / "new.ttl"), folder)
    store = store_of(old)
    for quad in list(_quads(folder / "removed.nt")):
        store.remove(quad)
    store.extend(_quads(folder / "added.nt"))
    assert held(store) == new


def _quads(path):
    store = Store()
    store.load(path=path, format=RdfFormat.N_TRIPLES)
    return iter(store)


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """Three papers, and after a second reading one more, one less and one other."""
    folder = tmp_path_factory.mktemp("exports")
    sparse = {"title": "SparseNet", "abstract": "We propose SparseNet, evaluated on ImageNet."}
    dense = {"title": "DenseNet", "abstract": "We propose DenseNet, evaluated on CIFAR-10 and ImageNet."}
    other = {"title": "A Survey", "abstract": "We use ImageNet."}
    for name, papers in (("old.ttl", [sparse, other]), ("new.nt", [sparse, dense])):
        kg.write_rdf(kg.build(kg.read(papers)), folder / name)
    return folder


def test_the_summary_tells_papers_entities_and_relations(exports):
    done = diff(exports / "old.ttl", exports / "new.nt")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:3] == ["papers: 1 added, 1 removed", "  + DenseNet", "  - A Survey"]
    assert "datasets: 1 added, 0 removed" in lines
    assert "  + CIFAR-10" in lines
    assert "evaluated on: 2 added, 0 removed" in lines
    assert "  + DenseNet · evaluated on · CIFAR-10" in lines
    assert lines[-1].startswith("triples: ")


def test_the_most_notable_come_first():
    def triples(papers):
        kind, count = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), "https://paper-kg.example/vocabulary#"
        for number, named in enumerate(papers):
            entity = NamedNode(f"https://a.example/{number}")
            yield Triple(entity, kind, NamedNode(f"{count}Method"))
            yield Triple(entity, NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"), Literal(f"M{number}"))
            yield Triple(entity, NamedNode(f"{count}paperCount"), Literal(named))

    told = list(summary(Diff(frozenset(), frozenset(triples([1, 7, 1, 30, 1, 1, 1])))))
    assert told[:3] == ["methods: 7 added, 0 removed", "  + M3 (30 papers)", "  + M1 (7 papers)"]
    assert told[6] == "  + … and 2 more"


def test_the_same_content_in_another_format_is_no_change(exports, tmp_path):
    kg.write_rdf(kg.build(kg.read({"title": "T"})), tmp_path / "a.trig")
    kg.write_rdf(kg.build(kg.read({"title": "T"})), tmp_path / "a.rdf")
    done = diff(tmp_path / "a.trig", tmp_path / "a.rdf")
    assert (done.returncode, done.stdout) == (0, "nothing changed\n")
    assert diff(tmp_path / "a.trig", tmp_path / "a.rdf", "--sparql").stdout == ""


def test_a_patch_is_written_to_a_folder(exports, tmp_path):
    done = diff(exports / "old.ttl", exports / "new.nt", "-o", tmp_path / "patch")
    assert done.returncode == 0
    assert sorted(path.name for path in (tmp_path / "patch").iterdir()) == ["added.nt", "removed.nt"]


def test_sparql_is_printed_whole(exports):
    store = Store()
    store.load(path=exports / "old.ttl", to_graph=NamedNode("https://a.example/graph"))
    store.update(diff(exports / "old.ttl", exports / "new.nt", "--sparql", "--graph", "https://a.example/graph").stdout)
    expected = Store()
    expected.load(path=exports / "new.nt")
    assert held(store) == held(expected)


def test_long_updates_come_in_chunks():
    triples = frozenset(
        Triple(NamedNode("https://a.example/"), NamedNode("https://a.example/"), Literal(n)) for n in range(2_500)
    )
    assert [update.count("\n") for update in updates(Diff(frozenset(), triples))] == [1_001, 1_001, 501]


def test_virtuoso_applies_the_updates(virtuoso, exports):
    graph = "https://library.example/diff"
    virtuoso.load(exports / "old.ttl", graph)
    found = read_diff(exports / "old.ttl", exports / "new.nt")
    for update in updates(found, graph):
        virtuoso.isql(f"SPARQL {update};")
    count = virtuoso.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", graph)
    assert int(count["results"]["bindings"][0]["n"]["value"]) == len(found.new)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.ttl", "b.nt"], "nowhere.ttl: No such file or directory"),
        (["b.nt", "b.nt"], "b.nt: has blank nodes, which a patch can't name"),
        (["a.nt", "a.nt", "--sparql", "--graph", "no iri"], "'no iri' is no IRI of a graph"),
    ],
)
def test_wrong_usage_is_one_line(tmp_path, arguments, message):
    (tmp_path / "a.nt").write_text("", encoding="utf-8")
    (tmp_path / "b.nt").write_text("_:a <http://a.example/> _:b .\n", encoding="utf-8")
    done = diff(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
