"""Files in any encoding, through `kg.read`."""

import codecs

import pytest

import kg
from kg.errors import KgError

TITLE = "Über die Größe naïver Schätzer"
TEXTS = {
    "JSON Lines": f'{{"title": "{TITLE}"}}\r\n{{"title": "B"}}\r\n',
    "JSON": f'[{{"title": "{TITLE}"}},\r\n{{"title": "B"}}]',
    "table": f"title,year\r\n{TITLE},2020\r\nB,2021\r\n",
    "page": f"Get trending papers in your email inbox!\r\n{TITLE}\r\nAbstract.\r\nB\r\nAbstract.\r\n",
}


def read(path, content, **options):
    path.write_bytes(content)
    skipped: list[KgError] = []
    titles = [paper.title for paper in kg.read(path, on_skip=skipped.append, **options)]
    return titles, [str(error).replace(str(path), "FILE") for error in skipped]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_the_encoding_is_told_by_the_file(tmp_path, text, encoding):
    assert read(tmp_path / "a", text.encode(encoding)) == ([TITLE, "B"], [])


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "iso8859-15", "utf-16-le", "cp437"])
def test_the_encoding_can_be_stated(tmp_path, text, encoding):
    assert read(tmp_path / "a", text.encode(encoding), encoding=encoding) == ([TITLE, "B"], [])


def test_a_mark_is_no_part_of_the_text_when_the_encoding_is_stated(tmp_path):
    assert read(tmp_path / "a", codecs.BOM_UTF8 + b"title\nA\n", encoding="UTF8") == (["A"], [])


def test_other_scripts_are_guessed(tmp_path):
    title = "深度学习中的注意力机制研究"
    assert read(tmp_path / "a", f"title\n{title}\n".encode("gb18030")) == ([title], [])


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{{"title": "Ä"}}\n{{"title": "Caf{}"}}\n{{"title": "B"}}', 2),
        ('[{{"title": "Ä"}},\n{{"title": "Caf{}"}},\n{{"title": "B"}}]', 2),
        ("title\nÄ\nCaf{}\nB\n", 3),
        ("Get trending papers in your email inbox!\nÄ\nA.\nCaf{}\nA.\nB\nA.\n", 4),
        ("Ä\n\nA.\n\n·\nJul 9, 2020\n\nCaf{}\n\nA.\n\n• 6 authors\n·\nJul 9, 2020\n\nB\n\nA.\n\n·\nJul 9, 2020\n", 8),
        ("Ä\n\nA.\n\n·\nJul 9, 2020\n\nCaf\n\nA.\n\nCaf{}\n·\nJul 9, 2020\n\nB\n\nA.\n\n• 6 authors\n·\nJul 9, 2020\n", 12),
    ],
)
def test_a_record_with_a_stray_byte_is_skipped(tmp_path, content, line):
    titles, skipped = read(tmp_path / "a", content.format("\udce9").encode(errors="surrogateescape"))
    assert titles == ["Ä", "B"]
    assert len(skipped) == 1
    assert skipped[0].startswith(f"FILE:{line}: not UTF-8: byte 0xe9 after ")


def test_a_character_at_the_end_of_the_head_does_not_mislead(tmp_path):
    content = b'{"title": "' + b"A" * (64 * 1024 - 12) + 'ö"}'.encode()
    assert read(tmp_path / "a", content)[0] == ["A" * (64 * 1024 - 12) + "ö"]


@pytest.mark.parametrize("name", ["klingon", "base64", "\0"])
def test_an_unknown_encoding_is_refused(tmp_path, name):
    with pytest.raises(KgError, match="unknown encoding"):
        read(tmp_path / "a", b"title\nA\n", encoding=name)


def test_nul_bytes_are_replaced(tmp_path):
    assert read(tmp_path / "a", b"title\nA\0B\n") == (["A\ufffdB"], [])


def test_an_absurdly_long_line_is_skipped(tmp_path):
    content = b'{"title": "A"}\n{"title": "' + b"x" * 40_000_000 + b'"}\n{"title": "B"}\n'
    titles, skipped = read(tmp_path / "a", content)
    assert titles == ["A", "B"]
    assert skipped[0].startswith("FILE:2: a line of more than 16,777,216 characters")


def test_an_absurdly_long_record_ends_an_array(tmp_path):
    titles, skipped = read(tmp_path / "a", b'[{"title": "A"},\n{"title": "' + b"x" * 40_000_000 + b'"}]')
    assert titles == ["A"]
    assert skipped[0].startswith("FILE:2: not JSON")
