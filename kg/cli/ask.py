"""Questions to exported files: SPARQL, and what changed between two of them."""

import os
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.cli.report import log
from kg.cli.shared import count
from kg.errors import reading

if TYPE_CHECKING:
    from pyoxigraph import QuerySolutions

# A table that no terminal shows is as wide as its values are.
_UNBOUNDED = 100_000


class ResultFormat(StrEnum):
    """How `kg query` prints an answer."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    TTL = "ttl"


def query(
    sparql: Annotated[
        str, typer.Argument(metavar="SPARQL", help="The query; @FILE reads it from a file, - from standard input.")
    ],
    file: Annotated[Path, typer.Argument(help="RDF in any format: .ttl, .nt, .nq, .trig, .jsonld, .rdf.")] = Path(
        "exports/graph.ttl"
    ),
    format: Annotated[
        ResultFormat | None, typer.Option(help="By default a table on a terminal, else CSV; Turtle for CONSTRUCT and DESCRIBE.")
    ] = None,
) -> None:
    """Ask an exported file a question in SPARQL.

    The prefixes of the file need no PREFIX: kg, paper, method, dataset, skos, dcterms, schema, rdf, oa …

    \b
    Examples:
      kg query 'SELECT ?title { ?paper kg:uses dataset:imagenet ; dcterms:title ?title }'
      kg query @examples/sparql/code_by_paper.rq out/graph.nt --format csv
      kg query 'DESCRIBE method:u-net'
    """
    from pyoxigraph import QueryBoolean, QuerySolutions

    from kg.export.query import QueryError, ask, open_export, serialize

    text, name = _query_text(sparql)
    exported = open_export(file)
    try:
        answer = ask(exported, text, name)
    except QueryError as error:
        log.error("%s\n%s", error, error.excerpt)
        raise typer.Exit(2) from None
    if isinstance(answer, QueryBoolean) and format in (None, ResultFormat.TABLE):
        print("yes" if answer else "no")
    elif isinstance(answer, QuerySolutions) and (format or _default_format()) is ResultFormat.TABLE:
        _print_table(answer, exported.prefixes)
    else:
        fitting = _default_format() if isinstance(answer, QuerySolutions | QueryBoolean) else ResultFormat.TTL
        sys.stdout.buffer.write(serialize(answer, format or fitting, exported.prefixes))
        sys.stdout.flush()


def _default_format() -> ResultFormat:
    return ResultFormat.TABLE if sys.stdout.isatty() else ResultFormat.CSV


def _query_text(argument: str) -> tuple[str, str]:
    """The query, and what messages call the place it is from."""
    if argument == "-":
        name, read = "standard input", sys.stdin.buffer.read
    elif argument.startswith("@"):
        name = argument.removeprefix("@")
        read = Path(name).read_bytes
    else:
        name, read = "query", partial(os.fsencode, argument)
    with reading(name):
        return read().decode().replace("\r\n", "\n"), name


def _print_table(solutions: "QuerySolutions", names: dict[str, str]) -> None:
    from kg.export.query import rows, shown

    variables = [variable.value for variable in solutions.variables]
    table = Table(*variables, box=None, header_style="bold", pad_edge=False)
    for row in rows(solutions):
        table.add_row(*(Text(shown(term, names), overflow="fold") for term in row))
    Console(width=None if sys.stdout.isatty() else _UNBOUNDED).print(table)
    log.info(count(table.row_count, "row"))


def diff(
    old: Annotated[Path, typer.Argument(help="RDF in any format.")],
    new: Annotated[Path, typer.Argument(help="RDF in any format.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder for added.nt and removed.nt.")] = None,
    sparql: Annotated[bool, typer.Option("--sparql", help="Print SPARQL updates, DELETE DATA and INSERT DATA.")] = False,
    graph: Annotated[
        str | None, typer.Option(metavar="IRI", help="The named graph that the updates change, instead of the default graph.")
    ] = None,
) -> None:
    """Tell what changed between two exported files, in words or as a patch for a triple store.

    \b
    Examples:
      kg diff exports/graph.ttl out/graph.ttl
      kg diff old.nt new.ttl -o patch
      kg diff old.ttl new.ttl --sparql --graph https://library.example/papers > patch.ru
    """
    from kg.export.changes import summary
    from kg.export.diff import read_diff, updates, write_patch

    found = read_diff(old, new)
    if sparql:
        print(" ;\n".join(updates(found, graph)), end="\n" if found.old != found.new else "")
    else:
        print("\n".join(summary(found)))
    for path in write_patch(found, output) if output else ():
        log.info("wrote %s", path)
