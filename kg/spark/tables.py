"""Resolved extractions to tables: what each paper says by the functions of one machine, gathered by Spark."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

import networkx as nx
import pyarrow as pa
from pyspark import Broadcast
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from kg.graph.assemble import add_paper, entity_data, finish
from kg.graph.infer import add_inferred
from kg.graph.known import Folded
from kg.graph.names import commonest
from kg.graph.resolve import Entity, Meanings, PaperNames, definitions
from kg.schema import Extraction, Kind, Label, Relation
from kg.spark.rows import EDGE, ENTITY, MENTION, PAPER, Row, filled, mapped, told, unpacked

_LABELLED = [label.lower() for label in Label]
# A node that a paper names: how often by which spelling (metadata and addresses only); `papers` is 1 once a paper.
_NODE = pa.schema(
    [(name, pa.string()) for name in ("key", "kind", "host", "owner", "repository", "spelling")]
    + [(name, pa.int64()) for name in ("count", "papers")]
)
_SPELLED = ("key", "kind", "host", "owner", "repository")
# `digest` is of the paper as the graph has it, in four numbers (see `papers_digest`).
_DIGESTS = [f"digest{number}" for number in range(4)]
_PIECE = pa.schema(
    [
        ("paper", pa.struct(PAPER)),
        ("mentions", pa.list_(pa.struct(MENTION))),
        ("edges", pa.list_(pa.struct(EDGE))),
        ("results", pa.list_(pa.struct(ENTITY))),
        ("nodes", pa.list_(pa.struct(_NODE))),
        *((name, pa.int64()) for name in _DIGESTS),
    ]
)


@dataclass(frozen=True)
class Tables:
    """A graph as tables; `kg.spark.rows` lists their columns."""

    papers: DataFrame
    mentions: DataFrame
    entities: DataFrame
    edges: DataFrame


def paper_graph(row: Row, meanings: Meanings) -> tuple[Extraction, PaperNames, nx.MultiDiGraph]:
    """The graph of one paper, its entities with no more than key and kind, from a row that `kg.spark.names.resolve` made."""
    extraction: Extraction = unpacked(row["extraction"])
    entities = {
        (Label(name["label"]), name["name"]): Entity(name["key"], Kind(name["label"].lower()), "")
        for name in row["names"] or ()
    }
    names = PaperNames(meanings, dict(definitions(extraction)), entities)
    graph = nx.MultiDiGraph()
    add_paper(graph, extraction, names)
    return extraction, names, graph


def say(resolved: DataFrame, meanings: Broadcast[Meanings]) -> DataFrame:
    """What each paper says: one row a paper, with its share of each table."""
    return mapped(resolved, partial(_say, meanings=meanings), _PIECE)


def gather(pieces: DataFrame, entities: dict[Folded, Entity]) -> Tables:
    """The tables of all papers, from what each says and the entities that their names stand for."""
    return Tables(
        papers=pieces.select("paper.*"),
        mentions=pieces.select(f.inline("mentions")),
        entities=_gather_entities(pieces, entities),
        edges=_gather_edges(pieces, entities),
    )


def papers_digest(pieces: DataFrame) -> str:
    """A hash of the papers, the same whatever their order: the SHA-256 of each, joined by exclusive or."""
    row = pieces.agg(*(f.bit_xor(name) for name in _DIGESTS)).first()
    return "".join(number.to_bytes(8, "big", signed=True).hex() for number in row or () if number is not None)


def _say(rows: Iterable[Row], meanings: Broadcast[Meanings]) -> Iterator[Row]:
    for row in rows:
        extraction, names, graph = paper_graph(row, meanings.value)
        paper = extraction.paper.id
        add_inferred(graph, paper)
        data = graph.nodes[paper]
        digest = hashlib.sha256(json.dumps([paper, data], sort_keys=True, default=str).encode()).digest()
        numbers = (int.from_bytes(digest[start : start + 8], "big", signed=True) for start in range(0, 32, 8))
        yield {
            "paper": _paper_row(paper, data),
            "mentions": list(_mention_rows(extraction, names)),
            "edges": [_edge_row(*edge) for edge in graph.edges(data=True)],
            "results": list(_result_rows(graph)),
            "nodes": list(_node_rows(graph, paper)),
            **dict(zip(_DIGESTS, numbers, strict=True)),
        }


def _paper_row(paper: str, data: Mapping[str, Any]) -> Row:
    extra = {"extra": json.dumps(data["extra"], ensure_ascii=False)} if "extra" in data else {}
    return filled({**data, "id": paper, "title": data["label"], **extra}, PAPER)


def _mention_rows(extraction: Extraction, names: PaperNames) -> Iterator[Row]:
    for mention in extraction.mentions:
        yield {
            "paper": extraction.paper.id,
            "text": mention.text,
            "label": mention.label,
            "start": mention.start,
            "end": mention.end,
            "role": mention.role,
            "score": mention.score,
            "entities": [entity.key for entity in names.resolve(mention.label, mention.text)],
        }


def _edge_row(source: str, target: str, data: Mapping[str, Any]) -> Row:
    return filled({"inferred": False, **data, "source": source, "target": target}, EDGE)


def _result_rows(graph: nx.MultiDiGraph) -> Iterator[Row]:
    for node, data in graph.nodes(data=True):
        if data["kind"] == Kind.RESULT:
            finish(data, papers=1)
            yield filled({**data, "key": node}, ENTITY)


def _node_rows(graph: nx.MultiDiGraph, paper: str) -> Iterator[Row]:
    for node, data in graph.nodes(data=True):
        if data["kind"] in (Kind.PAPER, Kind.RESULT):
            continue
        told_of = {"key": node, **{name: data.get(name) for name in _SPELLED[1:]}}
        spelled = data["aliases"] or {None: 0}
        for number, (spelling, count) in enumerate(spelled.items()):
            yield told_of | {"spelling": spelling, "count": count, "papers": int(number == 0)}


def _gather_entities(pieces: DataFrame, entities: dict[Folded, Entity]) -> DataFrame:
    nodes = pieces.select(f.inline("nodes"))
    counts = nodes.where(f.col("kind").isin(_LABELLED)).groupBy("key").agg(f.sum("papers").alias("papers"))
    by_key = {entity.key: filled({**entity_data(entity), "key": entity.key}, ENTITY) for entity in entities.values()}
    resolved = _table(pieces.sparkSession, list(by_key.values()), ENTITY).drop("papers").join(counts, "key")
    spellings = nodes.where(~f.col("kind").isin(_LABELLED)).groupBy(*_SPELLED, "spelling")
    summed = spellings.agg(f.sum("count").alias("count"), f.sum("papers").alias("papers"))
    named = summed.groupBy(*_SPELLED).agg(
        f.sum("papers").alias("papers"), f.collect_list(f.struct("spelling", "count")).alias("spellings")
    )
    every = [resolved.select(ENTITY.names), mapped(named, _named_rows, ENTITY), pieces.select(f.inline("results"))]
    return reduce(DataFrame.unionByName, every)


def _named_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Authors, venues, organizations and addresses, with their most frequent spelling as label."""
    for row in rows:
        counts = sorted((found["spelling"], found["count"]) for found in row.pop("spellings"))
        data = told(row) | {"label": commonest(dict(counts)), "aliases": dict(counts)}
        finish(data, row["papers"])
        yield filled(data, ENTITY)


def _gather_edges(pieces: DataFrame, entities: dict[Folded, Entity]) -> DataFrame:
    edges = pieces.select(f.inline("edges"))
    inferred = edges.where("inferred").groupBy("source", "relation", "target")
    gathered = inferred.agg(f.array_sort(f.flatten(f.collect_list("papers"))).alias("papers")).select(
        "source",
        "relation",
        "target",
        f.lit(None).cast(edges.schema["evidence"].dataType).alias("evidence"),
        f.lit(True).alias("inferred"),
        "papers",
        f.size("papers").cast("long").alias("weight"),
        f.lit(None).cast("string").alias("reason"),
    )
    variants = _table(pieces.sparkSession, [_variant_row(entity) for entity in entities.values() if entity.variant_of], EDGE)
    return edges.where("NOT inferred").unionByName(gathered).unionByName(variants)


def _variant_row(entity: Entity) -> Row:
    return _edge_row(entity.key, entity.variant_of or "", {"relation": Relation.VARIANT_OF, "reason": "name"})


def _table(spark: SparkSession, rows: list[Row], schema: pa.Schema) -> DataFrame:
    return spark.createDataFrame(pa.Table.from_pylist(rows, schema=schema))
