"""JSON, tables and folders as files, through `kg.read`."""

import csv
import http.server
import io
import json
import os
import threading
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.errors import KgError
from kg.sources.files import TextFile
from kg.sources.json_records import read as read_json
from kg.sources.table import read as read_table

titles = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1).filter(str.strip)
cells = st.text(st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n\t"))


def read(path, text):
    """Papers and skips of a file with this content."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    skipped: list[KgError] = []
    return list(kg.read(path, on_skip=skipped.append)), [str(error).replace(str(path), "FILE") for error in skipped]


def test_json_lines(tmp_path):
    papers, skipped = read(tmp_path / "a.jsonl", '{"title": "A"}\n\n{"title": "B", "summary": "\u2028"}\r\n')
    assert [paper.title for paper in papers] == ["A", "B"]
    assert [paper.source for paper in papers] == ["a.jsonl:1", "a.jsonl:3"]
    assert not skipped


def test_bad_lines_are_skipped_and_located(tmp_path):
    lines = ['{"title": "A"}', '{"title": "B"', '"text"', "{}", '{"title": "C"}']
    papers, skipped = read(tmp_path / "a.jsonl", "\n".join(lines))
    assert [paper.title for paper in papers] == ["A", "C"]
    assert [error.split(" (")[0] for error in skipped] == [
        "FILE:2: not JSON: Expecting ',' delimiter at column 14",
        "FILE:3: a str, not an object with fields",
        "FILE:4: no title",
    ]


def test_json_array_with_lines(tmp_path):
    papers, skipped = read(tmp_path / "a.json", '[\n {"title": "A"},\n {},\n {"title": "B"}\n]')
    assert [(paper.title, paper.source) for paper in papers] == [("A", "a.json:2"), ("B", "a.json:4")]
    assert skipped[0].startswith("FILE:3: no title")


def test_objects_over_several_lines_and_behind_an_array(tmp_path):
    papers, skipped = read(tmp_path / "a.json", '{\n "title": "A"\n}\n{\n "title": "B"\n}\n[{"title": "C"}]')
    assert [(paper.title, paper.source) for paper in papers] == [("A", "a.json:1"), ("B", "a.json:4"), ("C", "a.json:7")]
    assert not skipped


@pytest.mark.parametrize("value", ["1" * 5000, "[" * 100_000])
def test_json_that_python_cannot_hold_is_skipped(tmp_path, value):
    papers, skipped = read(tmp_path / "a.jsonl", f'{{"title": "A", "x": {value}}}\n{{"title": "B"}}')
    assert [paper.title for paper in papers] == ["B"]
    assert skipped[0].startswith("FILE:1: not JSON")


def test_blank_lines_before_a_header_are_no_rows(tmp_path):
    papers, skipped = read(tmp_path / "a.csv", "\n\nPaper Title,Year\nA,2020\n,2021\n")
    assert [(paper.title, paper.source) for paper in papers] == [("A", "a.csv:4")]
    assert skipped[0].startswith("FILE:5: no title")


def test_a_text_too_long_for_an_abstract_is_skipped(tmp_path):
    papers, skipped = read(tmp_path / "a.jsonl", json.dumps({"title": "A", "abstract": "x" * 1_000_001}))
    assert not papers
    assert "is no abstract: 'A'" in skipped[0]


def test_a_pipe_is_read_once_and_whole(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    rows = "\n".join(json.dumps({"title": f"A title, number {number}"}) for number in range(2000))
    threading.Thread(target=(tmp_path / "pipe").write_text, args=(rows,)).start()
    assert len(list(kg.read(tmp_path / "pipe"))) == 2000


def test_a_cut_off_array_gives_what_was_whole(tmp_path):
    papers, skipped = read(tmp_path / "a.json", '[{"title": "A"},\n {"title": "B')
    assert [paper.title for paper in papers] == ["A"]
    assert "FILE:2: not JSON" in skipped[0]


@given(st.lists(st.tuples(titles, cells)))
def test_json_round_trip(rows):
    records = [{"title": title, "abstract": abstract} for title, abstract in rows]
    for text in (json.dumps(records), "\n".join(map(json.dumps, records))):
        papers = list(read_json(TextFile.from_bytes(text.encode(), "x")))
        assert [(p.title, p.abstract) for p in papers] == [
            (title, abstract if abstract.strip() else "") for title, abstract in rows
        ]


@given(st.lists(st.tuples(titles, cells), min_size=1), st.sampled_from(",\t;"))
def test_table_round_trip(rows, delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("title", "abstract"), *rows])
    papers = list(read_table(TextFile.from_bytes(text.getvalue().encode(), "x")))
    assert [(p.title, p.abstract) for p in papers] == [
        (title, abstract if abstract.strip() else "") for title, abstract in rows
    ]


def test_table_rows_that_do_not_fit_are_skipped(tmp_path):
    papers, skipped = read(tmp_path / "a.csv", "Title,Year\nA,2020\nB,2021,too,many\n,2022\nC,2023\n")
    assert [(paper.title, paper.published) for paper in papers] == [("A", "2020"), ("C", "2023")]
    assert [error.split(":")[1] for error in skipped] == ["3", "4"]


def test_an_open_quote_is_reported(tmp_path):
    papers, skipped = read(tmp_path / "a.csv", 'title,abstract\nA,"x"y\nB,z\n')
    assert not papers
    assert "not a table row" in skipped[0]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    papers, _ = read(tmp_path / "a.csv", b"\xef\xbb\xbftitle,year\nA,2020\n")
    assert papers[0].title == "A"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("just words\n", "of no known format"),
        (b"\x00\x01", "of no known format"),
        ("a\rb\n", "of no known"),
    ],
)
def test_what_holds_no_papers_is_reported(tmp_path, content, reason):
    papers, skipped = read(tmp_path / "a.bin", content)
    assert not papers
    assert skipped[0].startswith(f"FILE: {reason}")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(kg.SourceError, match=r"nowhere\.txt: No such file or directory \(check the path\)"):
        list(kg.read(tmp_path / "nowhere.txt"))


def test_a_folder_reads_all_its_files_and_goes_on_past_what_it_cannot(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.jsonl").write_text('{"title": "B"}', encoding="utf-8")
    (tmp_path / "a.csv").write_text("title\nA\n", encoding="utf-8")
    (tmp_path / "c.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden").write_text("?", encoding="utf-8")
    skipped: list[KgError] = []
    assert [paper.title for paper in kg.read(tmp_path, on_skip=skipped.append)] == ["A", "B"]
    assert [error.at.source for error in skipped] == [str(tmp_path / "c.png")]


@pytest.fixture
def server(tmp_path):
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_a_web_address_is_fetched(tmp_path, server):
    (tmp_path / "papers.jsonl").write_text('{"title": "A"}', encoding="utf-8")
    assert [paper.title for paper in kg.read(f"{server}/papers.jsonl")] == ["A"]


def test_an_address_gives_no_more_than_the_limit(tmp_path, server):
    (tmp_path / "papers.jsonl").write_text('{"title": "A"}' * 100, encoding="utf-8")
    with pytest.raises(kg.SourceError, match="more than 1,000 bytes"):
        list(kg.read(f"{server}/papers.jsonl", max_unpacked=1000))


def test_an_unreachable_address_is_one_line(server):
    with pytest.raises(kg.SourceError, match=r"can't be fetched: 404 .*\(check the address and the network\)"):
        list(kg.read(f"{server}/missing"))
