"""What the commands share: their options, where they talk to the user, and how they read papers and load models."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from kg.errors import KgError, OnSkip
from kg.schema import MAX_ASKED, MAX_UNPACKED, Label

if TYPE_CHECKING:
    from spacy.language import Language

    from kg.schema import Paper, SourceFile

# Messages go to standard error, results to standard output.
messages = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE]...",
        help="Files, folders, patterns, web addresses, - for standard input, SERVICE:QUERY; without one, the bundled example.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, show_default="usable cores", help="Processes that share the extraction."),
]
Model = Annotated[
    str | None, typer.Option(metavar="NAME_OR_PATH", help="A spaCy pipeline that recognizes entities, instead of ours.")
]
ModelLabels = Annotated[str, typer.Option(metavar="THEIRS=OURS,…", help="Labels of that pipeline and ours, if they differ.")]
MinScore = Annotated[
    float | None, typer.Option(min=0, max=1, help="Leave out names that are less sure: more precision, less recall.")
]
Strict = Annotated[bool, typer.Option("--strict", help="End with status 1 if anything was skipped.")]
Year = Annotated[
    int | None,
    typer.Option(min=1991, max=2100, help="Year in which a papers page was saved, if not the one told by its dates."),
]

Encoding = Annotated[str | None, typer.Option(metavar="NAME", help="Encoding of all files, if not the one that each shows.")]
MaxUnpacked = Annotated[float, typer.Option(metavar="GB", min=0, help="What one compressed file may unpack to.")]
MAX_UNPACKED_GB = MAX_UNPACKED / 1e9
Limit = Annotated[int, typer.Option(metavar="N", min=1, help="Papers that a service is asked for at most.")]
Email = Annotated[str | None, typer.Option(envvar="KG_EMAIL", help="Your address, for services that want one.")]


def keep(skipped: list[KgError]) -> OnSkip:
    """Tells of what is skipped as it comes, and keeps it."""

    def skip(error: KgError) -> None:
        skipped.append(error)
        messages.print(f"skipped {error}", markup=False)

    return skip


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
    from kg.sources import example, read

    found = read(
        sources or [example.path()],
        year=year,
        encoding=encoding,
        max_unpacked=round(max_unpacked * 1e9),
        limit=limit,
        email=email,
        on_skip=keep(skipped),
        on_file=on_file,
    )
    listed = list(found)
    papers = collect(listed)
    if not papers:
        raise KgError("no papers to read", remedy="see kg build --help for what can be read")
    messages.print(f"read {count(len(listed), 'record')}: {count(len(papers), 'paper')}; skipped {len(skipped)}", markup=False)
    return papers


def load_model(model: str | None, labels: str, min_score: float | None) -> "Language":
    """Loads the pipeline that the options name, by default ours."""
    from kg.nlp import MODEL_PATH, load

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
