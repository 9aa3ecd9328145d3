"""Papers from wherever a user has them: a module a format (`matches`, `read`) or a service (`search`)."""

import logging
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from glob import glob, has_magic
from os import PathLike, fspath
from pathlib import Path

from kg.errors import KgError, Location, OnSkip, RecordError, SourceError, log_skip, reading
from kg.papers import clean
from kg.schema import MAX_TEXT_CHARS, Paper, SourceFile
from kg.sources import (
    arxiv_search,
    arxiv_xml,
    bibtex,
    encodings,
    hf_html,
    hf_page,
    hub_search,
    json_records,
    openalex,
    openalex_search,
    papers_with_code,
    parquet,
    plugins,
    ris,
    table,
    web,
)
from kg.sources.files import TextFile
from kg.sources.options import Options
from kg.sources.packed import unpacked
from kg.sources.plugins import Format, Service
from kg.sources.records import paper_from_record

# Asked in this order: the first format that a text's head matches reads it.
_FORMATS: tuple[Format, ...] = (
    parquet,
    arxiv_xml,
    hf_html,
    hf_page,
    openalex,
    papers_with_code,
    json_records,
    ris,
    table,
    bibtex,
)

# Those that can be told by one line.
_JSON_LINES: tuple[Format, ...] = (openalex, papers_with_code)

# Asked by `NAME:QUERY`.
_SERVICES: dict[str, Service] = {"arxiv": arxiv_search, "hf": hub_search, "openalex": openalex_search}
_ASKED = re.compile(r"([a-z][a-z0-9_-]+):(.+)", re.DOTALL)

_logger = logging.getLogger("kg")

Source = str | PathLike[str] | Paper | Mapping[str, object]
OnFile = Callable[[SourceFile], None]


def read(
    source: Source | Iterable[Source],
    *,
    year: int | None = None,
    encoding: str | None = None,
    max_unpacked: int = Options.max_unpacked,
    limit: int = Options.limit,
    email: str | None = None,
    on_skip: OnSkip = log_skip,
    on_file: OnFile | None = None,
) -> Iterator[Paper]:
    """Yields the papers of a source as they stand in it, those listed twice, twice.

    Args:
        source: A file, a folder (all files in it, by name), a pattern such as `*.jsonl.gz`, a web address, `-` for standard
            input, a question to a service (`arxiv:…`, `hf:…`, `openalex:…`), a paper or a mapping of fields, or an iterable of
            these. A file's format is told by its content (the README lists them), and so is its compression: gzip, bzip2, xz,
            Zstandard, zip.
        year: The year in which a papers page was saved, if not one past the greatest year on it.
        encoding: The encoding of all files, if not what each shows itself: a byte order mark, UTF-8, or a guess.
        max_unpacked: The bytes that one compressed file may unpack to.
        limit: How many papers a service is asked for at most.
        email: Your address, for services that want one.
        on_skip: Called with each error about something that can't be read; the rest goes on.
            By default it is logged.
        on_file: Called with the name and hash of each file that papers are read from.

    Raises:
        SourceError: A file or folder named by the caller is missing, an address can't be fetched, or a service does not answer.
        KgError: Python knows no such encoding.

    >>> [paper.title for paper in read([{"title": "Adam"}, {"title": "Dropout"}])]
    ['Adam', 'Dropout']
    """
    if encoding:
        encodings.known(encoding)
    return _read(source, Options(year, encoding, max_unpacked, limit, email), on_skip, on_file)


def canonical_name(source: str, files: Sequence[SourceFile] = ()) -> str:
    """What tells a source from others: a path in full, an address or a question as it is, for standard input its hash.

    Args:
        source: What the user named.
        files: What was read of it, as `read` told `on_file`.
    """
    if source == "-":
        return " ".join(["standard input", *(file.sha256 or "" for file in files)])
    return source if web.matches(source) or _service(source) else os.path.abspath(source)  # noqa: PTH100  # patterns are no paths


def _read(source: Source | Iterable[Source], options: Options, on_skip: OnSkip, on_file: OnFile | None) -> Iterator[Paper]:
    if isinstance(source, Paper):
        yield source
    elif isinstance(source, Mapping):
        try:
            yield paper_from_record(source, Location("record"), "record")
        except RecordError as error:
            on_skip(error)
    elif isinstance(source, str | PathLike):
        name = fspath(source)
        if service := _service(name):
            yield from _ask(service, name, options, on_skip, on_file)
            return
        for file in _named(name, options, on_skip):
            yield from _read_file(file, on_skip, on_file)
    else:
        for each in source:
            yield from _read(each, options, on_skip, on_file)


