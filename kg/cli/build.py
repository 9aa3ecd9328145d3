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
    keep,
    load_model,
    messages,
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
    formats: Annotated[str, typer.Option("--format", help=f"Any of {', '.join(Format)}, joined by commas.")] = "ttl,html,json",
    jobs: Jobs = None,
    base_iri: Annotated[str, typer.Option(help="What the IRIs of the RDF begin with.")] = BASE_IRI,
    title: Annotated[str, typer.Option(help="Heading of the HTML page.")] = "Knowledge graph of papers",
    max_nodes: Annotated[int, typer.Option(min=1, help="Nodes drawn in the HTML page, the best connected.")] = 1500,
    known: Annotated[
        list[Path] | None, typer.Option(help="CSV of names to know beyond ours, or an archived list; may be given again.")
    ] = None,
    corrections: Annotated[Path | None, typer.Option(help="CSV of corrections: merge, split, rename, relabel, reject.")] = None,
    share: Annotated[
        float, typer.Option("--abbreviation-share", min=0.5, max=1, help="Share of papers that must agree on a meaning.")
    ] = 0.75,
    least: Annotated[
        int, typer.Option("--abbreviation-papers", min=1, help="Papers that must define an abbreviation for the others.")
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
    chosen = _formats(formats)
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
    rules = AbbreviationRules(share=share, papers=least)
    graph = assemble(_extract(papers, jobs, nlp, skipped), known=names, corrections=changes, rules=rules)
    left_out = write_skipped(skipped, output)
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
            abbreviations=None if rules == USUAL_RULES else f"share {share}, papers {least}",
        ),
        times=(started_at, _now()) if timestamps else None,
    )
    rdf = {"base_iri": base_iri, "evidence": evidence, "with_abstracts": with_abstracts, "license": license}
    page = {"title": title, "max_nodes": max_nodes}
    if quotes:
        rdf["quotes"] = page["quotes"] = quotes
    with messages.status("writing files"):
        files = [_write(graph, output, format, rdf, page) for format in chosen]
    for words, changed in changes.report():
        messages.print(f"corrected {words}: {count(changed, 'change') if changed else 'matched nothing'}", markup=False)
    if left_out:
        messages.print(f"wrote {left_out}: what was skipped, and why", markup=False)
    _summarize(graph, files, time.monotonic() - started)
    finish(skipped, strict)


def extract(
    sources: Sources = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, - for standard output.")] = Path(
        "mentions.jsonl"
    ),
    jobs: Jobs = None,
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
    extractions = _extract(papers, jobs, nlp, skipped)
    if str(output) == "-":
        for extraction in extractions:
            sys.stdout.buffer.write(to_json(extraction).encode() + b"\n")
        sys.stdout.flush()
    else:
        write_mentions(extractions, output)
        messages.print(f"wrote {output}", markup=False)
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


def _extract(papers: "list[Paper]", jobs: int | None, nlp: "Language", skipped: list[KgError]) -> "Iterator[Extraction]":
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
    with Progress(*columns, console=messages, disable=not messages.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=len(papers), rate="")
        for number, extraction in enumerate(analyse(papers, jobs=jobs, nlp=nlp, on_skip=keep(skipped)), start=1):
            progress.update(task, advance=1, rate=f"{number / (time.monotonic() - started):.0f}/s")
            yield extraction


def _write(graph: "nx.MultiDiGraph", folder: Path, format: Format, rdf: dict[str, Any], page: dict[str, Any]) -> Path:
    import kg

    path = folder / ("graph-csv" if format is Format.CSV else f"graph.{format}")
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
        messages.print(f"{counts.total():,} {name}: {listed}", markup=False)
    for path in files:
        size = sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]))
        messages.print(f"wrote {path} ({size / 1e6:.1f} MB)", markup=False)
    messages.print(f"done in {seconds:.1f} s", markup=False)
