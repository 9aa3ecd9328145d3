"""Hugging Face papers pages (huggingface.co/papers) saved as text, in the two layouts that browsers give.

Plain: banner lines, then a title line and its abstract line in turn, "Subscribe" glued to the first title.
Blocks: blocks between blank lines, a paper's last one with its date:

    Attention Is All You Need

    We introduce the Transformer ...

      • 8 authors
    ·
    Jun 12, 2017 35
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from kg.errors import RecordError
from kg.papers import make_paper, partial_date
from kg.schema import Paper
from kg.sources.files import TextFile, check_decoded

_BANNER = "Get trending papers in your email inbox"
_SUBSCRIBE = "Subscribe"
_TITLE_CHARS = 250
_AUTHOR_COUNT = re.compile(r"•\s*[\d,]+ authors?")
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATE = re.compile(
    rf"(?P<day>(?:{_MONTHS}) \d{{1,2}})(?:, (?P<year>\d{{4}}))?(?: (?P<upvotes>\d[\d,]*(?:\.\d+)?)(?P<thousands>k?))?"
)

# Non-blank lines with their numbers.
Block = list[tuple[int, str]]


def matches(head: str) -> bool:
    """Whether a text that begins so is a saved papers page."""
    return _BANNER in head or any(_AUTHOR_COUNT.fullmatch(line.strip()) for line in head.splitlines())


def read(file: TextFile) -> Iterator[Paper | RecordError]:
    """Yields the listed papers in the order of the page; those listed twice, twice."""
    # What can't be decoded spoils a paper, what is too long the page.
    texts = (line.text if line.cut else line.raw for line in file.lines())
    lines = [(number, text.strip()) for number, text in enumerate(texts, start=1)]
    if any(line == "·" for _, line in lines):
        return _read_blocks(file, lines)
    return _read_plain(file, lines)


def _read_plain(file: TextFile, lines: Block) -> Iterator[Paper | RecordError]:
    unglued = [(number, line.removeprefix(_SUBSCRIBE)) for number, line in lines if not line.startswith(_BANNER)]
    listing = [(number, line) for number, line in unglued if line]
    position = 0
    while position < len(listing):
        number, title = listing[position]
        abstract = listing[position + 1][1] if position + 1 < len(listing) else ""
        if _is_abstract(abstract):
            yield _paper(file, listing[position : position + 2])
            position += 2
        else:
            yield RecordError(f"no abstract after the title {title!r}", at=file.at(number), remedy="save the page again")
            position += 1


def _is_abstract(line: str) -> bool:
    """Whether a line is prose: titles are shorter and hardly ever end in a full stop."""
    return len(line) > _TITLE_CHARS or line.endswith(".")


def _read_blocks(file: TextFile, lines: Block) -> Iterator[Paper | RecordError]:
    blocks = [list(group) for blank, group in groupby(lines, key=lambda line: not line[1]) if not blank]
    year = file.options.year or _page_year(blocks)
    texts: Block = []
    # Banner and header end with a date that stands alone; a page without one starts with its first paper.
    header = next((i for i, block in enumerate(blocks[:10]) if len(block) == 1 and _DATE.fullmatch(block[0][1])), -1)
    for block in blocks[header + 1 :]:
        date = _DATE.fullmatch(block[-1][1])
        if date is None:
            texts.append((block[0][0], "\n".join(line for _, line in block)))
        elif texts:
            yield _paper(file, texts, block, **_details(block, date, year))
            texts = []
        else:
            yield RecordError("a date without a title before it", at=file.at(block[0][0]), remedy="save the page again")
    if texts:
        yield RecordError(f"no date after the title {texts[0][1]!r}", at=file.at(texts[0][0]), remedy="save the page again")


def _page_year(blocks: list[Block]) -> int | None:
    """The year of saving: dates of that year are printed without it, so it is one past the greatest printed."""
    dates = (_DATE.fullmatch(block[-1][1]) for block in blocks)
    return max((int(date["year"]) + 1 for date in dates if date and date["year"]), default=None)


def _paper(file: TextFile, texts: Block, byline: Sequence[tuple[int, str]] = (), **details: Any) -> Paper | RecordError:
    """A paper of its title and abstract, unless a byte in what is printed of it can't be decoded."""
    (number, title), *abstract = texts
    try:
        for line, text in [*texts, *byline]:
            check_decoded(text, file.encoding, file.at(line))
    except RecordError as error:
        return error
    return make_paper(title, "\n\n".join(text for _, text in abstract), source=file.provenance(number), **details)


def _details(block: Block, date: re.Match[str], year: int | None) -> dict[str, Any]:
    byline = [line for _, line in block[:-1] if line != "·" and not _AUTHOR_COUNT.fullmatch(line)]
    printed_year = date["year"] or year
    return {
        "published": partial_date(f"{date['day']}, {printed_year}") if printed_year else None,
        "organization": byline[0] if byline else None,
        "upvotes": _upvotes(date),
    }


def _upvotes(date: re.Match[str]) -> int | None:
    if not date["upvotes"]:
        return None
    printed = float(date["upvotes"].replace(",", ""))
    return round(printed * 1000) if date["thousands"] else round(printed)
