"""The whole way from papers to a graph."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version

import networkx as nx

from kg import nlp
from kg.graph.assemble import assemble
from kg.schema import Extraction, Kind, Model, Paper, Run, SourceFile


def build(items: Iterable[Paper | Extraction], *, jobs: int = 1) -> nx.MultiDiGraph:
    """Builds the knowledge graph of papers, or of extractions already made.

    Args:
        items: Papers as `kg.read` yields them, or extractions as `kg.extract` does.
        jobs: The number of processes that share the extraction.

    Returns:
        A graph whose nodes and edges are described in `kg.graph.assemble.assemble`; its `graph["run"]` says
        how it came about (`kg.schema.Run`). Extractions don't tell their model.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "Adam", "abstract": "Code: https://github.com/a/adam"}))
    >>> [(relation, target) for _, target, relation in graph.edges(keys=True) if target.startswith("url:")]
    [('has_code', 'url:https://github.com/a/adam')]
    """
    papers: list[Paper] = []
    extractions: list[Extraction] = []
    for item in items:
        if isinstance(item, Paper):
            papers.append(item)
        else:
            extractions.append(item)
    graph = assemble([*extractions, *nlp.extract(papers, jobs=jobs)] if papers else extractions)
    record_run(graph, model=nlp.identity(nlp.load()) if papers else None)
    return graph


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
    named = {data["source"].rpartition(":")[0] or data["source"] for _, data in papers if "source" in data}
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
