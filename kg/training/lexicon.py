"""Counting the names of annotated papers."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.nlp.crf import LABELS
from kg.nlp.lexicon import LONGEST, Known, Lexicon, rates, strings
from kg.schema import Label

_NO_KEYS = np.zeros(0, dtype=np.uint64)


def count_names(docs: Iterable[Doc]) -> Lexicon:
    """The names of annotated documents, and in how many of these they stand and are names."""
    docs = list(docs)
    keys = np.unique(np.concatenate([_NO_KEYS, *(_keys(doc) for doc in docs)]))
    lexicon = Lexicon(keys, np.zeros((len(keys), 1 + len(LABELS)), dtype=np.int64))
    for doc in docs:
        for cell in _own_cells(doc, *lexicon.find(doc)):
            lexicon.counts[cell] += 1
    return lexicon


def known_elsewhere(lexicon: Lexicon, doc: Doc) -> Known:
    """What the other documents of a lexicon say of the strings of one of them: its own names are new to it."""
    starts, ends, rows = lexicon.find(doc)
    counts = lexicon.counts[rows]
    own = _own_cells(doc, starts, ends, rows)
    for place, row in enumerate(rows.tolist()):
        counts[place] -= [(row, column) in own for column in range(counts.shape[1])]
    elsewhere = counts[:, 0] > 0
    return Known(starts[elsewhere], ends[elsewhere], rates(counts[elsewhere]))


def _keys(doc: Doc) -> NDArray[np.uint64]:
    """The hashes of a document's names."""
    keys = strings(doc)
    names = [keys[ent.end - ent.start - 1, ent.start] for ent in doc.ents if ent.end - ent.start <= LONGEST]
    return np.array(names, dtype=np.uint64)


def _own_cells(doc: Doc, starts: NDArray[np.int64], ends: NDArray[np.int64], rows: NDArray[np.int64]) -> set[tuple[int, int]]:
    """The cells of the counts in which a document counts: its strings outside of longer names, and its names by label.

    The strings are those that `Lexicon.find` gave for it.
    """
    names = {(ent.start, ent.end): LABELS.index(Label(ent.label_)) for ent in doc.ents}
    around = {token: (ent.start, ent.end) for ent in doc.ents for token in range(ent.start, ent.end)}
    cells = set()
    for start, end, row in zip(starts.tolist(), ends.tolist(), rows.tolist(), strict=True):
        if (start, end) in names:
            cells.update({(row, 0), (row, 1 + names[start, end])})
        elif not (start in around and end <= around[start][1]):
            cells.add((row, 0))
    return cells
