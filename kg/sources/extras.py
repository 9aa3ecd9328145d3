"""Packages that only some sources need, installed with an extra."""

from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import Location, SourceError


@contextmanager
def needs(extra: str, at: Location | None = None) -> Iterator[None]:
    """Turns a missing package into a `SourceError` that names the extra to install, and the file that needs it."""
    try:
        yield
    except ModuleNotFoundError as error:
        remedy = f"pip install 'paper-kg[{extra}]'"
        raise SourceError(f"the package {error.name} is not installed", at=at, remedy=remedy) from None
