"""Packages that only some sources need, installed with an extra."""

from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import SourceError


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Turns a missing package into a `SourceError` that names the extra to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        remedy = f"pip install 'paper-kg[{extra}]'"
        raise SourceError(f"the package {error.name} is not installed", remedy=remedy) from None
