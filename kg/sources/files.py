"""Text files, line by line: what every reader of a file starts from."""

import hashlib
import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Self, TextIO

from kg.errors import Location, RecordError, SourceError
from kg.schema import SourceFile
from kg.sources import encodings
from kg.sources.options import Options

_HEAD_BYTES = 64 * 1024
# Longer lines and records are no titles and abstracts, and shall not fill the memory.
MAX_RECORD_CHARS = 16 * 1024 * 1024
_MAX_WHOLE_BYTES = 256 * 1024 * 1024

_logger = logging.getLogger("kg")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source, without its end; `raw` holds undecodable bytes as lone surrogates, and `cut` is one too long."""

    at: Location
    raw: str
    encoding: str
    cut: bool = False

    @property
    def text(self) -> str:
        """The line; raises `RecordError` where it is too long or not of the file's encoding."""
        if self.cut:
            reason = f"a line of more than {MAX_RECORD_CHARS:,} characters"
            raise RecordError(reason, at=self.at, remedy="give one record a line")
        check_decoded(self.raw, self.encoding, self.at)
        return self.raw


def check_decoded(text: str, encoding: str, at: Location) -> None:
    """Raises `RecordError` where a text holds bytes that its encoding does not explain."""
    position = encodings.undecoded(text)
    if position is not None:
        reason = f"not {encoding.upper()}: byte 0x{ord(text[position]) - 0xDC00:02x} after {text[:position][-20:]!r}"
        raise RecordError(reason, at=at, remedy="state the right encoding with --encoding, or mend the record")


@dataclass(frozen=True)
class TextFile:
    """A text that can be opened any number of times; `name` is used in messages."""

    name: str
    open: Callable[[], IO[bytes]]
    options: Options = field(default_factory=Options)

    @classmethod
    def from_path(cls, path: Path, options: Options | None = None) -> Self:
        options = options or Options()
        if path.exists() and not path.is_file():  # a pipe can be read only once
            return cls.from_bytes(path.read_bytes(), str(path), options)
        return cls(str(path), lambda: path.open("rb"), options)

    @classmethod
    def from_bytes(cls, content: bytes, name: str, options: Options | None = None) -> Self:
        return cls(name, lambda: io.BytesIO(content), options or Options())

    @cached_property
    def _head(self) -> bytes:
        with self.open() as stream:
            return stream.read(_HEAD_BYTES)

    @cached_property
    def encoding(self) -> str:
        """The encoding that the caller states or the head tells."""
        stated = self.options.encoding
        return encodings.known(stated) if stated else encodings.detect(self._head, whole=len(self._head) < _HEAD_BYTES)

    def head(self) -> str:
        """The first 64 KiB, for choosing a reader; what can't be decoded in it is replaced."""
        return self._head.decode(self.encoding, errors="replace").removeprefix("\ufeff")

    @cached_property
    def _codec(self) -> str:
        """What the text is decoded by; says so, the first time."""
        if encodings.is_guess(self.encoding) and not self.options.encoding:
            _logger.info("%s: taken for %s (state another with --encoding)", self.name, self.encoding)
        else:
            _logger.debug("%s: %s", self.name, self.encoding)
        return "utf-8-sig" if self.encoding == "utf-8" else self.encoding  # a mark is no part of the text

    def characters(self) -> TextIO:
        """The decoded text as a stream, undecodable bytes as lone surrogates, line ends as they are."""
        return io.TextIOWrapper(self.open(), self._codec, errors=encodings.UNDECODED, newline="\n")

    def lines(self) -> Iterator[Line]:
        """The lines, ended by a line feed only: JSON strings may hold the other separators of Unicode."""
        with self.characters() as stream:
            number = 0
            while raw := stream.readline(MAX_RECORD_CHARS):
                number += 1
                cut = rest = len(raw) == MAX_RECORD_CHARS and not raw.endswith("\n")
                while rest:
                    rest = not (part := stream.readline(MAX_RECORD_CHARS)).endswith("\n") and bool(part)
                yield Line(self.at(number), raw.rstrip("\r\n"), self.encoding, cut)

    def text(self) -> str:
        """The whole text, undecodable bytes as lone surrogates, line ends as line feeds; raises `SourceError` as `content`."""
        return self.content().decode(self._codec, errors=encodings.UNDECODED).replace("\r\n", "\n")

    def content(self) -> bytes:
        """All bytes; raises `SourceError` for more than can be held."""
        with self.open() as stream:
            content = stream.read(_MAX_WHOLE_BYTES + 1)
        if len(content) > _MAX_WHOLE_BYTES:
            reason = f"more than {_MAX_WHOLE_BYTES:,} bytes, too large to be read at once"
            raise SourceError(reason, at=self.at(), remedy="split it, or convert it to JSON Lines")
        return content

    def at(self, line: int | None = None) -> Location:
        """A place in this file."""
        return Location(self.name, line)

    @cached_property
    def identity(self) -> SourceFile:
        """The file's name, without the reader's folders, and the hash of its bytes."""
        with self.open() as stream:
            digest = hashlib.sha256()
            while part := stream.read(1 << 20):
                digest.update(part)
        return SourceFile(Path(self.name).name, digest.hexdigest())

    def provenance(self, line: int) -> str:
        """What a paper says of its source: file name and line, without the reader's folders."""
        return str(Location(Path(self.name).name, line))
