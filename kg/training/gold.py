"""Gold data: annotated abstracts, one JSON object a line (`README.md` beside this file gives the format)."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

from kg.errors import Location, SourceError, reading
from kg.papers import clean
from kg.schema import Abbreviation, Label, LinkRole, Mention, Role


@dataclass(frozen=True, slots=True)
class GoldResult:
    """An annotated result: its number as printed, without offsets."""

    method: str | None
    dataset: str | None
    metric: str | None
    value: str


@dataclass(frozen=True, slots=True)
class GoldPaper:
    """An annotated text; `urls` pairs canonical addresses with roles."""

    id: str
    title: str
    text: str
    mentions: tuple[Mention, ...]
    abbreviations: tuple[Abbreviation, ...] = ()
    urls: tuple[tuple[str, LinkRole], ...] = ()
    results: tuple[GoldResult, ...] = ()


class Split(NamedTuple):
    """Annotated papers to learn from, and papers held out."""

    learned: Sequence[GoldPaper]
    held_out: Sequence[GoldPaper]


def read_lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file; raises `SourceError` where it can't be read."""
    with reading(str(path)):
        return path.read_text(encoding="utf-8").split("\n")


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields the objects of a file of JSON lines with their line numbers; raises `SourceError` at the first that is none."""
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip():
            with located(path, number):
                row = dict(json.loads(line))
            yield number, row


@contextmanager
def located(path: Path, line: int) -> Iterator[None]:
    """Tells of a row that is not what it should be by file and line, as a `SourceError`."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        reason = f"not a row of gold data: {type(error).__name__} {error}"
        raise SourceError(reason, at=Location(str(path), line), remedy="see kg/training/README.md") from None


def read_gold(path: Path) -> Iterator[GoldPaper]:
    """Yields the annotated papers of a file; raises `SourceError` at the first row that is not one."""
    for number, row in read_rows(path):
        with located(path, number):
            paper = _gold_paper(row)
        yield paper


def _gold_paper(row: dict[str, Any]) -> GoldPaper:
    text = clean(row["text"])
    return GoldPaper(
        id=row["id"],
        title=row["title"],
        text=text,
        mentions=tuple(
            Mention(text[start:end], Label(label), start, end, Role(role) if role else None)
            for start, end, label, role in row["mentions"]
        ),
        abbreviations=tuple(Abbreviation(short, long) for short, long in row["abbreviations"]),
        urls=tuple((url["url"], LinkRole(url["role"])) for url in row["urls"]),
        results=tuple(GoldResult(**result) for result in row["results"]),
    )


def gold_doc(nlp: Language, paper: GoldPaper) -> Doc:
    """The paper's text with its gold mentions and roles as `ents`, moved outward to token borders where they lie within one."""
    doc = nlp.make_doc(paper.text)
    spans = []
    for mention in paper.mentions:
        span = doc.char_span(mention.start, mention.end, label=mention.label, alignment_mode="expand")
        if span is not None:
            span._.role = mention.role
            spans.append(span)
    doc.ents = filter_spans(spans)
    return doc


def read_before(nlp: Language, step: str, papers: Iterable[GoldPaper]) -> Iterator[Doc]:
    """Yields the texts of papers as the steps of a pipeline before one leave them."""
    with nlp.select_pipes(enable=nlp.pipe_names[: nlp.pipe_names.index(step)]):
        yield from nlp.pipe(paper.text for paper in papers)
