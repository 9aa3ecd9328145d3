"""Gold data without its texts: what we may publish, and how a user who has the texts puts them together again.

    python -m kg.training.annotations TRAIN.jsonl SOURCE... > gold.jsonl

Each row has the offsets and the string of every mention; the texts are the titles and abstracts of any source that `kg`
reads. A paper is found by its title, and its text must have each string at its place.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from kg.errors import KgError
from kg.papers import clean, normalized_title
from kg.schema import Paper
from kg.sources import read
from kg.training.gold import located, read_rows

FOLDER = Path(__file__).with_name("gold")
# What the model that ships has learned from.
LEARNED = tuple(FOLDER / f"{name}.jsonl" for name in ("train", "hard", "wide", "more"))


def without_text(row: dict[str, Any]) -> dict[str, Any]:
    """A row of gold data with the string of each mention in place of the text.

    >>> without_text({"id": "1", "title": "On BERT", "text": "On BERT\\n", "mentions": [[3, 7, "METHOD", "used"]]})
    {'id': '1', 'title': 'On BERT', 'mentions': [[3, 7, 'METHOD', 'used', 'BERT']]}
    """
    mentions = [[start, end, label, role, row["text"][start:end]] for start, end, label, role in row["mentions"]]
    return {name: value for name, value in row.items() if name != "text"} | {"mentions": mentions}


def with_text(row: dict[str, Any], texts: Iterable[str]) -> dict[str, Any] | None:
    """The row of gold data, with the first of the texts that has all its strings; None if no text has them."""
    for text in texts:
        if all(clean(text[start:end]) == clean(name) for start, end, _, _, name in row["mentions"]):
            return row | {"text": text, "mentions": [mention[:4] for mention in row["mentions"]]}
    return None


def names(*paths: Path) -> Iterator[str]:
    """Yields the strings of all mentions of files of annotations."""
    for path in paths:
        for number, row in read_rows(path):
            with located(path, number):
                found = [name for _, _, _, _, name in row["mentions"]]
            yield from found


def join(path: Path, papers: Iterable[Paper]) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Yields each row of a file of annotations, and beside it the same with its text, None where no paper has it."""
    texts: dict[str, list[str]] = {}
    for paper in papers:
        texts.setdefault(normalized_title(paper.title), []).append(paper.text)
    for _, row in read_rows(path):
        yield row, with_text(row, texts.get(normalized_title(row["title"]), []))


def main(annotations: Path, sources: list[str]) -> None:
    """Print the gold data of a file of annotations, with the texts of papers from any sources."""
    missing = 0
    try:
        for _, joined in join(annotations, read(sources)):
            if joined is None:
                missing += 1
            else:
                print(json.dumps(joined, ensure_ascii=False))
    except KgError as error:
        sys.exit(str(error))
    print(f"{missing} papers left out: no source has a text with their strings", file=sys.stderr)


if __name__ == "__main__":
    typer.run(main)
