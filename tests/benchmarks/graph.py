"""How long names take to become a graph, beside networkx putting graphs of single papers together."""

from collections.abc import Iterator, Sequence

import networkx as nx

import kg
from kg.graph.assemble import assemble
from tests.benchmarks.table import Row, seconds


def rows(extractions: Sequence[kg.Extraction]) -> Iterator[Row]:
    """Resolving names over all papers and assembling, beside `networkx.compose_all`, which resolves nothing."""
    single = [assemble([extraction]) for extraction in extractions]
    building = seconds(lambda: assemble(extractions))
    composing = seconds(lambda: nx.compose_all(single))
    yield Row("building the graph", building, "networkx.compose_all of papers' graphs", composing)
