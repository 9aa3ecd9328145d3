"""Compressed files, told by their first bytes: gzip, bzip2, xz, Zstandard, and zip archives of several files.

What unpacks to more than a limit is refused as it is read, so that a small file can't fill the memory.
"""

import bz2
import gzip
import io
import lzma
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import IO

from kg.errors import SourceError
from kg.sources.files import TextFile

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_FORMATS: tuple[tuple[bytes, str, Callable[[IO[bytes]], io.BufferedIOBase]], ...] = (
    (b"\x1f\x8b", "gzip", lambda stream: gzip.GzipFile(fileobj=stream)),
    (b"BZh", "bzip2", bz2.BZ2File),
    (b"\xfd7zXZ\x00", "xz", lzma.LZMAFile),
    (b"\x28\xb5\x2f\xfd", "zstd", zstd.ZstdFile),
)
_ZIP = b"PK\x03\x04"
# An encrypted or exotic member of a zip archive is a RuntimeError.
_BROKEN = (OSError, EOFError, RuntimeError, zlib.error, lzma.LZMAError, zstd.ZstdError, zipfile.BadZipFile)


def unpacked(file: TextFile) -> Iterator[TextFile]:
    """The file itself, the file compressed in it, or each file of a zip archive but hidden ones, by name.

    Raises:
        SourceError: A zip archive is broken. What else is broken or too large is told by the streams as they are read.
    """
    with file.open() as stream:
        head = stream.read(8)
    if head.startswith(_ZIP):
        yield from _members(file)
        return
    for magic, name, open in _FORMATS:
        if head.startswith(magic):
            yield _limited(file, name, partial(_open_packed, file, open))
            return
    yield file


def _members(file: TextFile) -> Iterator[TextFile]:
    try:
        with zipfile.ZipFile(file.open()) as archive:
            names = sorted(info.filename for info in archive.infolist() if not info.is_dir())
    except _BROKEN as error:
        raise SourceError(f"not a whole zip file: {error}", at=file.at(), remedy="fetch or save it again") from None
    for name in names:
        if not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts):
            member = replace(file, name=f"{file.name}/{name}")
            yield _limited(member, "zip", partial(_open_member, file, name))


def _open_packed(file: TextFile, open: Callable[[IO[bytes]], io.BufferedIOBase]) -> io.BufferedIOBase:
    return open(file.open())


def _open_member(file: TextFile, name: str) -> IO[bytes]:
    with zipfile.ZipFile(file.open()) as archive:
        return archive.open(name)  # it keeps the archive's file open


def _limited(file: TextFile, format: str, open: Callable[[], IO[bytes] | io.BufferedIOBase]) -> TextFile:
    return replace(file, open=lambda: io.BufferedReader(_Limited(file, format, open), 1 << 16))


class _Limited(io.RawIOBase):
    """Unpacks up to the limit of the file's options; raises `SourceError` beyond it, or where the data is broken."""

    def __init__(self, file: TextFile, format: str, open: Callable[[], IO[bytes] | io.BufferedIOBase]):
        self._file, self._format = file, format
        self._left = file.options.max_unpacked
        try:
            self._stream = open()
        except _BROKEN as error:
            raise self._broken(error) from None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self._stream.read(len(buffer))
        except _BROKEN as error:
            raise self._broken(error) from None
        self._left -= len(chunk)
        if self._left < 0:
            reason = f"unpacks to more than {self._file.options.max_unpacked:,} bytes; nothing is read from there on"
            raise SourceError(reason, at=self._file.at(), remedy="allow more with --max-unpacked if it is no trap")
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _broken(self, error: Exception) -> SourceError:
        return SourceError(f"not a whole {self._format} file: {error}", at=self._file.at(), remedy="fetch or save it again")
