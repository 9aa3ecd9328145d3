"""Output files that are whole or not there: written under a temporary name, then renamed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO

from kg.errors import KgError, Location

_UNFINISHED = ".kg-part"


@contextmanager
def whole_file(path: str | PathLike[str]) -> Iterator[IO[bytes]]:
    """Opens a binary file that takes its name only when the block ends without an exception.

    A link keeps pointing at its target, which is replaced; what is no regular file (a pipe, /dev/null) is written to directly.

    Raises:
        KgError: The file can't be written: no such folder, no right to, disk full.
    """
    target = Path(path).resolve()
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:  # a folder is refused here
                yield stream
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=_UNFINISHED)
    except OSError as error:
        raise _unwritable(target, error) from None
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(descriptor)  # or a power failure leaves an empty file under the name
        # mkstemp keeps the file to its owner; give it the rights of any new file.
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(target)
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        temporary.unlink(missing_ok=True)


def check_folder(path: Path) -> None:
    """Makes a folder, so that long work is not begun where its result can't be written; raises `KgError` then.

    What runs that were killed left half-written goes.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
        for left in (*path.glob(f".*{_UNFINISHED}"), *path.glob(f"*/.*{_UNFINISHED}")):
            left.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> KgError:
    reason = f"can't be written: {error.strerror or error}"
    return KgError(reason, at=Location(str(path)), remedy="choose another folder, or make room")
