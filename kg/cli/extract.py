"""What is found in each paper, without a graph."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from kg.cli.options import Jobs, Reading, Recognizing, Sources, grouped
from kg.cli.report import animated, log, messages
from kg.cli.shared import distinct_papers, finish, keep, load_model, read_sources
from kg.errors import KgError

if TYPE_CHECKING:
    from spacy.language import Language

    from kg.schema import Extraction, Paper


@grouped
def extract(
    sources: Sources = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, - for standard output.")] = Path(
        "mentions.jsonl"
    ),
    *,
    jobs: Jobs = None,
    recognizing: Recognizing,
    reading: Reading,
) -> None:
    """Write what is found in each paper as JSON Lines.

    \b
    Examples:
      kg extract page.txt -o mentions.jsonl
      kg extract papers.csv -o - | jq .results
    """
    from kg.export.mentions import to_json, write_mentions

    nlp = load_model(recognizing)
    found = read_sources(sources, reading)
    skipped: list[KgError] = []
    extractions = extracted(distinct_papers(found), jobs, nlp, skipped)
    if str(output) == "-":
        for extraction in extractions:
            sys.stdout.buffer.write(to_json(extraction).encode() + b"\n")
        sys.stdout.flush()
    else:
        write_mentions(extractions, output)
        log.info("wrote %s", output)
    finish(found, skipped, reading)


def extracted(papers: "list[Paper]", jobs: int | None, nlp: "Language", skipped: list[KgError]) -> "Iterator[Extraction]":
    """Yields what is found in distinct papers, and shows how far it is; keeps what had to be skipped."""
    from kg.nlp import analyse

    columns = (
        SpinnerColumn(),
        TextColumn("reading abstracts"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    started = time.monotonic()
    with Progress(*columns, console=messages, disable=not animated(), transient=True) as progress:
        task = progress.add_task("", total=len(papers), rate="")
        for number, extraction in enumerate(analyse(papers, jobs=jobs, nlp=nlp, on_skip=keep(skipped)), start=1):
            progress.update(task, advance=1, rate=f"{number / (time.monotonic() - started):.0f}/s")
            yield extraction
    log.debug("reading abstracts took %.1f s", time.monotonic() - started)
