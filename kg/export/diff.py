"""What changed between two exports, as patches that triple stores can apply."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path

import pyoxigraph
from pyoxigraph import BlankNode, RdfFormat, Triple

from kg.errors import KgError, Location
from kg.export.files import whole_file
from kg.export.parse import read_triples

# Stores refuse, or run out of stack in, updates of very many triples (Virtuoso 7: about 10,000).
_TRIPLES_AN_UPDATE = 1_000


@dataclass(frozen=True)
class Diff:
    """Two exports as sets of triples; what named graphs hold counts as said once."""

    old: frozenset[Triple]
    new: frozenset[Triple]

    @cached_property
    def added(self) -> list[Triple]:
        """What is only in the new one, sorted."""
        return sorted(self.new - self.old, key=str)

    @cached_property
    def removed(self) -> list[Triple]:
        """What is only in the old one, sorted."""
        return sorted(self.old - self.new, key=str)


def read_diff(old: str | PathLike[str], new: str | PathLike[str]) -> Diff:
    """Compares two RDF files of any syntax; raises `KgError` where one can't be read or has blank nodes."""
    return Diff(_read(old), _read(new))


def _read(path: str | PathLike[str]) -> frozenset[Triple]:
    triples = frozenset(read_triples(path))
    if any(isinstance(term, BlankNode) for triple in triples for term in (triple.subject, triple.object)):
        raise KgError("has blank nodes, which a patch can't name", at=Location(str(path)), remedy="give what kg build wrote")
    return triples


def write_patch(diff: Diff, folder: Path) -> list[Path]:
    """Writes `added.nt` and `removed.nt`, also where they are empty."""
    paths = [folder / "added.nt", folder / "removed.nt"]
    for path, triples in zip(paths, (diff.added, diff.removed), strict=True):
        with whole_file(path) as stream:
            pyoxigraph.serialize(triples, stream, RdfFormat.N_TRIPLES)
    return paths


def updates(diff: Diff, graph: str | None = None) -> Iterator[str]:
    """Yields SPARQL updates that make the old export the new one: what is removed first, in chunks.

    Args:
        diff: What changed.
        graph: The IRI of the named graph that holds the old export; by default, it is in the default graph.

    Raises:
        KgError: `graph` is no IRI.
    """
    name = _graph_name(graph) if graph else ""
    for verb, triples in (("DELETE DATA", diff.removed), ("INSERT DATA", diff.added)):
        for chunk in _chunks(triples):
            lines = "".join(f"{triple} .\n" for triple in chunk)
            yield f"{verb} {{ GRAPH {name} {{\n{lines}}} }}" if name else f"{verb} {{\n{lines}}}"


def _chunks(triples: Sequence[Triple]) -> Iterator[Sequence[Triple]]:
    for start in range(0, len(triples), _TRIPLES_AN_UPDATE):
        yield triples[start : start + _TRIPLES_AN_UPDATE]


def _graph_name(iri: str) -> str:
    try:
        return str(pyoxigraph.NamedNode(iri))
    except ValueError:
        raise KgError(f"{iri!r} is no IRI of a graph", remedy="give an absolute one: https://library.example/graph") from None
