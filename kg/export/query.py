"""SPARQL over an exported file, with Oxigraph, and its answers as text."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Store
from rdflib.namespace import RDF

from kg.errors import KgError, Location
from kg.export.syntaxes import reading
from kg.export.triples import prefixes
from kg.schema import BASE_IRI

Answer = QuerySolutions | QueryBoolean | QueryTriples
_Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple

_RESULT_FORMATS = {"csv": QueryResultsFormat.CSV, "json": QueryResultsFormat.JSON}
_SYNTAX_ERROR = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<reason>.*)", re.DOTALL)
# What Oxigraph expected instead: the words and signs of a list whose ranges of characters, in brackets, can fill a page.
_EXPECTED = re.compile(r'[A-Z]{2,}|"[^"]+"')
_RANGES = re.compile(r"\[.*?\]", re.DOTALL)


class QueryError(KgError):
    """A query that is no SPARQL; `excerpt` is its line with a caret below the place."""

    def __init__(self, reason: str, excerpt: str, at: Location):
        super().__init__(reason, at=at)
        self.excerpt = excerpt


@dataclass(frozen=True)
class Exported:
    """What a file holds, ready for questions, and the prefixes that these may use undeclared."""

    store: Store
    prefixes: dict[str, str]


def open_export(path: str | PathLike[str]) -> Exported:
    """Reads an RDF file of any syntax into memory.

    The default graph has what all named graphs say, so that one question fits all formats. The prefixes are those that
    the file declares, and ours. Raises `KgError` where the file can't be read.
    """
    store = Store()
    with reading(path) as quads:
        store.extend(_in_default_graph_too(quads))
        return Exported(store, prefixes(BASE_IRI) | quads.prefixes)


def _in_default_graph_too(quads: Iterator[pyoxigraph.Quad]) -> Iterator[pyoxigraph.Quad]:
    # Not `use_default_graph_as_union`: there, a triple that several graphs hold counts as often.
    default = pyoxigraph.DefaultGraph()
    for quad in quads:
        yield quad
        if quad.graph_name != default:
            yield pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, default)


def ask(exported: Exported, query: str, name: str = "query") -> Answer:
    """Puts a SPARQL query; raises `QueryError`, which says `name`, where it is none."""
    try:
        return exported.store.query(query, prefixes=exported.prefixes)
    except SyntaxError as error:
        raise _query_error(query, name, str(error)) from None


def _query_error(query: str, name: str, message: str) -> QueryError:
    found = _SYNTAX_ERROR.match(message)
    if not found:
        return QueryError(message, "", Location(name))
    line, column = int(found["line"]), int(found["column"])
    expected = _EXPECTED.findall(_RANGES.sub("", found["reason"]))
    reason = f"expected {' or '.join(expected)}" if expected else "not expected here"
    if "Prefix not found" in message:
        reason = "a prefix that is not declared"
    text = query.split("\n")[line - 1].replace("\t", " ")
    return QueryError(f"no SPARQL: {reason}", f"  {text}\n  {' ' * (column - 1)}^", Location(name, line))


def rows(answer: QuerySolutions) -> Iterator[tuple[_Term | None, ...]]:
    """The terms of each solution, in the order of the variables; raises `KgError` where evaluation fails."""
    with _evaluating():
        for solution in answer:
            yield tuple(solution[variable] for variable in answer.variables)


def serialize(answer: Answer, format: str, names: dict[str, str]) -> bytes:
    """An answer as SPARQL results in `csv` or `json`, or as sorted Turtle (`ttl`).

    Raises:
        KgError: A SELECT or ASK can't be Turtle, what CONSTRUCT and DESCRIBE give can't be anything else.
    """
    if isinstance(answer, QueryTriples):
        if format != "ttl":
            raise KgError(f"CONSTRUCT and DESCRIBE give triples, not {format}", remedy="choose --format ttl")
        with _evaluating():
            triples = sorted(set(answer), key=_reading_order)
        return pyoxigraph.serialize(triples, format=RdfFormat.TURTLE, prefixes=names) or b""
    if format not in _RESULT_FORMATS:
        raise KgError(f"SELECT and ASK give no {format}", remedy="choose --format table, csv or json")
    with _evaluating():
        return answer.serialize(format=_RESULT_FORMATS[format]) or b""


def _reading_order(triple: pyoxigraph.Triple) -> tuple[str, bool, str]:
    """Subjects together, the type first."""
    return str(triple.subject), triple.predicate.value != str(RDF.type), str(triple)


@contextmanager
def _evaluating() -> Iterator[None]:
    """Answers are computed while they are read: a SERVICE that can't be reached is met only then."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        raise KgError(f"the query can't be answered: {error}") from None


def shown(term: _Term | None, names: dict[str, str]) -> str:
    """A term for a person to read: a literal's value, an IRI behind its prefix.

    >>> shown(pyoxigraph.NamedNode("https://example.org/id/a"), {"ex": "https://example.org/id/"})
    'ex:a'
    """
    if term is None:
        return ""
    if isinstance(term, pyoxigraph.NamedNode):
        fitting = [prefix for prefix, iri in names.items() if term.value.startswith(iri) and term.value != iri]
        if not fitting:
            return term.value
        prefix = max(fitting, key=lambda each: len(names[each]))
        return f"{prefix}:{term.value.removeprefix(names[prefix])}"
    return term.value if isinstance(term, pyoxigraph.Literal) else str(term)
