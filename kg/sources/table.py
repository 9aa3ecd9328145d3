"""Tables as text: CSV and TSV with a header row."""

import csv
from collections.abc import Iterator
from itertools import islice, takewhile

from kg.errors import RecordError
from kg.schema import Paper
from kg.sources.files import TextFile, check_decoded
from kg.sources.records import TITLE_NAMES, field_name, paper_from_record

_DELIMITERS = ",\t;|"
# Abstracts outgrow the csv module's own limit of 128 KiB a field where a quote is missing; say so then, not before.
csv.field_size_limit(16 * 1024 * 1024)


def matches(head: str) -> bool:
    """Whether the first line that is not blank is a header with a title column."""
    return _delimiter(head) is not None


def read(file: TextFile) -> Iterator[Paper | RecordError]:
    """Yields one paper a row."""
    delimiter = _delimiter(file.head()) or ","
    offset = sum(1 for _ in takewhile(lambda line: not line.raw.strip(), file.lines()))
    rows = csv.DictReader(_lines(file, offset), delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(rows, None)
        except RecordError as error:
            yield error
            return
        except csv.Error as error:
            reason = f"not a table row: {error}; the table is not read beyond this line"
            yield RecordError(reason, at=file.at(offset + rows.line_num), remedy="close the quotes")
            return
        if row is None:
            return
        line = offset + rows.line_num
        if None in row:
            yield RecordError(
                "more cells than the header has columns", at=file.at(line), remedy="quote cells that hold the delimiter"
            )
            continue
        try:
            check_decoded("\n".join(filter(None, row.values())), file.encoding, file.at(line))
            yield paper_from_record(row, file.at(line), file.provenance(line))
        except RecordError as error:
            yield error


def _lines(file: TextFile, offset: int) -> Iterator[str]:
    """The lines from the header on; what can't be decoded spoils a row, what is too long the table."""
    for line in islice(file.lines(), offset, None):
        yield (line.text if line.cut else line.raw) + "\n"


def _delimiter(head: str) -> str | None:
    header = head.lstrip().partition("\n")[0]
    for delimiter in _DELIMITERS:
        try:
            names = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:
            return None
        if any(field_name(name) in TITLE_NAMES for name in names):
            return delimiter
    return None
