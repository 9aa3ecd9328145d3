"""Parquet tables, through `kg.read`."""

import datetime
import gzip
import sys

import pytest

import kg
from kg.errors import KgError

pytest.importorskip("pyarrow", reason="needs the extra `parquet`")


@pytest.fixture
def table(tmp_path):
    import pyarrow
    from pyarrow import parquet

    columns = {
        "title": ["A", None, "B"],
        "abstract": ["We.", "x", None],
        "authors": [["Ada Lovelace"], None, []],
        "published": [datetime.date(2020, 1, 2), None, None],
    }
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    return tmp_path / "a.parquet"


def read(path):
    skipped: list[KgError] = []
    return list(kg.read(path, on_skip=skipped.append)), [str(error).replace(str(path), "FILE") for error in skipped]


def test_rows_are_papers(table):
    (first, second), skipped = read(table)
    assert (first.title, first.abstract, first.authors, first.published) == ("A", "We.", ("Ada Lovelace",), "2020-01-02")
    assert (second.title, second.source) == ("B", "a.parquet:3")
    assert skipped[0].startswith("FILE:2: no title")


def test_a_compressed_table(table):
    table.write_bytes(gzip.compress(table.read_bytes()))
    assert [paper.title for paper in read(table)[0]] == ["A", "B"]


def test_a_cut_off_table_is_reported(table):
    table.write_bytes(table.read_bytes()[:-20])
    papers, skipped = read(table)
    assert not papers
    assert "not Parquet" in skipped[0]


def test_without_pyarrow_the_extra_is_named(table, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    papers, skipped = read(table)
    assert not papers
    assert "pip install 'paper-kg[parquet]'" in skipped[0]
