"""The model: how good it is, how it is trained, and which one there is."""

import os
from importlib.metadata import version
from pathlib import Path
from platform import platform, python_version
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from kg.cli.options import Jobs, Reading, Recognizing, grouped
from kg.cli.report import animated, log, messages
from kg.cli.shared import distinct_papers, load_model, pairs, read_sources
from kg.errors import KgError

# The packages of which `kg info` tells the version.
_SHOWN = ("spacy", "onnxruntime", "networkx", "rdflib", "pyoxigraph", "typer")


@grouped
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Annotated papers: JSON Lines (.jsonl), or CoNLL columns with BIO tags.")],
    *,
    jobs: Jobs = None,
    recognizing: Recognizing,
    gold_labels: Annotated[
        str, typer.Option(metavar="THEIRS=OURS,…", help="Labels of the CoNLL file and ours, if they differ.")
    ] = "",
    errors: Annotated[int, typer.Option(min=0, help="How many of the worst mistakes to list.")] = 20,
    json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """Measure extraction on annotated papers: precision, recall and F1, and what went wrong.

    \b
    Examples:
      kg evaluate gold/dev.jsonl
      kg evaluate test.conll --gold-labels Material=DATASET,Method=METHOD
      kg evaluate gold/dev.jsonl --json | jq .scores.METHOD
    """
    from json import dumps

    from kg.training.annotations import LEARNED, names
    from kg.training.conll import read_conll
    from kg.training.evaluate import evaluate as measure
    from kg.training.gold import read_gold
    from kg.training.tables import report_tables

    labels = dict(pairs(gold_labels)) or None
    papers = list(read_gold(gold) if gold.suffix in (".jsonl", ".json") else read_conll(gold, labels))
    nlp = load_model(recognizing)
    report = measure(papers, jobs=jobs, nlp=nlp, seen=names(*LEARNED))
    if json:
        print(dumps(report.as_dict(errors), ensure_ascii=False, indent=1))
    else:
        Console().print(report_tables(report, gold.name, errors))


def train(
    gold: Annotated[
        list[Path],
        typer.Argument(metavar="GOLD...", help="Annotated papers, JSON Lines; the first file is read once more in the end."),
    ],
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
      kg train gold/train.jsonl hard.jsonl --corpus papers.jsonl --dev gold/dev.jsonl -o model
    """
    try:
        from kg.training.train import train as run
    except ModuleNotFoundError as error:
        raise KgError(f"training needs {error.name}", remedy="pip install 'paper-kg[train]'") from None

    papers = distinct_papers(read_sources(corpus, Reading()))
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=messages, disable=not animated()) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, share: float) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=1.0)
            progress.update(tasks[step], completed=share)

        run(gold, papers, output, work=work or output.with_name(f"{output.name}.work"), dev=dev, progress=tell)
    log.info("wrote %s", output)


def info() -> None:
    """Print what a report of a mistake needs: versions, paths, the variables that are set, the model and its scores.

    \b
    Example:
      kg info
    """
    from kg.nlp import MODEL_PATH, load
    from kg.sources import example

    print(f"paper-kg {version('paper-kg')} in {MODEL_PATH.parents[1]}")
    print(f"Python {python_version()} on {platform()}; {', '.join(f'{name} {version(name)}' for name in _SHOWN)}")
    print(f"example {example.path()}")
    for variable in sorted(name for name in os.environ if name.startswith("KG_")):
        print(f"{variable}={os.environ[variable]}")
    meta = load().meta
    print(f"model {meta['name']} {meta['version']} in {MODEL_PATH}")
    for name, score in meta["performance"].items():
        print(f"  {name}: {score:.3f}")
