"""Parquet tables with the fields of papers as columns, read by pyarrow (the extra `parquet`)."""

import io
from collections.abc import Iterator
from contextlib import ExitStack

from kg.errors import RecordError, SourceError
from kg.schema import Paper
from kg.sources.extras import needs
from kg.sources.files import TextFile
from kg.sources.records import paper_from_record

_BATCH_ROWS = 1024


def matches(head: str) -> bool:
    """Whether a file begins with Parquet's magic bytes."""
    return head.startswith("PAR1")


def read(file: TextFile) -> Iterator[Paper | RecordError]:
    """Yields one paper a row; rows are counted from 1."""
    with needs("parquet", file.at()):
        import pyarrow
        from pyarrow.parquet import ParquetFile

    with ExitStack() as opened:
        stream = opened.enter_context(file.open())
        # Parquet is read from its end: what is compressed once more is unpacked into memory.
        table_file = stream if stream.seekable() else io.BytesIO(file.content())
        row = 0
        try:
            for batch in ParquetFile(table_file).iter_batches(batch_size=_BATCH_ROWS):
                for record in batch.to_pylist():
                    row += 1
                    try:
                        yield paper_from_record(record, file.at(row), file.provenance(row))
                    except RecordError as error:
                        yield error
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise SourceError(f"not Parquet behind row {row}: {error}", at=file.at(), remedy="fetch it again") from None
