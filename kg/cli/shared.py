"""What the commands share: how they read papers and load models."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import typer

from kg.cli.options import Reading, Recognizing
from kg.cli.report import log, step
from kg.errors import KgError, OnSkip, log_skip
from kg.schema import Label, Paper, SourceFile

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass
class Read:
    """What reading one source gave."""

    name: str
    records: list[Paper] = field(default_factory=list)
    files: list[SourceFile] = field(default_factory=list)
    skipped: list[KgError] = field(default_factory=list)


def read_sources(sources: Iterable[str] | None, reading: Reading) -> list[Read]:
    """Reads sources, or the bundled example; tells of what is skipped as it comes."""
    from kg.sources import example

    with step("reading sources"):
        return [_read(source, reading) for source in sources or [str(example.path())]]


def keep(skipped: list[KgError]) -> OnSkip:
    """Tells of what is skipped as it comes, and keeps it."""

    def skip(error: KgError) -> None:
        skipped.append(error)
        log_skip(error)

    return skip


def _read(source: str, reading: Reading) -> Read:
    from kg.sources import canonical_name, read

    found = Read("")
    found.records.extend(
        read(
            source,
            year=reading.year,
            encoding=reading.encoding,
            max_unpacked=round(reading.max_unpacked * 1e9),
            limit=reading.limit,
            email=reading.email,
            on_skip=keep(found.skipped),
            on_file=found.files.append,
        )
    )
    found.name = canonical_name(source, found.files)
    return found


def distinct_papers(found: Sequence[Read]) -> list[Paper]:
    """The papers that were read, each once; raises `KgError` where there are none."""
    from kg.papers import collect

    papers = collect(record for read in found for record in read.records)
    if not papers:
        raise KgError("no papers to read", remedy="see kg build --help for what can be read")
    tell_read(sum(len(read.records) for read in found), len(papers), sum(len(read.skipped) for read in found))
    return papers


def tell_read(records: int, papers: int, skipped: int) -> None:
    """One line about what reading gave."""
    log.info("read %s: %s; skipped %s", count(records, "record"), count(papers, "paper"), f"{skipped:,}")


def load_model(recognizing: Recognizing) -> "Language":
    """Loads the pipeline that the options name, by default ours."""
    from kg.nlp import MODEL_PATH, load

    model = recognizing.model or MODEL_PATH
    with step("loading the model"):
        return load(model, labels=pairs(recognizing.model_labels), min_score=recognizing.min_score)


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of `Material=DATASET,Generic=METHOD`."""
    found = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if not all(theirs.strip() and ours.strip() in set(Label) for theirs, _, ours in found):
        raise typer.BadParameter(f"{text!r} is no list such as Material=DATASET: choose from {', '.join(Label)}")
    return tuple((theirs.strip(), ours.strip()) for theirs, _, ours in found)


def finish(found: Iterable[Read], skipped: list[KgError], reading: Reading) -> None:
    """Ends with status 1 under --strict where something was skipped, in reading or later."""
    if reading.strict and (skipped or any(read.skipped for read in found)):
        raise typer.Exit(1)


def count(number: int, noun: str) -> str:
    """`1 paper`, `1,234 papers`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
