"""One run from sources or a collection to files: what it is given is checked first, what it does is kept in the store."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kg.cli.extract import extracted
from kg.cli.options import Format, Naming, Place, Reading, Recognizing, Writing, store_of
from kg.cli.report import log, step
from kg.cli.shared import Read, count, load_model, tell_read
from kg.errors import KgError, Skip

if TYPE_CHECKING:
    import networkx as nx

    from kg.schema import Extraction, Paper
    from kg.store import Source, Store

# How many titles the summary names of papers that the model was not made for, and how much of each.
_TITLES = 3
_TITLE_CHARS = 60


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a run is given beside its sources."""

    place: Place
    writing: Writing
    jobs: int | None
    naming: Naming
    recognizing: Recognizing

    @property
    def store(self) -> Path:
        """Where the store lies."""
        return self.place.store or store_of(self.place.output)

    def remembered(self) -> dict[str, Any]:
        """What the next run on the collection need not be given again; paths hold wherever that is started."""
        known, corrections, model = self.naming.known or [], self.naming.corrections, self.recognizing.model
        paths = {
            "known": [path.absolute() for path in known],
            "corrections": corrections and corrections.absolute(),
            "model": Path(model).absolute() if model and Path(model).exists() else model,  # else an installed package
        }
        # As seen from the store, for both may be moved.
        output = relpath(self.place.output.absolute(), self.store.parent.absolute())
        return {**asdict(self.writing), **asdict(self.recognizing), **asdict(self.naming), **paths, "output": output}


class Job:
    """A run that has all it needs but papers."""

    def __init__(self, settings: Settings):
        """Checks the settings, and loads what they name; raises `KgError` where that fails."""
        from kg.export.description import license_iri
        from kg.export.triples import check_base_iri
        from kg.graph.corrections import Corrections, read_corrections
        from kg.graph.known import read_known

        self.started, self.started_at = time.monotonic(), _now()
        self.settings = settings
        self.formats = _formats(settings.writing.format)
        check_base_iri(settings.writing.base_iri)
        if settings.writing.license:
            license_iri(settings.writing.license)
        corrections = settings.naming.corrections
        self.known = read_known(*settings.naming.known or ())
        self.corrections: Corrections = read_corrections(corrections) if corrections else Corrections()
        self.nlp = load_model(settings.recognizing)
        self.skipped: list[KgError] = []

    @contextmanager
    def store(self, command: str) -> Iterator["Store"]:
        """The run's store, in which it is noted."""
        from kg.export.files import check_folder
        from kg.store import Store

        check_folder(self.settings.place.output)
        with Store(self.settings.store) as store:
            run = store.begin(command, version("paper-kg"), self.settings.remembered(), self.started_at)
            try:
                yield store
            except KeyboardInterrupt:
                log.info("what was extracted is kept in %s: the same command goes on from there", store.path)
                raise
            store.end(run, _now())

    def write(self, store: "Store") -> None:
        """Builds the graph of the collection, writes its files, and tells what is in them."""
        from kg.export.skipped import write_skipped
        from kg.nlp import identity
        from kg.pipeline import record_run

        sources = store.sources()
        skipped = [skip for source in sources for skip in source.skipped]
        graph = self._graph(store, len(skipped))
        left_out = write_skipped([*skipped, *map(Skip.of, self.skipped)], self.settings.place.output)
        record_run(
            graph,
            model=identity(self.nlp),
            sources=[file for source in sources for file in source.files],
            parameters=self._parameters(sources),
            times=(self.started_at, _now()) if self.settings.writing.timestamps else None,
        )
        files = [self._write(graph, format) for format in self.formats]
        for words, changed in self.corrections.report():
            log.info("corrected %s: %s", words, count(changed, "change") if changed else "matched nothing")
        if left_out:
            log.info("wrote %s: what was skipped, and why", left_out)
        _summarize(graph, files, time.monotonic() - self.started)

    def _graph(self, store: "Store", skipped: int) -> "nx.MultiDiGraph":
        """The graph of the collection; of what it is made of nothing is held while its files are written."""
        from kg.graph.assemble import assemble
        from kg.nlp import fingerprint
        from kg.papers import collect

        records = store.records()
        papers = collect(records)
        tell_read(len(records), len(papers), skipped)
        del records
        extractions = list(store.extractions(papers, fingerprint(self.nlp), self._extracted))
        _tell_out_of_scope(extractions)
        with step("building the graph"):
            return assemble(extractions, known=self.known, corrections=self.corrections, rules=self.settings.naming.rules())

    def _extracted(self, papers: "list[Paper]") -> "Iterator[Extraction]":
        return extracted(papers, self.settings.jobs, self.nlp, self.skipped)

    def _parameters(self, sources: "Sequence[Source]") -> dict[str, str]:
        """What the user set of all that changes what the graph holds."""
        recognizing = self.settings.recognizing
        given = {
            "year": _listed(source.parameters.get("year") for source in sources),
            "encoding": _listed(source.parameters.get("encoding") for source in sources),
            "min_score": recognizing.min_score,
            "model_labels": recognizing.model_labels,
        }
        told = {name: str(value) for name, value in given.items() if value not in (None, "")}
        return told | self.settings.naming.parameters()

    def _write(self, graph: "nx.MultiDiGraph", format: Format) -> Path:
        import kg

        writing = self.settings.writing
        quotes: dict[str, Any] = {"quotes": writing.quotes} if writing.quotes else {}
        path = self.settings.place.output / ("graph-csv" if format is Format.CSV else f"graph.{format}")
        with step(f"writing {path}"):
            match format:
                case Format.HTML:
                    kg.write_html(graph, path, title=writing.title, max_nodes=writing.max_nodes, **quotes)
                case Format.JSON:
                    kg.write_json(graph, path)
                case Format.GRAPHML:
                    kg.write_graphml(graph, path)
                case Format.GEXF:
                    kg.write_gexf(graph, path)
                case Format.CSV:
                    kg.write_neo4j(graph, path)
                case _:
                    kg.write_rdf(
                        graph,
                        path,
                        base_iri=writing.base_iri,
                        evidence=writing.evidence,
                        with_abstracts=writing.with_abstracts,
                        license=writing.license,
                        **quotes,
                    )
        return path