def _service(name: str) -> Service | None:
    """The service that a name begins with, unless it is that of a file."""
    asked = _ASKED.fullmatch(name)
    if asked is None or os.path.lexists(name):
        return None
    return _SERVICES.get(asked[1]) or plugins.services().get(asked[1])


def _ask(service: Service, name: str, options: Options, on_skip: OnSkip, on_file: OnFile | None) -> Iterator[Paper]:
    if on_file:
        on_file(SourceFile(name))
    yield from sorted_out(Location(name), service.search(name.partition(":")[2].strip(), options), on_skip)


def _named(name: str, options: Options, on_skip: OnSkip) -> Iterator[TextFile]:
    """The files that a name stands for; raises `SourceError` where there are none."""
    if not name:
        raise SourceError("a source without a name", remedy="name a file, a folder or an address")
    if web.matches(name):
        yield web.fetch(name, options)
    elif name == "-":
        yield TextFile.from_bytes(sys.stdin.buffer.read(), "standard input", options)
    else:
        for path in _paths(name):
            for file in _files(path, on_skip):
                yield TextFile.from_path(file, options)


def _paths(name: str) -> list[Path]:
    """The path of that name, or those that match it as a pattern."""
    if not has_magic(name) or os.path.lexists(name):
        return [Path(name)]
    matching = sorted(glob(name, recursive=True))  # noqa: PTH207  # paths' own takes no absolute pattern
    if not matching:
        raise SourceError("no file matches", at=Location(name), remedy="check the pattern")
    return [Path(path) for path in matching]


def _files(path: Path, on_skip: OnSkip) -> Iterator[Path]:
    """The file itself, or all files in a folder by name, but hidden ones; raises `SourceError` where there is none."""
    with reading(str(path)):
        if not path.is_dir():
            path.stat()
            yield path
            return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.is_file() and not hidden:
            yield file
        elif file.is_symlink() and not hidden:
            on_skip(SourceError("a link to a folder or to nothing", at=Location(str(file)), remedy="name its target"))


def _read_file(packed: TextFile, on_skip: OnSkip, on_file: OnFile | None) -> Iterator[Paper]:
    try:
        for file in unpacked(packed):
            yield from _read_unpacked(file, packed, on_skip, on_file)
    except OSError as error:
        on_skip(SourceError(error.strerror or str(error), at=packed.at(), remedy="check the path"))
    except KgError as error:
        on_skip(error)


def _read_unpacked(file: TextFile, packed: TextFile, on_skip: OnSkip, on_file: OnFile | None) -> Iterator[Paper]:
    try:
        format = _reader(file)
        _logger.debug("%s: read as %s", file.name, getattr(format, "__name__", repr(format)).rpartition(".")[2])
        if on_file:
            on_file(packed.identity)
        yield from sorted_out(file.at(), format.read(file), on_skip)
    except KgError as error:
        # Raised, not yielded: the reader can't go on behind it. Other files can.
        on_skip(error)


def read_line(line: bytes, at: Location, on_skip: OnSkip) -> Iterator[Paper]:
    """Yields what one line of a file of JSON Lines tells, as `read` does with the whole file.

    Args:
        line: The line, in UTF-8.
        at: The file's name and the number of the line, which the paper keeps.
        on_skip: Called with what is wrong with the line; that error does not know the number.
    """
    file = TextFile.from_bytes(line, at.source, Options(encoding="utf-8"))
    head = file.head()
    format = next((format for format in _JSON_LINES if format.matches(head)), json_records)
    for paper in sorted_out(at, format.read(file), on_skip):
        yield replace(paper, source=clean(str(at)))


def _reader(file: TextFile) -> Format:
    head = file.head()
    for format in (*plugins.formats(), *_FORMATS):
        if format.matches(head):
            return format
    reason = "of no known format" if head.strip() else "empty"
    raise SourceError(reason, at=file.at(), remedy="the README lists what can be read")


def sorted_out(at: Location, items: Iterable[Paper | RecordError], on_skip: OnSkip) -> Iterator[Paper]:
    """Yields the papers among what a reader found; what is no paper, or too long for one, is skipped."""
    for item in items:
        if isinstance(item, RecordError):
            on_skip(item)
        elif len(item.text) > MAX_TEXT_CHARS:
            reason = f"a text of {len(item.text):,} characters is no abstract"
            on_skip(RecordError(f"{reason}: {item.title[:60]!r}", at=at, remedy="give titles and abstracts, not full texts"))
        else:
            yield item
