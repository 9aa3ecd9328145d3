"""Which encoding a file is in, and what in it that encoding does not explain."""

import codecs
import re

from charset_normalizer import from_bytes

from kg.errors import KgError

# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What bibliographies come in beside UTF-8; among more, a guess from a few accents would be random.
_GUESSES = ["cp1252", "gb18030", "cp932", "euc_kr", "cp1251"]
_WIDE_GUESSES = ["utf_16_le", "utf_16_be"]
_LATIN = "cp1252"  # the superset of Latin-1 that is meant by it
# How an undecodable byte is written: as the lone surrogate U+DC00 + byte, which no decoded text has.
UNDECODED = "kg.undecoded"
_UNDECODED = re.compile("[\udc00-\udcff]")


def _escape(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(UNDECODED, _escape)


def known(name: str) -> str:
    """An encoding's usual name; raises `KgError` for one that Python does not know.

    >>> known("UTF8"), known("latin-1")
    ('utf-8', 'iso8859-1')
    """
    try:
        "".encode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        raise KgError(f"unknown encoding {name!r}", remedy="write e.g. utf-8, latin-1 or utf-16") from None


def detect(head: bytes, *, whole: bool = True) -> str:
    """The encoding of a text that begins so: by its byte order mark, as UTF-8 if it mostly is that, else by a guess.

    A head that is not the whole text may end within a character.

    >>> [detect("größer".encode(encoding)) for encoding in ("utf-8", "latin-1", "utf-16")]
    ['utf-8', 'cp1252', 'utf-16']
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    wide = head.count(0) > len(head) // 4  # as every other byte of English in UTF-16
    if not wide and _is_mostly_utf8(head, whole):
        return "utf-8"
    guess = from_bytes(head, cp_isolation=_WIDE_GUESSES if wide else _GUESSES).best()
    return guess.encoding if guess else _LATIN


def is_guess(encoding: str) -> bool:
    """Whether `detect` says this only where nothing in the text proves it."""
    return encoding not in dict(_MARKS).values()


def undecoded(text: str) -> int | None:
    """The offset of the first byte that could not be decoded, if there is one."""
    found = None if text.isascii() else _UNDECODED.search(text)
    return found.start() if found else None


def _is_mostly_utf8(head: bytes, whole: bool) -> bool:
    """Whether as many characters beyond ASCII are right UTF-8 as bytes are wrong: a damaged file keeps its encoding."""
    beyond = re.sub(r"[\x00-\x7f]+", "", codecs.getincrementaldecoder("utf-8")(UNDECODED).decode(head, final=whole))
    wrong = len(_UNDECODED.findall(beyond))
    return len(beyond) - wrong >= wrong
