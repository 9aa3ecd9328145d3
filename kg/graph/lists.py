"""Lists that people keep beside the graph, as CSV files: rows with their lines, or one clear error."""

import csv
import io
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path

from kg.errors import KgError, Location, reading

# A row's cells by column, stripped, and where the row stands.
Row = tuple[dict[str, str], Location]


def read_list(path: str | PathLike[str], columns: Sequence[str], *, needed: Sequence[str]) -> Iterator[Row]:
    """Yields the rows of a CSV file with a header; columns that the file lacks are empty.

    Raises:
        KgError: The file can't be read, is not such a table, or has a column nobody knows.
    """
    remedy = f"give a CSV file with the columns {', '.join(columns)}"
    with reading(str(path)):
        text = Path(path).read_bytes().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = list(rows.fieldnames or ())
        for column in header:
            if column not in columns:
                raise KgError(f"unknown column {column!r}", at=Location(str(path), 1), remedy=remedy)
        for column in needed:
            if column not in header:
                raise KgError(f"no column {column!r}", at=Location(str(path), 1), remedy=remedy)
        for row in rows:
            at = Location(str(path), rows.line_num)
            if None in row:
                raise KgError("more cells than the header has columns", at=at, remedy="quote cells that hold a comma")
            yield {column: (row.get(column) or "").strip() for column in columns}, at
    except csv.Error as error:
        raise KgError(f"not a table row: {error}", at=Location(str(path), rows.line_num), remedy="close the quotes") from None
