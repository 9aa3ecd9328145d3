"""Extractions to entities: what papers show of names is counted in tables, and resolved on the driver.

Two tables come to the driver, both of distinct names, not of mentions: how often each abbreviation is defined as what, and how
often each spelling stands for what. The functions that read them are those of one machine (`kg.graph.resolve`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import partial

import pyarrow as pa
from pyspark import Broadcast
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from kg.graph.known import Folded, Known
from kg.graph.names import members
from kg.graph.resolve import (
    AbbreviationRules,
    Entity,
    Meanings,
    Spelling,
    abbreviated,
    definitions,
    make_entities,
    spellings,
    usual_meanings,
)
from kg.schema import Extraction, Label
from kg.spark.rows import Row, kept, mapped, unpacked

# `long` is what an abbreviation is defined as, or null where a paper just names it.
_ABBREVIATION = pa.schema([("label", pa.string()), ("name", pa.string()), ("long", pa.string())])
_SPELLING = pa.schema(
    [("label", pa.string()), ("name", pa.string()), ("spelling", pa.string()), ("steps", pa.list_(pa.string()))]
)
_KEY = pa.schema([("label", pa.string()), ("name", pa.string()), ("key", pa.string())])
_NAMED = pa.schema([("id", pa.string()), ("label", pa.string()), ("name", pa.string())])


def read_meanings(extractions: DataFrame, known: Known, rules: AbbreviationRules) -> Meanings:
    """What names stand for, from the abbreviations that papers define; extractions are `id` and packed `extraction`."""
    counts = mapped(extractions, _abbreviations, _ABBREVIATION).groupBy("label", "name", "long").count()
    counts = kept(counts, "abbreviations")
    defined, named = counts.where("long IS NOT NULL"), counts.where("long IS NULL")
    defining = {(_folded(row), (Label(row["label"]), row["long"])): row["count"] for row in defined.toArrow().to_pylist()}
    namings = {_folded(row): row["count"] for row in named.join(defined, ["label", "name"], "left_semi").toArrow().to_pylist()}
    return Meanings(usual_meanings(defining, Counter(namings), rules), known)


def read_entities(extractions: DataFrame, meanings: Broadcast[Meanings]) -> dict[Folded, Entity]:
    """All entities, from how often each spelling stands for what."""
    columns = ("label", "name", "spelling", "steps")
    counts = mapped(extractions, partial(_spellings, meanings=meanings), _SPELLING).groupBy(*columns).count()
    found: dict[Folded, Counter[Spelling]] = defaultdict(Counter)
    for batch in counts.toArrow().to_batches():
        for row in batch.to_pylist():
            found[_folded(row)][row["spelling"], tuple(row["steps"])] = row["count"]
    return make_entities(found, meanings.value)


def resolve(extractions: DataFrame, meanings: Broadcast[Meanings], entities: dict[Folded, Entity]) -> DataFrame:
    """Extractions with `names`: the key of the entity that each name in the paper stands for."""
    keys = pa.Table.from_pylist(
        [{"label": label, "name": name, "key": entity.key} for (label, name), entity in entities.items()], schema=_KEY
    )
    named = mapped(extractions, partial(_named, meanings=meanings), _NAMED)
    found = named.join(extractions.sparkSession.createDataFrame(keys), ["label", "name"])
    names = found.groupBy("id").agg(f.collect_list(f.struct("label", "name", "key")).alias("names"))
    return extractions.join(names, "id", "left")


def _folded(row: Row) -> Folded:
    return Label(row["label"]), row["name"]


def _abbreviations(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        extraction: Extraction = unpacked(row["extraction"])
        for (label, name), (_, long) in definitions(extraction):
            yield {"label": label, "name": name, "long": long}
        for label, name in abbreviated(extraction):
            yield {"label": label, "name": name, "long": None}


def _spellings(rows: Iterable[Row], meanings: Broadcast[Meanings]) -> Iterator[Row]:
    for row in rows:
        extraction: Extraction = unpacked(row["extraction"])
        for (label, name), (spelling, steps) in spellings(extraction, meanings.value, dict(definitions(extraction))):
            yield {"label": label, "name": name, "spelling": spelling, "steps": steps}


def _named(rows: Iterable[Row], meanings: Broadcast[Meanings]) -> Iterator[Row]:
    for row in rows:
        extraction: Extraction = unpacked(row["extraction"])
        defined = dict(definitions(extraction))
        mentioned = ((mention.label, member) for mention in extraction.mentions for member in members(mention.text))
        for label, name in {meanings.value.meaning(*each, defined)[0] for each in mentioned}:
            yield {"id": row["id"], "label": label, "name": name}
