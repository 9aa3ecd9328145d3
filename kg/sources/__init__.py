"""Papers from wherever a user has them: one module a format, each with `matches(head)` and `read(file)`."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path
from types import ModuleType

from kg.errors import KgError, Location, RecordError, SourceError
from kg.schema import MAX_TEXT_CHARS, Paper, SourceFile
from kg.sources import hf_page, json_records, table, web
from kg.sources.files import TextFile
from kg.sources.records import paper_from_record

# Asked in this order: the first format that a text's head matches reads it.
_FORMATS: tuple[ModuleType, ...] = (hf_page, json_records, table)

Source = str | PathLike[str] | Paper | Mapping[str, object]
OnSkip = Callable[[KgError], None]
OnFile = Callable[[SourceFile], None]

_logger = logging.getLogger("kg")


def log_skip(error: KgError) -> None:
    """Reports what is skipped as a warning of the logger `kg`."""
    _logger.warning("skipped: %s", error)


def read(
    source: Source | Iterable[Source],
    *,
    year: int | None = None,
    on_skip: OnSkip = log_skip,
    on_file: OnFile | None = None,
) -> Iterator[Paper]:
    """Yields the papers of a source as they stand in it, those listed twice, twice.

    Args:
        source: A file, a folder (all files in it, by name), a web address, `-` for standard input, a paper or a mapping of
            fields, or an iterable of these. A file's format is told by its content: Hugging Face
            papers pages saved as text, JSON Lines, a JSON array, CSV, TSV.
        year: The year in which a papers page was saved, if not one past the greatest year on it.
        on_skip: Called with each error about something that can't be read; the rest goes on.
            By default it is logged.
        on_file: Called with the name and hash of each file that papers are read from.

    Raises:
        SourceError: A file or folder named by the caller is missing, or an address can't be fetched.

    >>> [paper.title for paper in read([{"title": "Adam"}, {"title": "Dropout"}])]
    ['Adam', 'Dropout']
    """
    if isinstance(source, Paper):
        yield source
    elif isinstance(source, Mapping):
        try:
            yield paper_from_record(source, Location("record"), "record")
        except RecordError as error:
            on_skip(error)
    elif isinstance(source, str | PathLike):
        yield from _read_named(source, year, on_skip, on_file)
    else:
        for each in source:
            yield from read(each, year=year, on_skip=on_skip, on_file=on_file)


def _read_named(source: str | PathLike[str], year: int | None, on_skip: OnSkip, on_file: OnFile | None) -> Iterator[Paper]:
    name = fspath(source)
    if not name:
        raise SourceError("a source without a name", remedy="name a file, a folder or an address")
    if web.matches(name):
        yield from _read_file(web.fetch(name, year), on_skip, on_file)
    elif name == "-":
        yield from _read_file(TextFile.from_bytes(sys.stdin.buffer.read(), "standard input", year), on_skip, on_file)
    else:
        for file in _files(Path(name), on_skip):
            yield from _read_file(TextFile.from_path(file, year), on_skip, on_file)


def _files(path: Path, on_skip: OnSkip) -> Iterator[Path]:
    """The file itself, or all files in a folder by name, but hidden ones; raises `SourceError` where there is none."""
    try:
        if not path.is_dir():
            path.stat()
            yield path
            return
    except OSError as error:
        raise SourceError(error.strerror or str(error), at=Location(str(path)), remedy="check the path") from None
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.is_file() and not hidden:
            yield file
        elif file.is_symlink() and not hidden:
            on_skip(SourceError("a link to a folder or to nothing", at=Location(str(file)), remedy="name its target"))


def _read_file(file: TextFile, on_skip: OnSkip, on_file: OnFile | None) -> Iterator[Paper]:
    try:
        format = _reader(file)
        if on_file:
            on_file(file.identity())
        yield from _sorted_out(file, format.read(file), on_skip)
    except KgError as error:
        # Raised, not yielded: the reader can't go on behind it. Other sources can.
        on_skip(error)


def _reader(file: TextFile) -> ModuleType:
    try:
        head = file.head()
    except OSError as error:
        raise SourceError(error.strerror or str(error), at=file.at(), remedy="check the path") from None
    for format in _FORMATS:
        if format.matches(head):
            return format
    reason = "of no known format" if head.strip() else "empty"
    raise SourceError(reason, at=file.at(), remedy="give a papers page as text, JSON, or a table with a column `title`")


def _sorted_out(file: TextFile, items: Iterable[Paper | RecordError], on_skip: OnSkip) -> Iterator[Paper]:
    for item in items:
        if isinstance(item, RecordError):
            on_skip(item)
        elif len(item.text) > MAX_TEXT_CHARS:
            reason = f"a text of {len(item.text):,} characters is no abstract"
            on_skip(
                RecordError(f"{reason}: {item.title[:60]!r}", at=file.at(), remedy="give titles and abstracts, not full texts")
            )
        else:
            yield item
