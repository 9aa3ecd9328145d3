"""The sentence around a mention."""

from bisect import bisect_right
from functools import lru_cache

import spacy
from spacy.language import Language

from kg.schema import MAX_TEXT_CHARS


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets of the sentence that holds a span, or of all sentences that it reaches into.

    >>> text = "We show it. BERT wins! So there."
    >>> first, last = sentence_around(text, 12, 16)
    >>> text[first:last]
    'BERT wins!'
    """
    bounds = _sentences(text)
    starts = [first for first, _ in bounds]
    return bounds[bisect_right(starts, start) - 1][0], bounds[bisect_right(starts, end - 1) - 1][1]


@lru_cache(maxsize=1)
def _splitter() -> Language:
    """spaCy's rules for English; a line feed ends the title."""
    nlp = spacy.blank("en")
    nlp.max_length = MAX_TEXT_CHARS + 1
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "?", "!", "\n"]})
    return nlp


@lru_cache(maxsize=1024)
def _sentences(text: str) -> list[tuple[int, int]]:
    doc = _splitter()(text)
    return [(sentence.start_char, sentence.end_char) for sentence in doc.sents]
