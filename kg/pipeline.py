"""The whole way from papers to a graph."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from os import PathLike
from pathlib import Path

import networkx as nx

from kg import nlp
from kg.graph.assemble import assemble
from kg.graph.corrections import read_corrections
from kg.graph.known import read_known
from kg.graph.resolve import USUAL_RULES, AbbreviationRules
from kg.papers import collect, source_file
from kg.schema import Extraction, Kind, Model, Paper, Run, SourceFile
from kg.sources.files import TextFile
from kg.store import Store


def build(
    items: Iterable[Paper | Extraction],
    *,
    jobs: int | None = 1,
    store: str | PathLike[str] | None = None,
    known: Sequence[str | PathLike[str]] = (),
    corrections: str | PathLike[str] | None = None,
    rules: AbbreviationRules = USUAL_RULES,
) -> nx.MultiDiGraph:
    """Builds the knowledge graph of papers, or of extractions already made.

    Args:
        items: Papers as `kg.read` yields them, or extractions as `kg.extract` does.
        jobs: The number of processes that share the extraction (see `kg.extract`).
        store: A file that keeps what is extracted, so that no text is read twice (`kg.store`).
        known: CSV files of names to add to those that the package knows (`kg.graph.known`).
        corrections: A CSV file of corrections (`kg.graph.corrections`).
        rules: When an abbreviation that a paper leaves undefined stands for what others define it as.

    Raises:
        KgError: One of the files is not such a list (the error names the line), or the store is in use.

    Returns:
        A graph whose nodes and edges are described in `kg.graph.assemble.assemble`; its `graph["run"]` says
        how it came about (`kg.schema.Run`). Extractions don't tell their model.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "Adam", "abstract": "Code: https://github.com/a/adam"}))
    >>> [(relation, target) for _, target, relation in graph.edges(keys=True) if target.startswith("url:")]
    [('has_code', 'url:https://github.com/a/adam')]
    """
    names, changes = read_known(*known), read_corrections(corrections) if corrections else None
    papers: list[Paper] = []
    extractions: list[Extraction] = []
    for item in items:
        if isinstance(item, Paper):
            papers.append(item)
        else:
            extractions.append(item)
    if papers:
        extractions.extend(_extract(collect(papers), jobs, store))
    graph = assemble(extractions, known=names, corrections=changes, rules=rules)
    model = nlp.identity(nlp.load()) if papers else None
    record_run(graph, model=model, parameters=naming_parameters(known, corrections, rules))
    return graph


def _extract(papers: Sequence[Paper], jobs: int | None, store: str | PathLike[str] | None) -> Iterator[Extraction]:
    if store is None:
        yield from nlp.analyse(papers, jobs=jobs)
        return
    with Store(store) as kept:
        yield from kept.extractions(papers, nlp.fingerprint(nlp.load()), partial(nlp.analyse, jobs=jobs))


def naming_parameters(
    known: Iterable[str | PathLike[str]], corrections: str | PathLike[str] | None, rules: AbbreviationRules
) -> dict[str, str]:
    """What is set otherwise than by default of which names are one, as `Run.parameters` tells it; files with their hashes."""

    def listed(paths: Iterable[str | PathLike[str]]) -> str:
        files = (TextFile.from_path(Path(path)).identity for path in paths)
        return ", ".join(sorted(f"{file.name} {file.sha256}" for file in files))

    given = {
        "known": listed(known),
        "corrections": listed([corrections] if corrections else []),
        "abbreviations": "" if rules == USUAL_RULES else ", ".join(f"{name} {value}" for name, value in asdict(rules).items()),
    }
    return {name: value for name, value in given.items() if value}


def record_run(
    graph: nx.MultiDiGraph,
    *,
    model: Model | None = None,
    sources: Iterable[SourceFile] = (),
    parameters: Mapping[str, str] | None = None,
    times: tuple[str, str] | None = None,
) -> None:
    """Notes in a graph how it came about; without `sources`, the names that the papers tell."""
    papers = sorted((node, data) for node, data in graph.nodes(data=True) if data["kind"] == Kind.PAPER)
    named = {source_file(data["source"]) for _, data in papers if "source" in data}
    distinct = set(sources) or {SourceFile(name) for name in named}
    started, ended = times or (None, None)
    run = Run(
        version=version("paper-kg"),
        papers=hashlib.sha256(json.dumps(papers, sort_keys=True, default=str).encode()).hexdigest(),
        model=model,
        sources=tuple(sorted(distinct, key=lambda file: (file.name, file.sha256 or ""))),
        parameters=dict(sorted((parameters or {}).items())),
        started=started,
        ended=ended,
    )
    graph.graph["run"] = run.as_dict()
