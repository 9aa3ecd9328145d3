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


def seconds(work) -> float:
    """The shortest of a few runs, in processor time: what else the machine does is not counted."""
    times = []
    for _ in range(_REPEATS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    graph = kg.load(sys.argv[1] if len(sys.argv) > 1 else "exports/graph.json")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writers = {f"kg.write_rdf, {syntax}": partial(kg.write_rdf, graph, folder / f"graph.{syntax}") for syntax in Syntax}
        writers["rdflib, ttl"] = lambda: kg.to_rdf(graph).serialize(folder / "theirs.ttl", format="turtle")
        writers["rdflib, nt"] = lambda: kg.to_rdf(graph).serialize(folder / "theirs.nt", format="nt", encoding="utf-8")
        times = {name: seconds(write) for name, write in writers.items()}
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
