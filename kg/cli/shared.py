"""What the commands share: their options, and how they read papers and load models."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.report import log, step
from kg.errors import KgError
from kg.schema import MAX_ASKED, MAX_UNPACKED, Label

if TYPE_CHECKING:
    from spacy.language import Language

    from kg.schema import Paper, SourceFile

# What means the same in several commands is one environment variable; other options have one a command.
Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE]...",
        help="Files, folders, patterns, web addresses, - for standard input, SERVICE:QUERY; without one, the bundled example.",
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", envvar="KG_JOBS", min=1, help="Processes that share the extraction.")]
Model = Annotated[
    str | None,
    typer.Option(envvar="KG_MODEL", metavar="NAME_OR_PATH", help="A spaCy pipeline that recognizes entities, instead of ours."),
]
ModelLabels = Annotated[
    str,
    typer.Option(envvar="KG_MODEL_LABELS", metavar="THEIRS=OURS,…", help="Labels of that pipeline and ours, if they differ."),
]
MinScore = Annotated[
    float | None,
    typer.Option(envvar="KG_MIN_SCORE", min=0, max=1, help="Leave out names that are less sure: more precision, less recall."),
]
Strict = Annotated[bool, typer.Option("--strict", envvar="KG_STRICT", help="End with status 1 if anything was skipped.")]
Year = Annotated[
    int | None,
    typer.Option(
        envvar="KG_YEAR", min=1991, max=2100, help="Year in which a papers page was saved, if not the one told by its dates."
    ),
]

Encoding = Annotated[
    str | None,
    typer.Option(envvar="KG_ENCODING", metavar="NAME", help="Encoding of all files, if not the one that each shows."),
]
MaxUnpacked = Annotated[
    float, typer.Option(envvar="KG_MAX_UNPACKED", metavar="GB", min=0, help="What one compressed file may unpack to.")
]
MAX_UNPACKED_GB = MAX_UNPACKED / 1e9
Limit = Annotated[int, typer.Option(envvar="KG_LIMIT", metavar="N", min=1, help="Papers that a service is asked for at most.")]
Email = Annotated[str | None, typer.Option(envvar="KG_EMAIL", help="Your address, for services that want one.")]


def read_papers(
    sources: list[str] | None,
    year: int | None,
    skipped: list[KgError],
    on_file: "Callable[[SourceFile], None] | None" = None,
    *,
    encoding: str | None = None,
    max_unpacked: float = MAX_UNPACKED_GB,
    limit: int = MAX_ASKED,
    email: str | None = None,
) -> "list[Paper]":
    """Reads sources, or the bundled example; tells of what is skipped as it comes, and keeps it in `skipped`."""
    from kg.papers import collect
    from kg.sources import example, log_skip, read

    def skip(error: KgError) -> None:
        skipped.append(error)
        log_skip(error)

    found = read(
        sources or [example.path()],
        year=year,
        encoding=encoding,
        max_unpacked=round(max_unpacked * 1e9),
        limit=limit,
        email=email,
        on_skip=skip,
        on_file=on_file,
    )
    with step("reading"):
        listed = list(found)
        papers = collect(listed)
    if not papers:
        raise KgError("no papers to read", remedy="see kg build --help for what can be read")
    log.info("read %s: %s; skipped %d", count(len(listed), "record"), count(len(papers), "paper"), len(skipped))
    return papers


def load_model(model: str | None, labels: str, min_score: float | None) -> "Language":
    """Loads the pipeline that the options name, by default ours."""
    from kg.nlp import MODEL_PATH, load

    with step("loading the model"):
        return load(model or MODEL_PATH, labels=pairs(labels), min_score=min_score)


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of `Material=DATASET,Generic=METHOD`."""
    found = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if not all(theirs.strip() and ours.strip() in set(Label) for theirs, _, ours in found):
        raise typer.BadParameter(f"{text!r} is no list such as Material=DATASET: choose from {', '.join(Label)}")
    return tuple((theirs.strip(), ours.strip()) for theirs, _, ours in found)


def finish(skipped: list[KgError], strict: bool) -> None:
    """Ends with status 1 under --strict where something was skipped."""
    if skipped and strict:
        raise typer.Exit(1)


def count(number: int, noun: str) -> str:
    """`1 paper`, `1,234 papers`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
