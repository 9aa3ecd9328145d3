"""The store: what it is given, it gives back; what is not its own, it refuses."""

import json
import resource
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, Skip
from kg.papers import make_paper
from kg.schema import Abbreviation, Extraction, Label, Link, LinkRole, Mention, Result, Role, SourceFile
from kg.store import Source, Store

texts = st.text(st.characters(exclude_categories=["Cs"]))
links = st.builds(Link, texts, st.sampled_from(LinkRole), st.none() | st.integers(0, 9))
extras = st.dictionaries(texts, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts | st.lists(texts))
papers = st.builds(
    make_paper,
    texts,
    texts,
    authors=st.lists(texts),
    published=st.none() | st.just("2017-06"),
    venue=st.none() | texts,
    links=st.lists(links),
    extra=extras,
)


def extraction(paper):
    """What a careful reader might find in the first letter."""
    return Extraction(
        paper,
        mentions=(Mention(paper.text[:1], Label.METHOD, 0, 1, Role.USED, 0.1 + 0.2), Mention("", Label.TASK, 0, 0)),
        abbreviations=(Abbreviation("A", "a b"),),
        links=(Link("https://a.example", LinkRole.CODE, 0, 1),),
        results=(Result(None, "D", "F1", "1.50", 1.5, True, 0, 1),),
    )


@given(st.lists(papers, max_size=4))
def test_records_and_extractions_come_back_as_they_were(tmp_path_factory, records):
    path, skipped = tmp_path_factory.mktemp("store") / "kg.sqlite", (Skip("a.jsonl", 3, "no title", None),)
    with Store(path) as store:
        store.put(Source("a", (SourceFile("a.jsonl", "0"),), skipped, {"year": "2024"}, "now"), records)
        first = list(store.extractions(records, "pipeline", lambda unread: map(extraction, unread)))
    with Store(path) as store:
        assert store.records() == records
        again = list(store.extractions(records, "pipeline", lambda unread: pytest.fail("extracted again") if unread else []))
        (source,) = store.sources()
    assert again == first == [extraction(paper) for paper in records]
    assert (source.skipped, source.parameters, source.records) == (skipped, {"year": "2024"}, len(records))


def test_another_pipeline_reads_the_texts_itself(tmp_path):
    read = []
    with Store(tmp_path / "kg.sqlite") as store:
        for pipeline in ("one", "two", "one"):
            list(
                store.extractions([make_paper("Adam")], pipeline, lambda unread: read.extend(unread) or map(extraction, unread))
            )
    assert len(read) == 2


