"""The main job: sources to a graph, or to what is found in each paper."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from kg.cli.report import animated, log, messages, step
from kg.cli.shared import (
    MAX_UNPACKED_GB,
    Email,
    Encoding,
    Jobs,
    Limit,
    MaxUnpacked,
    MinScore,
    Model,
    ModelLabels,
    Sources,
    Strict,
    Year,
    count,
    finish,
    load_model,
    read_papers,
)
from kg.errors import KgError
from kg.schema import BASE_IRI, MAX_ASKED, EvidenceLevel, Quotes, SourceFile

if TYPE_CHECKING:
    import networkx as nx
    from spacy.language import Language

    from kg.schema import Extraction, Paper


class Format(StrEnum):
    """The files that `kg build` can write."""

    TTL = "ttl"
    NT = "nt"
    NQ = "nq"
    TRIG = "trig"
    JSONLD = "jsonld"
    RDF = "rdf"
    HTML = "html"
    JSON = "json"
    GRAPHML = "graphml"
    GEXF = "gexf"
    CSV = "csv"


def build(
    sources: Sources = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files written.")] = Path("exports"),
    format: Annotated[str, typer.Option("--format", help=f"Any of {', '.join(Format)}, joined by commas.")] = "ttl,html,json",
    jobs: Jobs = 1,
    base_iri: Annotated[str, typer.Option(help="What the IRIs of the RDF begin with.")] = BASE_IRI,
    title: Annotated[str, typer.Option(help="Heading of the HTML page.")] = "Knowledge graph of papers",
    max_nodes: Annotated[int, typer.Option(min=1, help="Nodes drawn in the HTML page, the best connected.")] = 1500,
    known: Annotated[
        list[Path] | None, typer.Option(help="CSV of names to know beyond ours, or an archived list; may be given again.")
    ] = None,
    corrections: Annotated[Path | None, typer.Option(help="CSV of corrections: merge, split, rename, relabel, reject.")] = None,
    abbreviation_share: Annotated[
        float, typer.Option(min=0.5, max=1, help="Share of papers that must agree on a meaning.")
    ] = 0.75,
    abbreviation_papers: Annotated[
        int, typer.Option(min=1, help="Papers that must define an abbreviation for the others.")
    ] = 1,
    evidence: Annotated[
        EvidenceLevel, typer.Option(help="Evidence in RDF: each place in a text, one assertion an edge, or none.")
    ] = EvidenceLevel.MENTIONS,
    quotes: Annotated[
        Quotes | None,
        typer.Option(
            help="What is quoted as evidence. By default the mention in RDF, its sentence in the page.", show_default=False
        ),
    ] = None,
    with_abstracts: Annotated[
        bool, typer.Option("--with-abstracts", help="Put the abstracts into RDF; their rights are the authors'.")
    ] = False,
    license: Annotated[
        str | None, typer.Option(metavar="IRI", help="Licence of the data, if you state one in RDF, by its address.")
    ] = None,
    timestamps: Annotated[
        bool, typer.Option("--timestamps", help="Note when the run began and ended; no two outputs are the same then.")
    ] = False,
    year: Year = None,
    encoding: Encoding = None,
    max_unpacked: MaxUnpacked = MAX_UNPACKED_GB,
    limit: Limit = MAX_ASKED,
    email: Email = None,
    model: Model = None,
    model_labels: ModelLabels = "",
    min_score: MinScore = None,
    strict: Strict = False,
) -> None:
    """Build the graph of papers: graph.ttl, graph.html and graph.json.

    \b
    Examples:
      kg build                                  the bundled example, into exports/
      kg build page.txt more.jsonl.gz -o out    two sources, into out/
      kg build hf:2025-10-31                    a day's papers, from the network
      kg build folder/ --format ttl,graphml     other files
      kg build page.txt --corrections fix.csv   with names merged, renamed, left out
    """
    chosen = _formats(format)
    started, started_at = time.monotonic(), _now()
    skipped: list[KgError] = []
    files_read: list[SourceFile] = []
    from kg.export.description import license_iri
    from kg.export.files import check_folder
    from kg.export.skipped import write_skipped
    from kg.export.triples import check_base_iri
    from kg.graph.assemble import assemble
    from kg.graph.corrections import Corrections, read_corrections
    from kg.graph.known import read_known
    from kg.graph.resolve import USUAL_RULES, AbbreviationRules
    from kg.nlp import identity
    from kg.pipeline import record_run

    check_base_iri(base_iri)
    if license:
        license_iri(license)
    names, changes = read_known(*known or ()), read_corrections(corrections) if corrections else Corrections()
    nlp = load_model(model, model_labels, min_score)
    papers = read_papers(
        sources, year, skipped, files_read.append, encoding=encoding, max_unpacked=max_unpacked, limit=limit, email=email
    )
    check_folder(output)
    left_out = write_skipped(skipped, output)
    rules = AbbreviationRules(share=abbreviation_share, papers=abbreviation_papers)
    extractions = list(_extract(papers, jobs, nlp))
    with step("building the graph"):
        graph = assemble(extractions, known=names, corrections=changes, rules=rules)
    record_run(
        graph,
        model=identity(nlp),
        sources=files_read,
        parameters=_given(
            year=year,
            encoding=encoding,
            min_score=min_score,
            model_labels=model_labels,
            known=", ".join(sorted(map(_hashed, known or ()))),
            corrections=_hashed(corrections) if corrections else None,
            abbreviations=None if rules == USUAL_RULES else f"share {rules.share}, papers {rules.papers}",
        ),
        times=(started_at, _now()) if timestamps else None,
    )
    rdf = {"base_iri": base_iri, "evidence": evidence, "with_abstracts": with_abstracts, "license": license}
    page = {"title": title, "max_nodes": max_nodes}
    if quotes:
        rdf["quotes"] = page["quotes"] = quotes
    files = [_write(graph, output, each, rdf, page) for each in chosen]
    for words, changed in changes.report():
        log.info("corrected %s: %s", words, count(changed, "change") if changed else "matched nothing")
    if left_out:
        log.info("wrote %s: what was skipped, and why", left_out)
    _summarize(graph, files, time.monotonic() - started)
    finish(skipped, strict)


def extract(
    sources: Sources = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, - for standard output.")] = Path(
        "mentions.jsonl"
    ),
    jobs: Jobs = 1,
    year: Year = None,
    encoding: Encoding = None,
    max_unpacked: MaxUnpacked = MAX_UNPACKED_GB,
    limit: Limit = MAX_ASKED,
    email: Email = None,
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
    nlp = load_model(model, model_labels, min_score)
    papers = read_papers(sources, year, skipped, encoding=encoding, max_unpacked=max_unpacked, limit=limit, email=email)
    extractions = _extract(papers, jobs, nlp)
    if str(output) == "-":
        for extraction in extractions:
            sys.stdout.buffer.write(to_json(extraction).encode() + b"\n")
        sys.stdout.flush()
    else:
        write_mentions(extractions, output)
        log.info("wrote %s", output)
    finish(skipped, strict)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _given(**parameters: object) -> dict[str, str]:
    """The parameters that the user gave, as text."""
    return {name: str(value) for name, value in parameters.items() if value not in (None, "")}


def _hashed(path: Path) -> str:
    from kg.sources.files import TextFile

    file = TextFile.from_path(path).identity
    return f"{file.name} {file.sha256}"


def _formats(text: str) -> list[Format]:
    try:
        return [Format(name.strip()) for name in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"unknown format in {text!r}: choose from {', '.join(Format)}") from None


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
    with Progress(*columns, console=messages, disable=not animated(), transient=True) as progress:
        task = progress.add_task("", total=len(papers), rate="")
        for number, extraction in enumerate(analyse(papers, jobs=jobs, nlp=nlp), start=1):
            progress.update(task, advance=1, rate=f"{number / (time.monotonic() - started):.0f}/s")
            yield extraction
    log.debug("reading abstracts took %.1f s", time.monotonic() - started)


def _write(graph: "nx.MultiDiGraph", folder: Path, format: Format, rdf: dict[str, Any], page: dict[str, Any]) -> Path:
    import kg

    path = folder / ("graph-csv" if format is Format.CSV else f"graph.{format}")
    with step(f"writing {path}"):
        match format:
            case Format.HTML:
                kg.write_html(graph, path, **page)
            case Format.JSON:
                kg.write_json(graph, path)
            case Format.GRAPHML:
                kg.write_graphml(graph, path)
            case Format.GEXF:
                kg.write_gexf(graph, path)
            case Format.CSV:
                kg.write_neo4j(graph, path)
            case _:
                kg.write_rdf(graph, path, **rdf)
    return path


def _summarize(graph: "nx.MultiDiGraph", files: list[Path], seconds: float) -> None:
    nodes = Counter(kind for _, kind in graph.nodes(data="kind"))
    edges = Counter(relation for _, _, relation in graph.edges(data="relation"))
    for name, counts in (("nodes", nodes), ("edges", edges)):
        listed = ", ".join(f"{kind} {count:,}" for kind, count in counts.most_common())
        log.info("%s %s: %s", f"{counts.total():,}", name, listed)
    for path in files:
        size = sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]))
        log.info("wrote %s (%.1f MB)", path, size / 1e6)
    log.info("done in %.1f s", seconds)
