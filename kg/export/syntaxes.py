"""The syntaxes of RDF files: which one a name tells, and how a file of any is read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from os import PathLike
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from kg.errors import GraphError, KgError, Location

# How Oxigraph's messages begin: "Parser error at line 2 column 23: ".
_PLACE = re.compile(r"^Parser error [^:]*: ")


class Syntax(StrEnum):
    """The RDF that `kg.write_rdf` writes, by suffix."""

    TURTLE = "ttl"
    N_TRIPLES = "nt"
    N_QUADS = "nq"
    TRIG = "trig"
    JSON_LD = "jsonld"
    RDF_XML = "rdf"

    @property
    def oxigraph(self) -> RdfFormat:
        """Oxigraph's name of it."""
        format = RdfFormat.from_extension(self)
        assert format is not None
        return format


def syntax_of(path: str | PathLike[str], format: str | None = None) -> Syntax:
    """Returns the syntax called `format`, or else that of a file's suffix; raises `KgError` where there is none."""
    name = format or Path(path).suffix.removeprefix(".").lower()
    try:
        return Syntax(name)
    except ValueError:
        remedy = f"choose from {', '.join(Syntax)}"
        raise KgError(f"no RDF format is called {name!r}", at=Location(str(path)), remedy=remedy) from None


@contextmanager
def reading(path: str | PathLike[str]) -> Iterator[pyoxigraph.QuadParser]:
    """Opens an RDF file of any syntax, by its suffix, for reading quad by quad.

    Raises:
        GraphError: It can't be read, has a suffix of no RDF, or breaks its syntax: with file and line.
    """
    suffix = Path(path).suffix.removeprefix(".").lower()
    format = RdfFormat.from_extension(suffix)
    if format is None:
        remedy = f"give a file that ends in .{', .'.join(Syntax)}"
        raise GraphError(f"the suffix {suffix!r} is of no RDF format", at=Location(str(path)), remedy=remedy)
    try:
        with Path(path).open("rb") as stream:
            yield pyoxigraph.parse(stream, format)
    except SyntaxError as error:
        reason = f"not {format.name}: {_PLACE.sub('', error.msg)}"
        raise GraphError(
            reason,
            at=Location(str(path), error.lineno),
            remedy=f"mend it, or give it the suffix of its format if that is not {format.name}",
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise GraphError(reason, at=Location(str(path)), remedy="check the path, or run kg build") from None
