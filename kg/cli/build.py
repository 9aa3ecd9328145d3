"""The main job: sources to a graph and its files; and the collection that is kept beside them, as it grows and shrinks."""

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli import spark
from kg.cli.job import Job, Settings, put
from kg.cli.options import Engine, Jobs, Kept, Machines, Naming, Place, Reading, Recognizing, Sources, Writing, grouped
from kg.cli.report import log
from kg.cli.shared import count, finish, read_sources
from kg.errors import KgError, Location

if TYPE_CHECKING:
    from kg.store import Store


@grouped
def build(
    sources: Sources = None,
    *,
    place: Place,
    writing: Writing,
    jobs: Jobs = None,
    naming: Naming,
    recognizing: Recognizing,
    reading: Reading,
    machines: Machines,
    context: typer.Context,
) -> None:
    """Build the graph of papers: graph.ttl, graph.html and graph.json.

    No text is read twice: kg.sqlite beside these files keeps what was extracted, and the collection for kg add.

    \b
    Examples:
      kg build                                  the bundled example, into exports/
      kg build page.txt more.jsonl.gz -o out    two sources, into out/
      kg build hf:2025-10-31                    a day's papers, from the network
      kg build folder/ --format ttl,graphml     other files
      kg build page.txt --corrections fix.csv   with names merged, renamed, left out
      kg build s3a://papers/*.jsonl.gz --engine spark --master spark://host:7077 -o s3a://papers/graph
    """
    if machines.engine is Engine.SPARK:
        spark.build(context, sources, place=place, writing=writing, naming=naming, reading=reading, machines=machines)
        return
    job = Job(Settings(place=place, writing=writing, jobs=jobs, naming=naming, recognizing=recognizing))
    found = read_sources(sources, reading)
    if not any(read.records for read in found):
        raise KgError("no papers to read", remedy="see kg build --help for what can be read")
    with job.store("build") as store:
        before = {source.name for source in store.sources()}
        with store.transaction():
            store.clear()
            put(store, found, reading)
        if gone := sorted(before - {read.name for read in found}):
            log.info("no longer in the collection: %s (kg add would have kept them)", ", ".join(gone))
        job.write(store)
    finish(found, job.skipped, reading)


@grouped
def add(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="As for kg build; one of the collection is read anew. Without one, none."),
    ] = None,
    *,
    place: Kept,
    writing: Writing,
    jobs: Jobs = None,
    naming: Naming,
    recognizing: Recognizing,
    reading: Reading,
) -> None:
    """Add sources to the collection of the last kg build or kg add, and write the files of all of it.

    Options that are not given are those of the run before, but for --jobs and those of how sources are read.

    \b
    Examples:
      kg add yesterday.jsonl                    to the collection in exports/
      kg add hf:2025-10-31 -o out               a day's papers, to that in out/
      kg add --format ttl,nt                    nothing new, but other files
    """
    job = Job(Settings(place=place, writing=writing, jobs=jobs, naming=naming, recognizing=recognizing))
    found = read_sources(sources, reading) if sources else []
    with job.store("add") as store:
        with store.transaction():
            put(store, found, reading)
            if not store.sources():
                raise KgError("no papers yet", at=Location(str(store.path)), remedy="name a source")
        job.write(store)
    finish(found, job.skipped, reading)


@grouped
def forget(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="A source as it was named, or a paper by its id or title.")
    ],
    *,
    place: Kept,
    writing: Writing,
    jobs: Jobs = None,
    naming: Naming,
    recognizing: Recognizing,
) -> None:
    """Take sources or papers out of the collection, and write the files of what is left.

    \b
    Examples:
      kg forget yesterday.jsonl
      kg forget arxiv:1706.03762 -o out
    """
    settings = Settings(place=place, writing=writing, jobs=jobs, naming=naming, recognizing=recognizing)
    if not settings.store.exists():
        raise KgError("no such collection", at=Location(str(settings.store)), remedy="kg build makes one")
    job = Job(settings)
    with job.store("forget") as store:
        with store.transaction():
            found = {name: _forget(store, name) for name in dict.fromkeys(names)}
            gone = {name: records for name, records in found.items() if records is not None}
            if missing := ", ".join(name for name in names if name not in gone):
                raise KgError(f"no source or paper of the collection: {missing}", remedy="kg stats lists the sources")
        for name, records in gone.items():
            log.info("forgot %s: %s", name, count(records, "record"))
        job.write(store)


def _forget(store: "Store", name: str) -> int | None:
    """How many records of what a user names went: a source or a paper by its name, or a path as seen from here."""
    from kg.sources import canonical_name

    records = store.forget(name)
    return store.forget(canonical_name(name)) if records is None else records
