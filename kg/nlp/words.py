"""What the recognizer knows of a word before it reads the text around: its letters, and how common it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.vocab import Vocab

# Rows of the table of frequent words; row 0 is for all others.
ROWS = 20_000
# Powers of two of the number of papers that have the word.
SPREADS = 16
_ENDS = 8  # letters kept from each end of a long word
CHARACTERS = 2 * _ENDS + 2
_PADDING, _FIRST, _LAST = 0, 1, 2
_LETTER, _OTHER = 97, 98  # beyond ASCII
ALPHABET = 99


class WordFeatures(NamedTuple):
    """Arrays with a row for each word: `frequent` and `spread` (words,), `characters` (words, 18), `vectors` (words, 96)."""

    frequent: NDArray[np.int64]
    spread: NDArray[np.int64]
    characters: NDArray[np.int64]
    vectors: NDArray[np.float32]


def characters(word: str) -> list[int]:
    """The codes of a word's letters between two marks, those in the middle of a long word left out.

    >>> characters("BERT")
    [1, 36, 39, 52, 54, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    """
    kept = word if len(word) <= 2 * _ENDS else word[:_ENDS] + word[-_ENDS:]
    codes = [ord(c) - 30 if " " <= c <= "~" else _LETTER if c.isalpha() else _OTHER for c in kept]
    return [_FIRST, *codes, _LAST] + [_PADDING] * (CHARACTERS - 2 - len(codes))


@dataclass(frozen=True)
class Words:
    """Counts from a corpus, by spaCy's 64-bit hash of the word.

    `rows` gives the frequent words, in lower case, a row of their own; `spreads` tells of words as written, in how
    many papers they stand: the logarithm to base 2 of the number, rounded down, where it is not 0.
    """

    rows: Mapping[int, int]
    spreads: Mapping[int, int]

    def features(self, vocab: Vocab, orths: Iterable[int]) -> WordFeatures:
        """The features of words given by hash; their vectors are those of the vocabulary."""
        lexemes = [vocab[orth] for orth in orths]
        return WordFeatures(
            np.array([self.rows.get(lexeme.lower, 0) for lexeme in lexemes], dtype=np.int64),
            np.array([self.spreads.get(lexeme.orth, 0) for lexeme in lexemes], dtype=np.int64),
            np.array([characters(lexeme.orth_) for lexeme in lexemes], dtype=np.int64),
            np.asarray(vocab.vectors.get_batch([lexeme.orth for lexeme in lexemes]), dtype=np.float32),
        )

    def to_bytes(self) -> bytes:
        stored: bytes = srsly.msgpack_dumps(
            {
                "rows": np.array(list(self.rows), dtype=np.uint64),
                "spread_keys": np.array(list(self.spreads), dtype=np.uint64),
                "spreads": np.array(list(self.spreads.values()), dtype=np.uint8),
            }
        )
        return stored

    @classmethod
    def from_bytes(cls, data: bytes) -> "Words":
        stored = srsly.msgpack_loads(data)
        return cls(
            {key: row for row, key in enumerate(stored["rows"].tolist(), start=1)},
            dict(zip(stored["spread_keys"].tolist(), stored["spreads"].tolist(), strict=True)),
        )
