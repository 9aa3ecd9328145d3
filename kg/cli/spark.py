"""`kg build --engine spark`: a session on a cluster, and the same job there."""

import os
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.command import origin
from kg.cli.options import Machines, Naming, Place, Reading, Writing
from kg.cli.report import log
from kg.cli.shared import count
from kg.errors import KgError, Location

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# The options of `kg build` that hold on Spark; others are refused where they are typed.
_TAKEN = frozenset(
    "sources engine master output base_iri evidence quotes with_abstracts license known "
    "abbreviation_share abbreviation_papers strict".split()
)
# Those without which it would be another graph; in variables, which are set for other runs too, these alone are refused.
_DECISIVE = frozenset("corrections encoding min_score model model_labels".split())
# The first of several masters; the others stand by.
_MASTER = re.compile(r"spark://(?P<host>[^:,]+|\[[^\]]+\]):(?P<port>\d+)(?:,.*)?")
_SCHEME = re.compile(r"^(?!file:)([a-z][a-z0-9+.-]+):/(?=[^/])")
_TIMEOUT = 5  # seconds


def build(
    context: typer.Context,
    sources: list[str] | None,
    *,
    place: Place,
    writing: Writing,
    naming: Naming,
    reading: Reading,
    machines: Machines,
) -> None:
    """Builds on a cluster: tables, N-Triples and what was skipped, each in a folder of part files."""
    _check(context, machines.master)
    started = time.monotonic()
    with _session(machines.master) as spark:
        from kg import spark as engine
        from kg.schema import Content, Quotes
        from kg.sources import example
        from kg.spark.files import delete

        folder = _address(place.output)
        steps = f"{folder}/.steps"
        spark.sparkContext.setCheckpointDir(steps)
        content = Content(writing.evidence, writing.quotes or Quotes.MENTION, writing.with_abstracts, writing.license)
        try:
            graph = engine.build_from(
                spark, _records(spark, sources or [str(example.path())]), known=naming.known or (), rules=naming.rules()
            )
            tables = engine.write(graph, folder, base_iri=writing.base_iri, content=content, parameters=naming.parameters())
            skipped = graph.skipped.count()
            sizes = {name: table.count() for name, table in vars(tables).items()}
        finally:
            delete(spark, steps)
    log.info("wrote %s: %s", folder, ", ".join(f"{size:,} {name}" for name, size in sizes.items()))
    if skipped:
        log.info("skipped %s: see %s/skipped", count(skipped, "record"), folder)
    log.info("done in %.1f s", time.monotonic() - started)
    if skipped and reading.strict:
        raise typer.Exit(1)


def _check(context: typer.Context, master: str | None) -> None:
    """Raises `KgError` or a usage error, in a moment, where Spark would say no in a minute and a hundred lines."""
    for name in sorted(context.params.keys() - _TAKEN):
        if origin(context, name) == "COMMANDLINE":
            raise typer.BadParameter(f"--{name.replace('_', '-')} is not for --engine spark")
        if origin(context, name) == "ENVIRONMENT" and name in _DECISIVE:
            raise typer.BadParameter(f"KG_{name.upper()} is not for --engine spark")
    for package in ("pyspark", "pyarrow", "pandas"):
        if not find_spec(package):
            raise KgError(f"the package {package} is not installed", remedy="pip install 'paper-kg[spark]'")
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=f"{home}/bin" if home else None):
        raise KgError("Spark needs Java, and there is none", remedy="install a JRE, version 17 or newer, or set JAVA_HOME")
    if master and master.startswith("spark:"):
        _check_master(master)


def _check_master(master: str) -> None:
    found = _MASTER.fullmatch(master)
    if not found:
        raise KgError("no address of a master", at=Location(master), remedy="write spark://HOST:PORT")
    try:
        socket.create_connection((found["host"].strip("[]"), int(found["port"])), _TIMEOUT).close()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise KgError(f"no master answers: {reason}", at=Location(master), remedy="start it, or give its address") from None


@contextmanager
def _session(master: str | None) -> Iterator["SparkSession"]:
    """A session that ends with the block; what Spark can't do is an error of one line."""
    # The workers' Python, unless the user says which: on one machine the same, on clusters often at the same place.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("paper-kg").config("spark.log.level", "ERROR")
    try:
        spark = (builder.master(master) if master else builder).getOrCreate()
        try:
            yield spark
        finally:
            spark.stop()
    except (PySparkException, Py4JError) as error:
        reason = str(getattr(error, "java_exception", error)).splitlines()[0]
        raise KgError(f"Spark: {reason}", remedy="its log, above and in the workers' folders, has more") from None


def _records(spark: "SparkSession", sources: list[str]) -> "DataFrame":
    """The records of all sources; what ends in `.parquet` is that, all else JSON Lines."""
    from kg.spark.records import read_lines, read_parquet

    tables = [source for source in sources if source.rstrip("/").endswith(".parquet")]
    texts = [source for source in sources if source not in tables]
    found = [read(spark, paths) for read, paths in ((read_lines, texts), (read_parquet, tables)) if paths]
    return found[0] if len(found) == 1 else found[0].unionByName(found[1])


def _address(output: Path) -> str:
    """A folder as Spark takes it; paths have lost one of the slashes of an address.

    >>> _address(Path("s3a://papers/graph")), _address(Path("/tmp/out"))
    ('s3a://papers/graph', '/tmp/out')
    """
    return _SCHEME.sub(r"\1://", str(output))