def put(store: "Store", found: Iterable[Read], reading: Reading) -> None:
    """Adds what was read to the collection."""
    from kg.store import Source

    given = {"year": reading.year, "encoding": reading.encoding}
    parameters = {name: str(value) for name, value in given.items() if value}
    for read in found:
        files = tuple(dict.fromkeys(read.files))
        source = Source(read.name, files, tuple(map(Skip.of, read.skipped)), parameters, added=_now())
        store.put(source, read.records)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _listed(values: Iterable[str | None]) -> str:
    return ", ".join(sorted({value for value in values if value}))


def _formats(text: str) -> list[Format]:
    try:
        return [Format(name.strip()) for name in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"unknown format in {text!r}: choose from {', '.join(Format)}") from None


def _tell_out_of_scope(extractions: "Iterable[Extraction]") -> None:
    """Names the papers that the pipeline was not made for: a few of them, and all where more is told."""
    from kg.nlp.scope import is_english, is_on_topic

    of_kind: dict[str, list[str]] = {"not in English": [], "not about machine learning, it seems": []}
    foreign, off_topic = of_kind.values()
    for extraction in extractions:
        if not is_english(extraction.paper.text):
            foreign.append(extraction.paper.title)
        elif not is_on_topic(extraction):
            off_topic.append(extraction.paper.title)
    for kind, titles in of_kind.items():
        if titles:
            few = "; ".join(map(_shortened, titles[:_TITLES])) + (" … (-v lists all)" if len(titles) > _TITLES else "")
            log.warning("%s %s, for which the model was not made: %s", count(len(titles), "paper"), kind, few)
        for title in titles:
            log.debug("%s: %s", kind, title)


def _shortened(title: str) -> str:
    return title if len(title) <= _TITLE_CHARS else f"{title[:_TITLE_CHARS].rstrip()}…"


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
