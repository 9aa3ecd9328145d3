"""All benchmarks beside others on the same input in one run, as one table: python -m tests.benchmarks [SOURCE]

The input is the bundled example eight times over, unless a source is given. It takes some minutes on a machine that does
nothing else; what lacks the extra `train` or Chromium says so.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import kg
from kg.nlp import analyse
from kg.papers import collect
from kg.sources import example
from tests.benchmarks import extraction, graph, page, rdf
from tests.benchmarks.table import Row, show

_TIMES = 8


def papers() -> list[kg.Paper]:
    if len(sys.argv) > 1:
        return collect(kg.read(sys.argv[1:]))
    bundled = list(kg.read(example.path()))
    # With titles and ids of their own, or they would be one paper.
    return [
        replace(paper, id=f"{paper.id}-{number}", title=f"{paper.title} ({number})")
        for number in range(_TIMES)
        for paper in bundled
    ]


def rows(folder: Path) -> Iterator[Row]:
    read = papers()
    yield from extraction.rows(read)
    extractions = list(analyse(read))
    yield from graph.rows(extractions)
    built = kg.build(extractions)
    yield from rdf.rows(built, folder)
    yield from page.rows(built, folder)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        show(rows(Path(name)))
