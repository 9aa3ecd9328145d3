"""What can go wrong, said in one line: where it was, what it was, and what to do about it."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_logger = logging.getLogger("kg")


@dataclass(frozen=True)
class Location:
    """A place in a source: its name and, where it has lines, the line counted from 1."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        return self.source if self.line is None else f"{self.source}:{self.line}"


class KgError(Exception):
    """The base of every error that a user can mend.

    >>> print(KgError("no such file", at=Location("papers.jsonl"), remedy="check the path"))
    papers.jsonl: no such file (check the path)
    """

    def __init__(self, reason: str, *, at: Location | None = None, remedy: str | None = None):
        self.reason = reason
        self.at = at
        self.remedy = remedy
        where = f"{at}: " if at else ""
        hint = f" ({remedy})" if remedy else ""
        super().__init__(re.sub(r"\s*[\r\n]+\s*", " ", f"{where}{reason}{hint}"))


class SourceError(KgError):
    """A source that can't be read at all: a missing file, an unknown format, an unreachable address."""


class RecordError(KgError):
    """One record of a source that can't be read; the others can."""


class GraphError(KgError):
    """A file that is not a graph written by `kg.write_json`."""


class ModelError(KgError):
    """A model that can't be loaded."""


@contextmanager
def reading(name: str) -> Iterator[None]:
    """What goes wrong in reading a file or its UTF-8 text, as a `SourceError` with its name."""
    try:
        yield
    except OSError as error:
        raise SourceError(error.strerror or str(error), at=Location(name), remedy="check the path") from None
    except UnicodeDecodeError as error:
        raise SourceError(f"not UTF-8 at byte {error.start}", at=Location(name), remedy="convert it to UTF-8") from None


@dataclass(frozen=True, slots=True)
class Skip:
    """What could not be read, as it is kept: where, the line or number of the record in it, why, and what to do about it."""

    source: str | None
    line: int | None
    reason: str
    remedy: str | None

    @classmethod
    def of(cls, error: KgError) -> "Skip":
        """What an error says."""
        return cls(error.at.source if error.at else None, error.at.line if error.at else None, error.reason, error.remedy)


OnSkip = Callable[[KgError], None]


def log_skip(error: KgError) -> None:
    """Reports what is skipped as a warning of the logger `kg`."""
    _logger.warning("skipped %s", error)
