"""Text files, line by line: what every reader of a file starts from."""

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from kg.errors import Location, RecordError
from kg.schema import SourceFile

_HEAD_BYTES = 64 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source, without its end."""

    at: Location
    raw: bytes

    @property
    def text(self) -> str:
        """The line decoded from UTF-8; raises `RecordError` where it is not."""
        try:
            return self.raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise RecordError(
                f"not UTF-8 at byte {error.start} of the line",
                at=self.at,
                remedy="convert the file, e.g. iconv -f latin1 -t utf-8",
            ) from None


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text that can be opened any number of times.

    `name` is used in messages, `year` is the one in which it was saved, where the caller knows it.
    """

    name: str
    open: Callable[[], IO[bytes]]
    year: int | None = None

    @classmethod
    def from_path(cls, path: Path, year: int | None = None) -> Self:
        if path.exists() and not path.is_file():  # a pipe can be read only once
            return cls.from_bytes(path.read_bytes(), str(path), year)
        return cls(str(path), lambda: path.open("rb"), year)

    @classmethod
    def from_bytes(cls, content: bytes, name: str, year: int | None = None) -> Self:
        return cls(name, lambda: io.BytesIO(content), year)

    def head(self) -> str:
        """The first 64 KiB, for choosing a reader; what is not UTF-8 in it is replaced."""
        with self.open() as stream:
            return stream.read(_HEAD_BYTES).removeprefix(_BOM).decode("utf-8", errors="replace")

    def lines(self) -> Iterator[Line]:
        """The lines, ended by a line feed only: JSON strings may hold the other separators of Unicode."""
        with self.open() as stream:
            for number, raw in enumerate(stream, start=1):
                raw = raw.removeprefix(_BOM) if number == 1 else raw
                yield Line(self.at(number), raw.rstrip(b"\r\n"))

    def text(self) -> str:
        """The whole text, its line ends as line feeds."""
        return "\n".join(line.text for line in self.lines())

    def at(self, line: int | None = None) -> Location:
        """A place in this file."""
        return Location(self.name, line)

    def identity(self) -> SourceFile:
        """The file's name, without the reader's folders, and the hash of its bytes."""
        digest = hashlib.sha256()
        with self.open() as stream:
            for line in stream:
                digest.update(line)
        return SourceFile(Path(self.name).name, digest.hexdigest())

    def provenance(self, line: int) -> str:
        """What a paper says of its source: file name and line, without the reader's folders."""
        return str(Location(Path(self.name).name, line))
