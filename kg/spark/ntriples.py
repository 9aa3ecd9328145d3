"""The same triples as one machine writes, as rows of N-Triples."""

from collections.abc import Iterable, Iterator
from functools import partial, reduce
from itertools import chain

import networkx as nx
import pyarrow as pa
from pyspark import Broadcast
from pyspark.sql import DataFrame
from spacy.util import minibatch

from kg.export.rdf import n_triples
from kg.export.triples import Triple, describe, evidence, node_iri, node_iris, relations
from kg.graph.resolve import Meanings
from kg.schema import SCHEMES, Content, Kind
from kg.spark.rows import Row, mapped, told
from kg.spark.tables import Tables, paper_graph

_LINES = pa.schema([("value", pa.string())])
# Rows whose triples are written at once; edges of a hub have long lists of papers.
_BATCH_ROWS = 64


def n_triples_of(
    tables: Tables, resolved: DataFrame, meanings: Broadcast[Meanings], content: Content, *, base_iri: str
) -> DataFrame:
    """What `kg.export.triples` says of the graph, one column of text, several lines a row; some lines come twice."""
    gathered = tables.edges.where("inferred OR reason IS NOT NULL")
    parts = [
        mapped(resolved, partial(_of_papers, meanings=meanings, content=content, base_iri=base_iri), _LINES),
        mapped(tables.entities, partial(_of_entities, content=content, base_iri=base_iri), _LINES),
        mapped(gathered, partial(_of_edges, content=content, base_iri=base_iri), _LINES),
    ]
    return reduce(DataFrame.unionByName, parts)


def lines(triples: Iterable[Triple]) -> Row:
    """A row of triples; the line feed behind the last is added where the row is written."""
    return {"value": n_triples(triples).decode().removesuffix("\n")}


def _of_papers(rows: Iterable[Row], meanings: Broadcast[Meanings], content: Content, base_iri: str) -> Iterator[Row]:
    """Papers, their relations and the evidence of these."""
    for row in rows:
        extraction, _, graph = paper_graph(row, meanings.value)
        paper, iris = extraction.paper.id, node_iris(graph, base_iri)
        described = describe(paper, iris[paper], graph.nodes[paper], content)
        supported = evidence(graph, iris, content, base_iri=base_iri)
        yield lines(chain(described, relations(graph, iris), supported))


def _of_entities(rows: Iterable[Row], content: Content, base_iri: str) -> Iterator[Row]:
    for batch in minibatch(rows, _BATCH_ROWS):
        nodes = ((row["key"], told(row)) for row in batch)
        yield lines(chain.from_iterable(describe(node, node_iri(node, data, base_iri), data, content) for node, data in nodes))


def _of_edges(rows: Iterable[Row], content: Content, base_iri: str) -> Iterator[Row]:
    """Edges between entities, and the papers that they follow from."""
    for batch in minibatch(rows, _BATCH_ROWS):
        graph = nx.MultiDiGraph()
        for row in batch:
            graph.add_edge(row["source"], row["target"], row["relation"], **told(row))
            graph.add_nodes_from(row["papers"] or ())
        for node, data in graph.nodes(data=True):
            scheme = node.partition(":")[0]
            data["kind"] = str(Kind.PAPER) if scheme in SCHEMES else scheme
        iris = node_iris(graph, base_iri)
        yield lines(chain(relations(graph, iris), evidence(graph, iris, content, base_iri=base_iri)))
