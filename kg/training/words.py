"""Counting the words of a corpus."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
from spacy.tokens import Doc

from kg.nlp.words import ROWS, SPREADS, Words


def count_words(docs: Iterable[Doc]) -> Words:
    """The most frequent words get a row each; every word in two papers or more gets its spread."""
    lower: Counter[int] = Counter()
    spread: Counter[int] = Counter()
    for doc in docs:
        lower.update(_hashes(doc, "LOWER"))
        spread.update(set(_hashes(doc, "ORTH")))
    frequent = sorted(lower, key=lambda word: (-lower[word], word))[: ROWS - 1]
    return Words(
        {word: row for row, word in enumerate(frequent, start=1)},
        {word: min(count.bit_length() - 1, SPREADS - 1) for word, count in sorted(spread.items()) if count > 1},
    )


def _hashes(doc: Doc, attribute: str) -> list[int]:
    return np.asarray(doc.to_array([attribute]), dtype=np.uint64).ravel().tolist()
