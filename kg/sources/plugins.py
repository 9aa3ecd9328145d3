"""Sources that other packages add, as entry points of the group `kg.sources`.

Each names a module, or any object, that is a format or a service as the modules of this folder are. A service is asked by
`NAME:QUERY`, the name being that of its entry point; a format is asked before ours whether a file is its own.
"""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol, runtime_checkable

from kg.errors import RecordError, SourceError
from kg.schema import Paper
from kg.sources.files import TextFile
from kg.sources.options import Options


@runtime_checkable
class Format(Protocol):
    """A form of files."""

    def matches(self, head: str) -> bool:
        """Whether a text that begins so is of this form."""
        ...

    def read(self, file: TextFile) -> Iterator[Paper | RecordError]:
        """Yields the papers of a file, and an error for each record that can't be read."""
        ...


@runtime_checkable
class Service(Protocol):
    """A service on the network that finds papers."""

    def search(self, query: str, options: Options) -> Iterator[Paper | RecordError]:
        """Yields at most `options.limit` papers; raises `SourceError` where it can't be reached.

        A paper's `source` is `NAME:QUERY:NUMBER`, as a file's is `FILE:LINE`.
        """
        ...


def formats() -> list[Format]:
    """The formats of others."""
    return [found for found in _loaded().values() if isinstance(found, Format)]


def services() -> dict[str, Service]:
    """The services of others by their names."""
    return {name: found for name, found in _loaded().items() if isinstance(found, Service)}


@cache
def _loaded() -> dict[str, object]:
    loaded: dict[str, object] = {}
    for point in sorted(entry_points(group="kg.sources"), key=lambda point: point.name):
        remedy = f"mend or remove the package {point.dist.name if point.dist else point.value}"
        try:
            loaded[point.name] = point.load()
        except Exception as error:  # whatever a package of others may do when it is imported
            raise SourceError(f"the source {point.name} can't be loaded: {error!r}", remedy=remedy) from None
        if not isinstance(loaded[point.name], Format | Service):
            raise SourceError(f"the source {point.name} has neither matches and read nor search", remedy=remedy)
    return loaded
