"""What a caller may say about sources beyond their names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How sources are read.

    `year` is the one in which a papers page was saved; `encoding` that of all files, by default told by each file itself.
    A compressed file that unpacks to more than `max_unpacked` bytes is refused. Of a service at most `limit` papers are asked,
    under the e-mail address `email` where it wants one.
    """

    year: int | None = None
    encoding: str | None = None
    max_unpacked: int = 8_000_000_000
    limit: int = 1000
    email: str | None = None
