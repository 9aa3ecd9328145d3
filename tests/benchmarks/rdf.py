"""How fast a graph becomes RDF files on one core, beside rdflib's own writers in the same run.

Run by hand: python tests/benchmarks/rdf.py GRAPH.json (default: exports/graph.json)
"""

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import pyoxigraph

import kg
from kg.export.query import ask, open_export
from kg.export.syntaxes import Syntax

_REPEATS = 3


def seconds(work, repeats=_REPEATS) -> float:
    """The shortest of a few runs, in processor time: what else the machine does is not counted."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def write_with_rdflib(graph, path, format) -> None:
    kg.to_rdf(graph).serialize(path, format=format, encoding="utf-8")


def main() -> None:
    graph = kg.load(sys.argv[1] if len(sys.argv) > 1 else "exports/graph.json")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writers = {f"kg.write_rdf, {syntax}": partial(kg.write_rdf, graph, folder / f"graph.{syntax}") for syntax in Syntax}
        times = {name: seconds(write) for name, write in writers.items()}
        for format in ("turtle", "nt"):  # once: the first takes a minute for 180,000 triples
            times[f"rdflib, {format}"] = seconds(partial(write_with_rdflib, graph, folder / format, format), repeats=1)
        triples = sum(1 for _ in pyoxigraph.parse(path=folder / "graph.ttl"))
        print(f"{len(graph):,} nodes, {graph.number_of_edges():,} edges, {triples:,} triples; from networkx to a closed file")
        print(f"{'':22}seconds  triples/s")
        for name, taken in times.items():
            print(f"{name:22}{taken:7.2f}  {triples / taken:9,.0f}")
        exported = open_export(folder / "graph.ttl")
        loading = seconds(lambda: open_export(folder / "graph.ttl"))
        asking = seconds(lambda: list(ask(exported, "SELECT ?method { ?paper kg:uses ?method ; kg:reports ?metric }")))
        print(f"kg query: {loading:.2f} s to read the Turtle, {asking:.2f} s for a join of two patterns")


if __name__ == "__main__":
    main()
