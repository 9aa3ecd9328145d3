"""The lexicon: in how many annotated papers a string stands outside of longer names, and in how many it is a name."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.nlp.crf import LABELS, OUTSIDE, TAGS, Floats, tag_in

# Names of more words are not kept.
LONGEST = 8
# Of the polynomial that makes one hash of those of the words (Karp and Rabin 1987); odd.
_BASE = np.uint64(0x9E3779B97F4A7C15)
# The first bits of a key: with so many, about a tenth of the strings that are no names are left to be searched for.
_BITS = 20
_SHIFT = np.uint64(64 - _BITS)
# So that of two strings that were always names the one that stands in more papers has the greater rate.
_DOUBT = 0.5

Hashes = NDArray[np.uint64]


class Known(NamedTuple):
    """The strings of a text that the lexicon has: their first tokens, the tokens behind their last, (strings,).

    `rates` (strings, labels): about the share of papers with the string in which it is a name of each label (see `rates`).
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    rates: Floats

    def part(self, start: int, end: int) -> "Known":
        """Those within some of the tokens, counted from there."""
        inside = (self.starts >= start) & (self.ends <= end)
        return Known(self.starts[inside] - start, self.ends[inside] - start, self.rates[inside])

    def features(self, length: int) -> Floats:
        """For each token the greatest rate that speaks for each tag, and for O whether any string is known: (length, tags)."""
        table = np.zeros((length, TAGS), dtype=np.float32)
        lengths = self.ends - self.starts
        string = np.repeat(np.arange(len(lengths)), lengths)
        token = np.arange(len(string)) - (np.cumsum(lengths) - lengths - self.starts)[string]
        tags = tag_in(np.arange(len(LABELS))[None], token[:, None], self.starts[string, None], self.ends[string, None])
        np.maximum.at(table, (token[:, None], tags), self.rates[string])
        table[token, OUTSIDE] = 1
        return table

    def by_range(self) -> dict[tuple[int, int], Floats]:
        """The rates of each string, (labels,), by its first token and the one behind its last."""
        return dict(zip(zip(self.starts.tolist(), self.ends.tolist(), strict=True), self.rates, strict=True))

    def names(self, least: float) -> Iterator[tuple[int, int]]:
        """Yields first token and end of the strings with at least this rate of one label."""
        sure = self.rates.max(axis=1, initial=0) >= least
        yield from zip(self.starts[sure].tolist(), self.ends[sure].tolist(), strict=True)


NOTHING_KNOWN = Known(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, len(LABELS)), np.float32))


@dataclass(frozen=True)
class Lexicon:
    """Names of annotated papers as hashes of their words in lower case, sorted, (names,), and their counts.

    `counts` (names, 1 + labels): the papers in which a name stands outside of longer ones, and those in which it is a
    name of each label. A soft gazetteer, as Cohen and Sarawagi 2004 use them.
    """

    keys: Hashes
    counts: NDArray[np.int64]

    @cached_property
    def _first_bits(self) -> NDArray[np.bool_]:
        """Which numbers the first bits of the keys make: most strings are told from names by these, without a search."""
        present = np.zeros(2**_BITS, dtype=bool)
        present[self.keys >> _SHIFT] = True
        return present

    def find(self, doc: Doc) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """First tokens, ends and rows of all strings of a document that it has."""
        keys = strings(doc)
        longer, starts = np.nonzero(self._first_bits[keys >> _SHIFT])
        keys = keys[longer, starts]
        rows = np.searchsorted(self.keys, keys)
        found = np.flatnonzero(rows < len(self.keys))
        found = found[self.keys[rows[found]] == keys[found]]
        return starts[found], (starts + longer + 1)[found], rows[found]

    def known(self, doc: Doc) -> Known:
        """What it says of the strings of a document."""
        starts, ends, rows = self.find(doc)
        return Known(starts, ends, rates(self.counts[rows]))

    def to_bytes(self) -> bytes:
        counts = self.counts.astype(np.min_scalar_type(self.counts.max(initial=0)))
        stored: bytes = srsly.msgpack_dumps({"keys": self.keys, "counts": counts})
        return stored

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        stored = srsly.msgpack_loads(data)
        return cls(stored["keys"], stored["counts"].astype(np.int64))


def rates(counts: NDArray[np.int64]) -> Floats:
    """The rates of counts as the lexicon has them, (names, labels): shares of papers, less where these are few."""
    shares: Floats = (counts[:, 1:] / (counts[:, :1] + _DOUBT)).astype(np.float32)
    return shares


def strings(doc: Doc) -> Hashes:
    """The hashes of all strings of one token, of two, and so on, by their first token: (LONGEST, tokens), 0 beyond the end."""
    words = np.asarray(doc.to_array("LOWER"), dtype=np.uint64)
    keys = np.zeros((LONGEST, len(words)), dtype=np.uint64)
    keys[0] = words
    for before in range(1, min(LONGEST, len(words))):
        keys[before, :-before] = keys[before - 1, :-before] * _BASE + words[before:]
    return keys
