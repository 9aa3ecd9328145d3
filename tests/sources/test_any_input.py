# ruff: noqa: E501  # samples and pieces are read better unwrapped
"""Whatever a file holds, reading it ends in papers and errors of one line, never in a traceback.

By hand, with more inputs than the suite has time for: `KG_FUZZ=100000 pytest tests/sources/test_any_input.py --timeout=0`.
"""

import bz2
import gzip
import json
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.errors import KgError
from kg.papers import clean
from kg.sources.packed import zstd

EXAMPLES = int(os.environ.get("KG_FUZZ", "300"))
SECONDS = 5  # for one input of a few kilobytes

SAMPLES = {
    "page": "Get trending papers in your email inbox!\nSubscribeA Title\nAn abstract.\nAnother\nIts abstract.\n",
    "blocks": "A Title\n\nAn abstract.\n\n  • 6 authors\n·\nJul 9, 2020 12\n\nAnother\n\nAbstract.\n\nOrg\n·\nSep 30\n",
    "html": '<!doctype html><html><div data-props="{&quot;dailyPapers&quot;:[{&quot;paper&quot;:{&quot;id&quot;:&quot;1706.03762&quot;,'
    "&quot;title&quot;:&quot;A&quot;,&quot;summary&quot;:&quot;B&quot;}}]}\"></div><article><h3><a href='/papers/1706.03762'>A</a></h3>"
    "<p>B</p></article></html>",
    "json": '[{"title": "A", "authors": [{"name": "X Y"}], "year": 2020.0, "url": ["https://a.org"], "doi": "10.1000/x"}, {"title": "B"}]',
    "json lines": '{"title": "A", "id": "1706.03762v1", "upvotes": "12"}\n{"title": "B", "published": "2020-01"}\n',
    "openalex": '{"id": "https://openalex.org/W1", "title": "A", "abstract_inverted_index": {"a": [0, 2], "b": [1]}, "locations": '
    '[{"landing_page_url": "https://arxiv.org/abs/1706.03762"}], "authorships": [{"author": {"display_name": "X"}}]}\n',
    "dump": '[{"paper_url": "https://paperswithcode.com/paper/a", "arxiv_id": "1706.03762", "title": "A", "abstract": "B", "tasks": ["T"], "methods": '
    '[{"name": "M", "main_collection": {"area": "G"}}]}, {"paper_url": "u", "paper_title": "A", "repo_url": "https://g.example"}]',
    "tables": '[{"task": "T", "datasets": [{"dataset": "D", "dataset_links": [], "sota": {"rows": [{"paper_title": "A", "paper_url": '
    '"http://arxiv.org/abs/1706.03762", "model_name": "M", "metrics": {"F1": "5"}, "code_links": [{"url": "https://g"}]}]}}]}]',
    "csv": 'title,abstract,year\nA,"B, ""C""\nD",2020\nE,F,2021\n',
    "bibtex": '@string{a = "B"}\n@article{k, title = {A {\\"u} $x$}, author = "X, Y and Z", journal = a, year = 2020, month = jun}\n'
    "@misc{k, title={C \\textsc{d}}, url={https://a.org/%20~x}}\n",
    "ris": "TY  - JOUR\nTI  - A\nAU  - X, Y\nPY  - 2020/06//\nAB  - B\nmore\nUR  - https://a.org\nER  - \nTY  - CONF\nT1  - C\nER  - \n",
    "atom": '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/1706.03762v1</id><title>A'
    "</title><summary>B</summary><author><name>X</name></author><published>2017-06-12T00:00:00Z</published></entry></feed>",
    "oai": "<OAI-PMH><ListRecords><record><header><identifier>i</identifier></header><metadata><arXiv><id>1706.03762</id><title>A</title>"
    "<authors><author><keyname>X</keyname></author></authors><abstract>B</abstract></arXiv></metadata></record></ListRecords></OAI-PMH>",
}
PIECES = [b"", b"\0", b"\n", b"\r\n", b'"', b"{", b"}", b"[" * 300, b"<", b">", b"&", b"\\", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b",", b"@",
          b"null", b"1e999", b"-1", b"\\ud800", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"\xed\xa0\x80", b"TY  - ", b"title", b"9" * 5000]  # fmt: skip
edits = st.tuples(st.integers(0, 600), st.integers(0, 40), st.sampled_from(PIECES) | st.binary(max_size=20))
packers = st.sampled_from([lambda content: content] * 6 + [gzip.compress, bz2.compress, zstd.compress])


def check(path, content):
    path.write_bytes(content)
    skipped: list[KgError] = []
    started = time.monotonic()
    for paper in kg.read(path, on_skip=skipped.append):
        assert paper.title.strip()
        texts = (paper.title, paper.abstract, json.dumps(paper.extra, ensure_ascii=False), *paper.authors)
        assert all(text == clean(text) for text in texts)
    assert time.monotonic() - started < SECONDS
    assert all("\n" not in str(error) and str(error).startswith(str(path)) for error in skipped)


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_the_samples_are_read(tmp_path, sample):
    (tmp_path / "a").write_text(sample, encoding="utf-8")
    skipped: list[KgError] = []
    assert list(kg.read(tmp_path / "a", on_skip=skipped.append))
    assert not skipped


@pytest.mark.parametrize(
    "content",
    [
        b"<!---->" * 5000,
        b"<!doctype html>" + b"<!---->" * 5000,
        b"\n" * 60_000 + b"x",
        b" " * 2_000_000,
        b"@misc{a, title = {" + b"{" * 5000 + b"A" + b"}" * 5000 + b"}}",
        b"@misc{a, title = {" + b"\\textbf{" * 5000 + b"A",
        b'{"title": "A", "x": ' + b"[" * 450 + b"]" * 450 + b"}",
        b'{"title": "A", "x": ' + b'{"a":' * 700 + b"1" + b"}" * 701,
        b"[" * 60_000,
        b'{"title": "A", "year": "' + b"9" * 100_000 + b'"}',
        b'{"title": "A", "year": "' + b"9" * 60 + b"." + b"9" * 30 + b'"}',
        b'{"title": "A", "date": "0001-01-01T00:00:00"}',
        b"@" * 60_000,
        b"title\n" + b'"' * 60_001,
        b"TY  - A\n" * 2000,
        b"<feed>" + b"<entry>" * 20_000,
        b"Get trending papers in your email inbox\n" + b"A\n" * 5000,
    ],
    ids=lambda content: repr(content[:24]),
)
def test_files_made_to_be_slow_deep_or_odd(tmp_path, content):
    check(tmp_path / "a", content)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(list(SAMPLES.values())),
    st.sampled_from(["utf-8", "utf-16", "latin-1"]),
    st.lists(edits, max_size=4),
    packers,
    edits,
)
def test_damaged_files(tmp_path, sample, encoding, changes, pack, last):
    content = sample.encode(encoding, errors="replace")
    for start, length, piece in changes:
        content = content[:start] + piece + content[start + length :]
    start, length, piece = last
    packed = pack(content)
    check(tmp_path / "a", packed if packed is content else packed[:start] + piece[:3] + packed[start + length :])


@settings(max_examples=EXAMPLES // 3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"PAR1", b"\x1f\x8b", b"BZh9", b"PK\x03\x04", b"(\xb5/\xfd", b"{", b"[", b"<html>", b"<feed>"]),
)
def test_noise(tmp_path, noise, head):
    check(tmp_path / "a", head + noise)
