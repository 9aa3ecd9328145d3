"""Files and tables to records: one row a record, with the paper that it tells or why it tells none."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from urllib.parse import unquote

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as f

from kg.errors import KgError, Location, RecordError, Skip
from kg.papers import identifiers
from kg.schema import Paper
from kg.sources import read_line, sorted_out
from kg.sources.records import paper_from_record
from kg.spark.rows import Row, mapped, packed

_SKIPPED = pa.schema([("source", pa.string()), ("line", pa.int64()), ("reason", pa.string()), ("remedy", pa.string())])
_RECORD = pa.schema(
    [("paper", pa.binary()), ("identifiers", pa.list_(pa.string())), ("file", pa.string()), ("skipped", pa.struct(_SKIPPED))]
)


def read_lines(spark: SparkSession, paths: Sequence[str]) -> DataFrame:
    """Records of files of JSON Lines; each knows the line that it stands in, as on one machine.

    Spark reads a large file in blocks and does not count lines over them: a first pass over the files counts those of each
    block, a table of a row a block.
    """
    lines = spark.read.text(list(paths), lineSep="\n").select(
        f.col("value").cast("binary").alias("content"),
        f.col("_metadata.file_path").alias("path"),
        f.col("_metadata.file_name").alias("file"),
        f.col("_metadata.file_block_start").alias("block"),
        f.monotonically_increasing_id().alias("place"),  # counts up within a block
    )
    blocks = lines.groupBy("path", "block").agg(f.min("place").alias("first"), f.count("*").alias("lines"))
    before = f.coalesce(
        f.sum("lines").over(Window.partitionBy("path").orderBy("block").rowsBetween(Window.unboundedPreceding, -1)), f.lit(0)
    )
    offsets = f.broadcast(blocks.select("path", "block", (before - f.col("first") + 1).alias("offset")))
    numbered = lines.join(offsets, ["path", "block"]).withColumn("line", f.col("place") + f.col("offset"))
    return mapped(numbered.select("content", "file", "line"), _from_lines, _RECORD)


def read_parquet(spark: SparkSession, paths: Sequence[str]) -> DataFrame:
    """Records of Parquet files with the fields of papers as columns."""
    place = [f.col("_metadata.file_name").alias("file"), (f.col("_metadata.row_index") + 1).alias("line")]
    return mapped(spark.read.parquet(*paths).select(f.struct("*").alias("record"), *place), _from_columns, _RECORD)


def from_columns(papers: DataFrame) -> DataFrame:
    """Records of a table with the fields of papers as columns."""
    nowhere = [f.lit(None).cast("string").alias("file"), f.lit(None).cast("long").alias("line")]
    return mapped(papers.select(f.struct("*").alias("record"), *nowhere), _from_columns, _RECORD)


def _from_lines(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        at = _place(row)
        skipped: list[KgError] = []
        papers = list(read_line(row["content"] or b"", at, skipped.append))
        yield from _records(at, papers, skipped)


def _from_columns(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        at = _place(row)
        skipped: list[KgError] = []
        yield from _records(at, sorted_out(at, [_paper(row["record"], at)], skipped.append), skipped)


def _place(row: Row) -> Location:
    """Where a row is from, if from a file: Spark gives the names of these percent-encoded."""
    return Location(unquote(row["file"] or "record"), row["line"])


def _paper(record: Row, at: Location) -> Paper | RecordError:
    try:
        return paper_from_record(record, at, str(at))
    except RecordError as error:
        return error


def _records(at: Location, papers: Iterable[Paper], skipped: list[KgError]) -> Iterator[Row]:
    """Rows of what a record tells; `skipped` is filled while the papers are read."""
    for paper in papers:
        yield {"paper": packed(paper), "identifiers": sorted(identifiers(paper)), "file": at.source, "skipped": None}
    for error in skipped:
        skip = Skip(at.source, at.line, error.reason, error.remedy)  # an error knows but the text that it was given
        yield {"paper": None, "identifiers": [], "file": at.source, "skipped": asdict(skip)}