def test_what_was_extracted_before_a_stop_is_kept(tmp_path):
    both = [make_paper("Adam"), make_paper("Dropout")]

    def stopped(unread):
        yield extraction(unread[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Store(tmp_path / "kg.sqlite") as store:
        list(store.extractions(both, "pipeline", stopped))
    with Store(tmp_path / "kg.sqlite") as store:
        list(store.extractions(both, "pipeline", lambda unread: [extraction(paper) for paper in unread if paper == both[1]]))
        assert len(list(store.extractions(both, "pipeline", lambda unread: []))) == 2


def test_a_change_that_fails_changes_nothing(tmp_path):
    with Store(tmp_path / "kg.sqlite") as store:
        store.put(Source("a"), [make_paper("Adam")])
        with pytest.raises(ZeroDivisionError), store.transaction():
            store.clear()
            store.put(Source("b"), (1 // 0 for _ in "x"))
        assert [source.name for source in store.sources()] == ["a"]
        assert len(store.records()) == 1


def test_a_source_put_again_takes_the_place_of_the_earlier_one(tmp_path):
    with Store(tmp_path / "kg.sqlite") as store:
        store.put(Source("a"), [make_paper("Adam"), make_paper("Dropout")])
        store.put(Source("a"), [make_paper("Adam")])
        assert [paper.title for paper in store.records()] == ["Adam"]


def test_a_paper_is_forgotten_with_all_its_records_and_what_was_found_in_them(tmp_path):
    adam, again, dropout = make_paper("Adam", arxiv="1412.6980"), make_paper("ADAM", "We …"), make_paper("Dropout")
    with Store(tmp_path / "kg.sqlite") as store:
        store.put(Source("a"), [adam, dropout])
        store.put(Source("b"), [again])
        list(store.extractions([adam, again, dropout], "pipeline", lambda unread: map(extraction, unread)))
        assert store.forget("arxiv:1412.6980") == 2
        assert store.records() == [dropout]
        assert store.forget("arxiv:1412.6980") is None
    with closing(sqlite3.connect(tmp_path / "kg.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM extraction").fetchone() == (1,)


def test_a_source_is_forgotten_but_not_what_another_tells_too(tmp_path):
    with Store(tmp_path / "kg.sqlite") as store:
        store.put(Source("a"), [make_paper("Adam"), make_paper("Dropout")])
        store.put(Source("b"), [make_paper("Adam")])
        assert store.forget("a") == 2
        assert [paper.title for paper in store.records()] == ["Adam"]


def test_a_source_without_records_is_forgotten_and_no_paper_of_its_name(tmp_path):
    with Store(tmp_path / "kg.sqlite") as store:
        store.put(Source("Adam"), [])
        store.put(Source("b"), [make_paper("Adam")])
        assert store.forget("Adam") == 0
        assert [source.name for source in store.sources()] == ["b"]
        assert len(store.records()) == 1


def test_the_settings_of_the_last_run_are_remembered(tmp_path):
    with Store(tmp_path / "kg.sqlite") as store:
        assert store.settings() == {}
        store.begin("build", "1", {"title": "One", "known": [tmp_path]}, "now")
        store.end(store.begin("add", "1", {"title": "Two", "quotes": None}, "now"), "then")
        assert store.settings() == {"title": "Two", "quotes": None}


def refused(path):
    with pytest.raises(KgError) as caught, Store(path):
        pass
    assert "\n" not in str(caught.value) and str(path) in str(caught.value) and caught.value.remedy
    return caught.value.reason


def test_one_run_has_the_store_for_itself(tmp_path):
    with Store(tmp_path / "kg.sqlite") as store:
        assert refused(tmp_path / "kg.sqlite") == "in use by another run"
        store.put(Source("a"), [make_paper("Adam")])
    with Store(tmp_path / "kg.sqlite") as store:
        assert len(store.records()) == 1


def test_what_is_no_store_is_refused_and_left_as_it_is(tmp_path):
    text, database = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    text.write_text("Not a database, but my notes of ten years, long enough to be taken for one. " * 9, encoding="utf-8")
    with closing(sqlite3.connect(database)) as other:
        other.execute("CREATE TABLE mine (x)")
    before = text.read_bytes(), database.read_bytes()
    assert refused(text) == "file is not a database"
    assert refused(database) == "no store of paper-kg"
    assert (text.read_bytes(), database.read_bytes()) == before


def test_a_store_of_a_newer_version_is_refused(tmp_path):
    with Store(tmp_path / "kg.sqlite"):
        pass
    with closing(sqlite3.connect(tmp_path / "kg.sqlite")) as database:
        database.execute("PRAGMA user_version = 99")
    assert refused(tmp_path / "kg.sqlite").startswith("of a newer paper-kg: version 99")


def test_a_folder_that_is_none_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    assert refused(tmp_path / "file" / "kg.sqlite").startswith("can't be made")
    assert refused(tmp_path).startswith("can't be")


def test_a_full_disk_damages_nothing(tmp_path):
    """The limit on the size of files stands for the disk: SQLite meets the same failing write."""
    with Store(tmp_path / "kg.sqlite") as store:
        store.put(Source("a"), [make_paper("Adam")])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with Store(tmp_path / "kg.sqlite") as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
            with pytest.raises(KgError, match=r"kg.sqlite: can't be written: .* \(make room"):
                store.put(Source("b"), (make_paper(f"Paper {number}", "x" * 1000) for number in range(5000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    with Store(tmp_path / "kg.sqlite") as store:
        assert [source.name for source in store.sources()] == ["a"]
        assert json.dumps([paper.title for paper in store.records()]) == '["Adam"]'
