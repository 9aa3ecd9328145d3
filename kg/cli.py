"""The command line: the verbs of the Python API, with progress, reports and exit statuses.

Exit status: 0 done, 1 finished with reported problems under --strict, 2 wrong usage or unusable input,
130 stopped by Ctrl-C. What does the work is imported where it is used, so that `kg --help` is quick.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from kg.errors import KgError
from kg.schema import BASE_IRI, Label

if TYPE_CHECKING:
    import networkx as nx
    from spacy.language import Language

    from kg.schema import Extraction, Paper

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_STOPPED = 130  # what shells report of a process that Ctrl-C ended; Typer returns it too
# Typer exports no other name for the base of its usage errors.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
_messages = Console(stderr=True, soft_wrap=True, highlight=False)


class Format(StrEnum):
    """The files that `kg build` can write."""

    TTL = "ttl"
    HTML = "html"
    JSON = "json"
    GRAPHML = "graphml"


Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE]...", help="Files, folders, web addresses, - for standard input; without one, the bundled example."
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes that share the extraction.")]
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


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context, show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """Build a knowledge graph of machine-learning papers from their titles and abstracts.

    \b
    Examples:
      kg build                        the bundled example, into exports/
      kg build page.txt -o out        a saved papers page
      kg build --help                 more
    """
    if show_version:
        print(f"paper-kg {version('paper-kg')}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


def main() -> None:
    """Runs the command line; what goes wrong is one line, never a traceback."""
    try:
        status = app(standalone_mode=False)
    except _UsageError as error:
        status = _fail(
            error.format_message()  # type: ignore[attr-defined]
            + " (see kg --help)"
        )
    except KgError as error:
        status = _fail(str(error))
    except (typer.Abort, KeyboardInterrupt):
        status = _STOPPED
    except BrokenPipeError:  # whoever read our standard output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    if status == _STOPPED:
        _messages.print("kg: stopped; every file is whole, or as it was before", markup=False)
    sys.exit(status or 0)


def _fail(message: str) -> int:
    _messages.print(f"kg: {message}", markup=False)
    return 2


@app.command()
def build(
    sources: Sources = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files written.")] = Path("exports"),
    formats: Annotated[str, typer.Option("--format", help=f"Any of {', '.join(Format)}, joined by commas.")] = "ttl,html,json",
    jobs: Jobs = 1,
    base_iri: Annotated[str, typer.Option(help="What the IRIs of the Turtle begin with.")] = BASE_IRI,
    title: Annotated[str, typer.Option(help="Heading of the HTML page.")] = "Knowledge graph of papers",
    max_nodes: Annotated[int, typer.Option(min=1, help="Nodes drawn in the HTML page, the best connected.")] = 1500,
    year: Year = None,
    model: Model = None,
    model_labels: ModelLabels = "",
    min_score: MinScore = None,
    strict: Strict = False,
) -> None:
    """Build the graph of papers: graph.ttl, graph.html and graph.json.

    \b
    Examples:
      kg build                                  the bundled example, into exports/
      kg build page.txt more.jsonl -o out       two sources, into out/
      kg build folder/ --format ttl,graphml     other files
    """
    chosen = _formats(formats)
    started = time.monotonic()
    skipped: list[KgError] = []
    from kg.export.files import check_folder
    from kg.export.rdf import check_base_iri
    from kg.graph.assemble import assemble

    check_base_iri(base_iri)
    nlp = _load(model, model_labels, min_score)
    papers = _read(sources, year, skipped)
    check_folder(output)
    graph = assemble(_extract(papers, jobs, nlp))
    with _messages.status("writing files"):
        files = [_write(graph, output, format, base_iri, title, max_nodes) for format in chosen]
    _summarize(graph, files, time.monotonic() - started)
    _finish(skipped, strict)


@app.command()
def extract(
    sources: Sources = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, - for standard output.")] = Path(
        "mentions.jsonl"
    ),
    jobs: Jobs = 1,
    year: Year = None,
    model: Model = None,
    model_labels: ModelLabels = "",
    min_score: MinScore = None,
    strict: Strict = False,
) -> None:
    """Write what is found in each paper as JSON Lines.

    \b
    Examples:
      kg extract page.txt -o mentions.jsonl
      kg extract papers.csv -o - | jq .results
    """
    from kg.export.mentions import to_json, write_mentions

    skipped: list[KgError] = []
    nlp = _load(model, model_labels, min_score)
    extractions = _extract(_read(sources, year, skipped), jobs, nlp)
    if str(output) == "-":
        for extraction in extractions:
            sys.stdout.buffer.write(to_json(extraction).encode() + b"\n")
        sys.stdout.flush()
    else:
        write_mentions(extractions, output)
        _messages.print(f"wrote {output}", markup=False)
    _finish(skipped, strict)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Annotated papers: JSON Lines (.jsonl), or CoNLL columns with BIO tags.")],
    jobs: Jobs = 1,
    model: Model = None,
    model_labels: ModelLabels = "",
    gold_labels: Annotated[
        str, typer.Option(metavar="THEIRS=OURS,…", help="Labels of the CoNLL file and ours, if they differ.")
    ] = "",
    min_score: MinScore = None,
    errors: Annotated[int, typer.Option(min=0, help="How many of the worst mistakes to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """Measure extraction on annotated papers: precision, recall and F1, and what went wrong.

    \b
    Examples:
      kg evaluate gold/dev.jsonl
      kg evaluate test.conll --gold-labels Material=DATASET,Method=METHOD
      kg evaluate gold/dev.jsonl --json | jq .scores.METHOD
    """
    import json

    from kg.training.annotations import FOLDER, names
    from kg.training.conll import read_conll
    from kg.training.evaluate import evaluate as measure
    from kg.training.gold import read_gold
    from kg.training.tables import report_tables

    labels = dict(_pairs(gold_labels)) or None
    papers = list(read_gold(gold) if gold.suffix in (".jsonl", ".json") else read_conll(gold, labels))
    nlp = _load(model, model_labels, min_score)
    report = measure(papers, jobs=jobs, nlp=nlp, seen=names(FOLDER / "train.jsonl"))
    if as_json:
        print(json.dumps(report.as_dict(errors), ensure_ascii=False, indent=1))
    else:
        Console().print(report_tables(report, gold.name, errors))


@app.command()
def train(
    gold: Annotated[Path, typer.Argument(help="Annotated papers, JSON Lines.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the trained pipeline.")],
    corpus: Annotated[list[str], typer.Option(help="Papers to learn the language from: any source.")],
    dev: Annotated[Path | None, typer.Option(help="Annotated papers to measure on; the scores are kept in the model.")] = None,
    work: Annotated[
        Path | None, typer.Option(help="Folder for the results of steps; by default the output's name with .work.")
    ] = None,
) -> None:
    """Train the pipeline that reads abstracts; needs the extra `train`, and hours.

    Stopped and started again, it goes on behind the last step that was done.

    \b
    Example:
      kg train gold/train.jsonl --corpus papers.jsonl --dev gold/dev.jsonl -o model
    """
    try:
        from kg.training.train import train as run
    except ModuleNotFoundError as error:
        raise KgError(f"training needs {error.name}", remedy="pip install 'paper-kg[train]'") from None

    papers = _read(corpus, None, [])
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=_messages, disable=not _messages.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, share: float) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=1.0)
            progress.update(tasks[step], completed=share)

        run(gold, papers, output, work=work or output.with_name(f"{output.name}.work"), dev=dev, progress=tell)
    _messages.print(f"wrote {output}", markup=False)


@app.command()
def info() -> None:
    """Print the version, and the model with its scores."""
    from kg.nlp import MODEL_PATH, load

    meta = load().meta
    print(f"paper-kg {version('paper-kg')}\nmodel {meta['name']} {meta['version']} in {MODEL_PATH}")
    for name, score in meta["performance"].items():
        print(f"  {name}: {score:.3f}")


def _formats(text: str) -> list[Format]:
    try:
        return [Format(name.strip()) for name in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"unknown format in {text!r}: choose from {', '.join(Format)}") from None


def _read(sources: list[str] | None, year: int | None, skipped: list[KgError]) -> "list[Paper]":
    from kg.papers import collect
    from kg.sources import example, read

    def skip(error: KgError) -> None:
        skipped.append(error)
        _messages.print(f"skipped {error}", markup=False)

    listed = list(read(sources or [example.path()], year=year, on_skip=skip))
    papers = collect(listed)
    if not papers:
        raise KgError("no papers to read", remedy="see kg build --help for what can be read")
    _messages.print(
        f"read {_count(len(listed), 'record')}: {_count(len(papers), 'paper')}; skipped {len(skipped)}", markup=False
    )
    return papers


def _load(model: str | None, labels: str, min_score: float | None) -> "Language":
    from kg.nlp import MODEL_PATH, load

    return load(model or MODEL_PATH, labels=_pairs(labels), min_score=min_score)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of `Material=DATASET,Generic=METHOD`."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if not all(theirs.strip() and ours.strip() in set(Label) for theirs, _, ours in pairs):
        raise typer.BadParameter(f"{text!r} is no list such as Material=DATASET: choose from {', '.join(Label)}")
    return tuple((theirs.strip(), ours.strip()) for theirs, _, ours in pairs)


def _extract(papers: "list[Paper]", jobs: int, nlp: "Language") -> "Iterator[Extraction]":
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
    with Progress(*columns, console=_messages, disable=not _messages.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=len(papers), rate="")
        for number, extraction in enumerate(analyse(papers, jobs=jobs, nlp=nlp), start=1):
            progress.update(task, advance=1, rate=f"{number / (time.monotonic() - started):.0f}/s")
            yield extraction


def _write(graph: "nx.MultiDiGraph", folder: Path, format: Format, base_iri: str, title: str, max_nodes: int) -> Path:
    import kg

    path = folder / f"graph.{format}"
    if format is Format.TTL:
        kg.write_rdf(graph, path, base_iri=base_iri)
    elif format is Format.HTML:
        kg.write_html(graph, path, title=title, max_nodes=max_nodes)
    elif format is Format.JSON:
        kg.write_json(graph, path)
    else:
        kg.write_graphml(graph, path)
    return path


def _summarize(graph: "nx.MultiDiGraph", files: list[Path], seconds: float) -> None:
    nodes = Counter(kind for _, kind in graph.nodes(data="kind"))
    edges = Counter(relation for _, _, relation in graph.edges(data="relation"))
    for name, counts in (("nodes", nodes), ("edges", edges)):
        listed = ", ".join(f"{kind} {count:,}" for kind, count in counts.most_common())
        _messages.print(f"{counts.total():,} {name}: {listed}", markup=False)
    for path in files:
        _messages.print(f"wrote {path} ({path.stat().st_size / 1e6:.1f} MB)", markup=False)
    _messages.print(f"done in {seconds:.1f} s", markup=False)


def _finish(skipped: list[KgError], strict: bool) -> None:
    if skipped and strict:
        raise typer.Exit(1)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
