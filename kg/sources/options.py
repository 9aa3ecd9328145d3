"""What a caller may say about sources beyond their names."""

from dataclasses import dataclass

from kg.schema import MAX_ASKED, MAX_UNPACKED


@dataclass(frozen=True)
class Options:
    """How sources are read.

    `year` is the one in which a papers page was saved; `encoding` that of all files, by default told by each file itself.
    A compressed file that unpacks to more than `max_unpacked` bytes is refused. Of a service at most `limit` papers are asked,
    under the e-mail address `email` where it wants one.
    """

    year: int | None = None
    encoding: str | None = None
    max_unpacked: int = MAX_UNPACKED
    limit: int = MAX_ASKED
    email: str | None = None
