"""The embedded store: the papers of a collection and what was extracted from any, so that work is resumed, never redone.

One SQLite file (https://www.sqlite.org). A run has it for itself, and what is committed survives whatever ends the run:
the write-ahead log (https://www.sqlite.org/wal.html) is read by the next one.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import attrgetter
from os import PathLike
from pathlib import Path
from typing import Any, Self

import msgspec

from kg.errors import KgError, Location, Skip
from kg.papers import group
from kg.schema import Abbreviation, Extraction, Label, Link, LinkRole, Mention, Paper, Result, Role, SourceFile

_APPLICATION = 0x706B67  # "pkg", in the file's header: https://www.sqlite.org/pragma.html#pragma_application_id
_PATIENCE_SECONDS = 1

# What brings a store from one version to the next; a new one has version 0. Only ever add to this.
_MIGRATIONS = (
    (
        "CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, files TEXT NOT NULL, "
        "skipped TEXT NOT NULL, parameters TEXT NOT NULL, added TEXT NOT NULL)",
        "CREATE TABLE record (id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE, "
        "paper TEXT NOT NULL)",
        "CREATE INDEX record_source ON record (source)",
        "CREATE TABLE pipeline (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE)",
        "CREATE TABLE extraction (pipeline INTEGER NOT NULL REFERENCES pipeline, text BLOB NOT NULL, found TEXT NOT NULL, "
        "PRIMARY KEY (pipeline, text)) WITHOUT ROWID",
        "CREATE TABLE run (id INTEGER PRIMARY KEY, command TEXT NOT NULL, version TEXT NOT NULL, settings TEXT NOT NULL, "
        "started TEXT NOT NULL, ended TEXT)",
    ),
)

# An extraction without its paper: what a mention spells is told by its place.
_Found = tuple[
    list[tuple[Label, int, int, Role | None, float | None]],
    list[tuple[str, str]],
    list[tuple[str, LinkRole, int | None, int | None]],
    list[tuple[str | None, str | None, str, str, float, bool, int, int]],
]
_MENTION = attrgetter("label", "start", "end", "role", "score")
_ABBREVIATION = attrgetter("short", "long")
_LINK = attrgetter("url", "role", "start", "end")
_RESULT = attrgetter("method", "dataset", "metric", "value", "number", "percent", "start", "end")


@dataclass(frozen=True, slots=True)
class Source:
    """What a collection was told to read.

    Attributes:
        name: What the user named: a path in full, an address, a question to a service.
        files: The files that papers were read from.
        skipped: What could not be read.
        parameters: How it was read, where not by default.
        added: When, ISO 8601.
        records: How many records it holds; those of one paper are not merged yet.
    """

    name: str
    files: tuple[SourceFile, ...] = ()
    skipped: tuple[Skip, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    added: str = ""
    records: int = 0


class Store:
    """An open store; a context manager.

    >>> import tempfile
    >>> from kg.papers import make_paper
    >>> with Store(Path(tempfile.mkdtemp(), "kg.sqlite")) as store:
    ...     store.put(Source("papers.jsonl"), [make_paper("Adam"), make_paper("Dropout")])
    ...     [paper.title for paper in store.records()]
    ['Adam', 'Dropout']
    """

    def __init__(self, path: str | PathLike[str]):
        """Opens a store, or makes one.

        Raises:
            KgError: Another run has it, it is not a store, it is one of a newer version, or it can't be written.
        """
        self.path = Path(path)
        with self._told():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self.path, isolation_level=None, timeout=_PATIENCE_SECONDS)
        try:
            with self._told():
                self._prepare()
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._told():
            self._database.close()

    def sources(self) -> list[Source]:
        """The sources of the collection, in the order in which they were added."""
        rows = self._all(
            "SELECT name, files, skipped, parameters, added, (SELECT count(*) FROM record WHERE source = source.id) "
            "FROM source ORDER BY id"
        )
        return [
            Source(
                name,
                msgspec.json.decode(files, type=tuple[SourceFile, ...]),
                msgspec.json.decode(skipped, type=tuple[Skip, ...]),
                msgspec.json.decode(parameters),
                added,
                records,
            )
            for name, files, skipped, parameters, added, records in rows
        ]

    def records(self) -> list[Paper]:
        """The records of the collection as they were read, in the order of their sources."""
        return [_paper(text) for (text,) in self._all("SELECT paper FROM record ORDER BY source, id")]

    def put(self, source: Source, records: Iterable[Paper]) -> None:
        """Adds a source with its records, in place of an earlier one of its name."""
        with self.transaction():
            self._all("DELETE FROM source WHERE name = ?", source.name)
            told = (_text(value) for value in (source.files, source.skipped, source.parameters))
            self._all(
                "INSERT INTO source (name, files, skipped, parameters, added) VALUES (?, ?, ?, ?, ?)",
                *(source.name, *told, source.added),
            )
            ((number,),) = self._all("SELECT id FROM source WHERE name = ?", source.name)
            with self._told():
                rows = ((number, _text(paper)) for paper in records)
                self._database.executemany("INSERT INTO record (source, paper) VALUES (?, ?)", rows)

    def clear(self) -> None:
        """Empties the collection; what was extracted is kept."""
        self._all("DELETE FROM source")

    def forget(self, name: str) -> int | None:
        """Takes a source, or a paper by its id or title, out of the collection, with what was extracted from its texts.

        Returns:
            How many records went, None where there is neither such a source nor such a paper.
        """
        rows = self._all(
            "SELECT record.id, source.name, paper FROM record JOIN source ON source = source.id ORDER BY record.id"
        )
        records = [(number, source, _paper(text)) for number, source, text in rows]
        if self._all("SELECT id FROM source WHERE name = ?", name):
            gone = {number for number, source, _ in records if source == name}
        else:
            named = _named(name, [paper for _, _, paper in records])
            gone = {number for number, _, paper in records if paper in named}
            if not gone:
                return None
        left = {_key(paper) for number, _, paper in records if number not in gone}
        with self.transaction():
            self._all("DELETE FROM source WHERE name = ?", name)
            for number, _, paper in records:
                if number in gone:
                    self._all("DELETE FROM record WHERE id = ?", number)
                    if _key(paper) not in left:
                        self._all("DELETE FROM extraction WHERE text = ?", _key(paper))
        return len(gone)

    def extractions(
        self, papers: Sequence[Paper], pipeline: str, extract: Callable[[list[Paper]], Iterable[Extraction]]
    ) -> Iterator[Extraction]:
        """Yields what is found in each paper, in order; no text is given to a pipeline twice, and what it finds is kept.

        Args:
            papers: Distinct papers.
            pipeline: The pipeline's fingerprint (`kg.nlp.fingerprint`): what others found counts for nothing.
            extract: The pipeline; it is given the papers whose texts it has not read.
        """
        self._all("INSERT OR IGNORE INTO pipeline (fingerprint) VALUES (?)", pipeline)
        ((number,),) = self._all("SELECT id FROM pipeline WHERE fingerprint = ?", pipeline)
        known = {key for (key,) in self._all("SELECT text FROM extraction WHERE pipeline = ?", number)}
        unread = {key: paper for paper in papers if (key := _key(paper)) not in known}
        del known
        for extraction in extract(list(unread.values())):
            row = number, _key(extraction.paper), _text(_found(extraction))
            self._all("INSERT INTO extraction (pipeline, text, found) VALUES (?, ?, ?)", *row)
        for paper in papers:
            for (found,) in self._all("SELECT found FROM extraction WHERE pipeline = ? AND text = ?", number, _key(paper)):
                yield _extraction(paper, msgspec.json.decode(found, type=_Found))

    def begin(self, command: str, version: str, settings: Mapping[str, Any], now: str) -> int:
        """Notes that a run begins, and its settings; returns its number."""
        rows = self._all(
            "INSERT INTO run (command, version, settings, started) VALUES (?, ?, ?, ?) RETURNING id",
            *(command, version, _text(settings), now),
        )
        number: int = rows[0][0]
        return number

    def end(self, run: int, now: str) -> None:
        """Notes that a run has ended as it should."""
        self._all("UPDATE run SET ended = ? WHERE id = ?", now, run)

    def settings(self) -> dict[str, Any]:
        """The settings of the last run."""
        rows = self._all("SELECT settings FROM run ORDER BY id DESC LIMIT 1")
        return msgspec.json.decode(rows[0][0], type=dict[str, Any]) if rows else {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that the block changes, or nothing of it; a block within another belongs to it."""
        if self._database.in_transaction:
            yield
            return
        self._all("BEGIN")
        try:
            yield
            self._all("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.rollback()
            raise

    def _prepare(self) -> None:
        """Takes the file for this run alone, and brings it to this version."""
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._database.execute("PRAGMA foreign_keys = ON")
        ((application,),), ((version,),), tables = (
            self._database.execute(question).fetchall()
            for question in ("PRAGMA application_id", "PRAGMA user_version", "SELECT name FROM sqlite_schema LIMIT 1")
        )
        if tables and application != _APPLICATION:
            raise self._error("no store of paper-kg", "choose another --store")
        if version > len(_MIGRATIONS):
            remedy = "update paper-kg, or choose another --store"
            raise self._error(f"of a newer paper-kg: version {version}, this one knows {len(_MIGRATIONS)}", remedy)
        self._database.execute("PRAGMA journal_mode = WAL")
        # Not each commit waits for the disk: after a power failure the last ones may be missing, to be done again.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute("BEGIN EXCLUSIVE")
        for statement in (statement for migration in _MIGRATIONS[version:] for statement in migration):
            self._database.execute(statement)
        self._database.execute(f"PRAGMA application_id = {_APPLICATION}")
        self._database.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
        self._database.execute("COMMIT")

    def _all(self, statement: str, *values: object) -> list[Any]:
        with self._told():
            return self._database.execute(statement, values).fetchall()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what SQLite and the system report into errors that a user can mend."""
        try:
            yield
        except OSError as error:
            raise self._error(f"can't be made: {error.strerror or error}", "choose another --store") from None
        except sqlite3.DatabaseError as error:
            reason = str(error)
            if "locked" in reason:
                raise self._error("in use by another run", "wait for it to end, or choose another --store") from None
            if "not a database" in reason or "malformed" in reason:
                raise self._error(reason, "delete it, or choose another --store; papers will be read again") from None
            raise self._error(f"can't be written: {reason}", "make room, or choose another --store") from None

    def _error(self, reason: str, remedy: str) -> KgError:
        return KgError(reason, at=Location(str(self.path)), remedy=remedy)


def remembered(path: Path) -> dict[str, Any]:
    """The settings of the last run on a store, where there is one."""
    if not path.exists():
        return {}
    with Store(path) as store:
        settings = store.settings()
    return settings | {"output": str(path.parent / settings["output"])} if settings else {}


def _named(name: str, papers: Sequence[Paper]) -> list[Paper]:
    """All records of the papers that have this id or title."""
    return [paper for records in group(papers) if any(name in (each.id, each.title) for each in records) for paper in records]


def _key(paper: Paper) -> bytes:
    return hashlib.sha256(paper.text.encode()).digest()


def _text(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode()


def _paper(text: str) -> Paper:
    return msgspec.json.decode(text, type=Paper)


def _found(extraction: Extraction) -> _Found:
    return (
        list(map(_MENTION, extraction.mentions)),
        list(map(_ABBREVIATION, extraction.abbreviations)),
        list(map(_LINK, extraction.links)),
        list(map(_RESULT, extraction.results)),
    )


def _extraction(paper: Paper, found: _Found) -> Extraction:
    mentions, abbreviations, links, results = found
    text = paper.text
    return Extraction(
        paper,
        tuple(Mention(text[start:end], label, start, end, role, score) for label, start, end, role, score in mentions),
        tuple(Abbreviation(*row) for row in abbreviations),
        tuple(Link(*row) for row in links),
        tuple(Result(*row) for row in results),
    )
