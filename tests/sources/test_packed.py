"""Compressed files, patterns and standard input, through `kg.read` and the command line."""

import bz2
import gzip
import io
import lzma
import subprocess
import sys
import zipfile

import pytest

import kg
from kg.errors import KgError
from kg.sources.packed import zstd

LINES = '{"title": "A"}\n{"title": "Ä"}\n'.encode()
PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd.compress}


def read(source, **options):
    skipped: list[KgError] = []
    return [paper.title for paper in kg.read(source, on_skip=skipped.append, **options)], [str(error) for error in skipped]


def zipped(members: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in members.items():
            writer.writestr(name, content)
    return archive.getvalue()


@pytest.mark.parametrize("suffix", [*PACKERS, "misnamed.jsonl"])
def test_a_compressed_file_is_read_as_it_is(tmp_path, suffix):
    path = tmp_path / f"papers.{suffix}"
    path.write_bytes(PACKERS.get(suffix, gzip.compress)(LINES))
    papers = list(kg.read(path))
    assert [(paper.title, paper.source) for paper in papers] == [("A", f"{path.name}:1"), ("Ä", f"{path.name}:2")]


@pytest.mark.parametrize("packer", PACKERS.values())
def test_parts_compressed_one_by_one_are_one_file(tmp_path, packer):
    path = tmp_path / "papers"
    path.write_bytes(packer(LINES) + packer(LINES))
    assert read(path) == (["A", "Ä", "A", "Ä"], [])


def test_a_zip_archive_is_read_as_a_folder(tmp_path):
    path = tmp_path / "papers.zip"
    path.write_bytes(zipped({"b/b.csv": b"title\nB\n", "a.jsonl": LINES, "__MACOSX/a.jsonl": b"?", "c.png": b"\x89PNG"}))
    titles, skipped = read(path)
    assert titles == ["A", "Ä", "B"]
    assert [error.split(" (")[0] for error in skipped] == [f"{path}/c.png: of no known format"]


def test_a_compressed_table_or_array_or_page(tmp_path):
    for content in (b"title\nA\n", b'[{"title": "A"}]'):
        (tmp_path / "a.gz").write_bytes(gzip.compress(content))
        assert read(tmp_path / "a.gz") == (["A"], [])


@pytest.mark.parametrize("packer", PACKERS.values())
def test_what_is_cut_off_gives_what_came_before(tmp_path, packer):
    lines = b"".join(b'{"title": "%d"}\n' % number**90 for number in range(2000))
    path = tmp_path / "papers"
    path.write_bytes(packer(lines)[:-100])
    titles, skipped = read(path)
    assert titles == [str(number**90) for number in range(len(titles))]
    assert len(skipped) == 1
    assert "not a whole" in skipped[0]


@pytest.mark.parametrize("content", [zipped({"a.jsonl": LINES})[:-20], b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9??????????"])
def test_what_is_broken_is_reported(tmp_path, content):
    path = tmp_path / "papers"
    path.write_bytes(content)
    titles, skipped = read(path)
    assert (titles, len(skipped)) == ([], 1)
    assert "not a whole" in skipped[0]


@pytest.mark.parametrize("packer", [*PACKERS.values(), lambda content: zipped({"a.jsonl": content})])
def test_a_bomb_is_refused_and_the_limit_can_be_set(tmp_path, packer):
    path = tmp_path / "papers"
    path.write_bytes(packer(LINES + b" " * 3_000_000))
    titles, skipped = read(path, max_unpacked=1_000_000)
    assert titles == ["A", "Ä"]
    assert "unpacks to more than 1,000,000 bytes" in skipped[0]
    assert read(path, max_unpacked=4_000_000) == (["A", "Ä"], [])


def test_a_pattern_names_files(tmp_path):
    for name in ("b.jsonl", "a.jsonl", "c.csv", "sub/d.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f'{{"title": "{name}"}}', encoding="utf-8")
    assert read(str(tmp_path / "*.jsonl")) == (["a.jsonl", "b.jsonl"], [])
    assert read(str(tmp_path / "**/*.jsonl")) == (["a.jsonl", "b.jsonl", "sub/d.jsonl"], [])
    with pytest.raises(kg.SourceError, match=r"\*\.tsv: no file matches"):
        read(str(tmp_path / "*.tsv"))


def test_a_name_that_looks_like_a_pattern_is_a_name_first(tmp_path):
    (tmp_path / "papers[1].jsonl").write_bytes(LINES)
    assert read(str(tmp_path / "papers[1].jsonl")) == (["A", "Ä"], [])


def test_standard_input_may_be_compressed():
    done = subprocess.run(
        [sys.executable, "-c", "import kg; print(*(paper.title for paper in kg.read('-')))"],
        input=gzip.compress(LINES),
        capture_output=True,
        env={"PYTHONUTF8": "1"},
        check=True,
    )
    assert done.stdout.decode().split() == ["A", "Ä"]
