"""Gold data of others: CoNLL columns, one token a line, with tags of the BIO family (Ramshaw and Marcus 1995)."""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from kg.errors import Location, SourceError
from kg.nlp.foreign import our_labels
from kg.schema import Label, Mention
from kg.training.gold import GoldPaper, read_lines

_TAG = re.compile(r"O|([BIESLU])-(.+)")
# Tags that begin a name whatever stands before them: BIO, IOBES and BILOU write them differently.
_BEGINS = frozenset("BSU")


def read_conll(path: Path, labels: Mapping[str, str] | None = None) -> Iterator[GoldPaper]:
    """Yields one annotated text a document, or a sentence where no `-DOCSTART-` line parts documents.

    The token is the first column of a line, its tag the last; an empty line ends a sentence.

    Args:
        path: The file.
        labels: Our label for each of the file's; its others are left out. By default ours, in any case.

    Raises:
        SourceError: A line has one column only, or no tag in its last.
    """
    names = our_labels(labels)
    lines = [line.split() for line in read_lines(path)]
    by_document = any(columns[:1] == ["-DOCSTART-"] for columns in lines)
    parts = groupby(enumerate(lines, start=1), key=lambda line: line[1][:1] == ["-DOCSTART-"] or not (line[1] or by_document))
    for is_border, part in parts:
        rows = [] if is_border else [(number, columns) for number, columns in part if columns]
        if rows:
            yield _paper(path, rows, names)


def _paper(path: Path, rows: list[tuple[int, list[str]]], names: Mapping[str, Label]) -> GoldPaper:
    # No title is told apart: an empty one, and all of the text as the abstract.
    text, mentions, current = "\n", list[Mention](), ""
    for number, columns in rows:
        found = _TAG.fullmatch(columns[-1]) if len(columns) > 1 else None
        if not found:
            reason = f"no token with a tag such as B-METHOD: {' '.join(columns)!r}"
            raise SourceError(reason, at=Location(str(path), number), remedy="the token first, its tag last")
        start = len(text)
        text += columns[0] + " "
        position, name = found.groups(default="")
        label = names.get(name.casefold())
        if label and name == current and position not in _BEGINS:
            first = mentions.pop().start
            mentions.append(Mention(text[first:-1], label, first, len(text) - 1))
        elif label:
            mentions.append(Mention(columns[0], label, start, len(text) - 1))
        current = "" if position in ("E", "L", "S", "U") else name
    return GoldPaper(id=f"{path.stem}-{rows[0][0]}", title="", text=text.rstrip(" "), mentions=tuple(mentions))
