"""Records to distinct papers, at scale: what `kg.papers.collect` does on one machine, by the same rules."""

from collections.abc import Iterable, Iterator
from itertools import count

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from kg.papers import contradicting, identifiers, merge, title_key
from kg.schema import Paper
from kg.spark.rows import Row, kept, mapped, packed, unpacked

_GROUP = pa.schema(
    [
        ("component", pa.string()),
        ("title", pa.string()),
        ("identifiers", pa.list_(pa.string())),
        ("records", pa.list_(pa.binary())),
    ]
)
_TITLE = pa.schema([("title", pa.string())])
_PAPER = pa.schema([("id", pa.string()), ("paper", pa.binary())])


def distinct(records: DataFrame) -> DataFrame:
    """The distinct papers of records: `id` and packed `paper`.

    Records are grouped first by shared identifiers, then groups of one title are joined unless their identifiers contradict
    that. Only groups that share their title with another are moved a second time.
    """
    groups = mapped(_by_identifier(records), _describe_groups, _GROUP)
    groups = kept(groups, "groups")
    sharing = groups.groupBy("title").agg(f.collect_list("identifiers").alias("known_by")).where(f.size("known_by") > 1)
    joined = kept(mapped(sharing, _agreeing, _TITLE), "titles")
    alone = groups.join(joined, "title", "left_anti").select("records")
    together = (
        groups.join(joined, "title", "left_semi").groupBy("title").agg(f.flatten(f.collect_list("records")).alias("records"))
    )
    return mapped(alone.unionByName(together.select("records")), _merge, _PAPER)


def components(edges: DataFrame) -> DataFrame:
    """The least identifier that each is connected to, directly or over others: `identifier`, `component`.

    Alternates large-star and small-star operations until nothing changes, in few rounds however long the chains of
    identifiers are (Kiveris et al. 2014, "Connected Components in MapReduce and Beyond").

    Args:
        edges: Pairs `one`, `other` of identifiers that some record has both of.
    """
    stars = kept(_edges(edges.select(f.greatest("one", "other"), f.least("one", "other"))), "stars0")
    before, after = None, _signature(stars)
    for number in count(1):
        if before == after:
            break
        stars = kept(_small_star(_large_star(stars)), f"stars{number}")
        before, after = after, _signature(stars)
    return stars.select(f.col("large").alias("identifier"), f.col("small").alias("component"))


def _by_identifier(records: DataFrame) -> DataFrame:
    """The records of each component of identifiers."""
    known = records.where("paper IS NOT NULL").withColumn("identifier", f.col("identifiers")[0])
    edges = known.where(f.size("identifiers") > 1).select("identifier", f.explode("identifiers").alias("other"))
    edges = edges.where("identifier != other").withColumnRenamed("identifier", "one")
    labelled = known.join(components(edges), "identifier", "left")
    component = f.coalesce("component", "identifier").alias("component")
    return labelled.groupBy(component).agg(f.collect_list("paper").alias("records"))


def _large_star(stars: DataFrame) -> DataFrame:
    """Connects the larger neighbours of each identifier to the least of its neighbours and itself."""
    both = stars.unionByName(stars.select(f.col("small").alias("large"), f.col("large").alias("small")))
    neighbours = both.select(f.col("large").alias("centre"), f.col("small").alias("neighbour"))
    least = neighbours.groupBy("centre").agg(f.least(f.min("neighbour"), f.col("centre")).alias("least"))
    return _edges(neighbours.where("neighbour > centre").join(least, "centre").select("neighbour", "least"))


def _small_star(stars: DataFrame) -> DataFrame:
    """Connects the smaller neighbours of each identifier, and itself, to the least of them."""
    least = stars.groupBy("large").agg(f.min("small").alias("least"))
    moved = stars.join(least, "large").where("small != least").select("small", "least")
    return _edges(moved.union(least))


def _edges(pairs: DataFrame) -> DataFrame:
    return pairs.toDF("large", "small").distinct()


def _signature(edges: DataFrame) -> tuple[int, int]:
    """The number of edges and a hash of their set."""
    found = edges.agg(f.count("*"), f.bit_xor(f.xxhash64("large", "small"))).first()
    assert found
    return found[0], found[1] or 0


def _describe_groups(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        records: list[Paper] = [unpacked(record) for record in row["records"]]
        known_by = sorted(set().union(*map(identifiers, records)))
        yield row | {"title": title_key(merge(records)), "identifiers": known_by}


def _agreeing(rows: Iterable[Row]) -> Iterator[Row]:
    return ({"title": row["title"]} for row in rows if not contradicting(row["known_by"]))


def _merge(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        paper = merge([unpacked(record) for record in row["records"]])
        yield {"id": paper.id, "paper": packed(paper)}
