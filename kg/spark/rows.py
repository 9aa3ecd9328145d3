"""Rows as plain mappings, and what each table holds: where Spark's columns meet the functions of the other rooms."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any
from uuid import uuid4

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema
from spacy.util import minibatch

Row = dict[str, Any]

# Rows that leave Python at once: of papers, some megabytes. Those that come in are as many as Spark puts into a batch.
_BATCH_ROWS = 256


def _table(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


_TEXT, _TEXTS, _COUNT = pa.string(), pa.list_(pa.string()), pa.int64()

PAPER = _table(
    id=_TEXT,
    title=_TEXT,
    abstract=_TEXT,
    authors=_TEXTS,
    published=_TEXT,
    venue=_TEXT,
    organization=_TEXT,
    upvotes=_COUNT,
    source=_TEXT,
    extra=_TEXT,  # JSON
)
MENTION = _table(
    paper=_TEXT, text=_TEXT, label=_TEXT, start=_COUNT, end=_COUNT, role=_TEXT, score=pa.float64(), entities=_TEXTS
)
# All nodes but papers; `reasons` say why a spelling is one of an entity's.
ENTITY = _table(
    key=_TEXT,
    kind=_TEXT,
    label=_TEXT,
    papers=_COUNT,
    aliases=pa.map_(_TEXT, _COUNT),
    reasons=pa.map_(_TEXT, _TEXTS),
    homepage=_TEXT,
    higher_is_better=pa.bool_(),
    external=_TEXTS,
    url=_TEXT,
    host=_TEXT,
    owner=_TEXT,
    repository=_TEXT,
    value=_TEXT,
    number=pa.float64(),
    percent=pa.bool_(),
)
_EVIDENCE = _table(paper=_TEXT, start=_COUNT, end=_COUNT, score=pa.float64(), metadata=pa.bool_())
# Inferred edges have `papers` and their number as `weight`, those read off names a `reason`, all others `evidence`.
EDGE = _table(
    source=_TEXT,
    relation=_TEXT,
    target=_TEXT,
    evidence=pa.list_(pa.struct(_EVIDENCE)),
    inferred=pa.bool_(),
    papers=_TEXTS,
    weight=_COUNT,
    reason=_TEXT,
)


def mapped(frame: DataFrame, function: Callable[[Iterator[Row]], Iterable[Row]], schema: pa.Schema) -> DataFrame:
    """What a function makes of the rows of each partition, in batches of Arrow; it is called once a partition."""

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        made = function(chain.from_iterable(batch.to_pylist() for batch in batches))
        for rows in minibatch(made, _BATCH_ROWS):
            yield pa.RecordBatch.from_pylist(rows, schema=schema)

    return frame.mapInArrow(run, from_arrow_schema(schema))


def kept(frame: DataFrame, name: str) -> DataFrame:
    """A table written into Spark's checkpoint folder and read from there: worked out once, whatever machines are lost later.

    Spark's own checkpoints work a table out twice, and its caches, nested in each other, make plans of exponential length.
    """
    folder = f"{frame.sparkSession.sparkContext.getCheckpointDir()}/{name}-{uuid4().hex}"
    frame.write.parquet(folder)
    return frame.sparkSession.read.schema(frame.schema).parquet(folder)


def packed(value: object) -> bytes:
    """A paper or an extraction as it travels between steps, exactly as it is."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def unpacked(content: bytes) -> Any:
    """What `packed` packed; never given bytes from outside the run."""
    return pickle.loads(content)


def filled(row: Row, schema: pa.Schema) -> Row:
    """A row with all columns of a table, mappings as the pairs that Arrow takes."""
    return {name: list(value.items()) if isinstance(value := row.get(name), dict) else value for name in schema.names}


def told(row: Row) -> Row:
    """A row without what it leaves open: the reverse of `filled`."""
    mappings = {"aliases", "reasons"}
    return {name: dict(value) if name in mappings else value for name, value in row.items() if value is not None}
