"""The sentence around a mention."""

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

import spacy
from spacy.tokens import Doc

_MARKS = frozenset(".?!\n")
_PIECE = re.compile(r"\s+|\S+")


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


@lru_cache(maxsize=1024)
def _sentences(text: str) -> list[tuple[int, int]]:
    """Where sentences begin and end, as spaCy's sentencizer has it: behind a mark that ends one, and what punctuation follows.

    A line feed ends the title. Only words that such a mark is in or before are split into tokens: that takes spaCy longest.
    """
    bounds, first, end, is_ended = [], 0, 0, False
    for piece in _PIECE.finditer(text):
        word, start = piece[0], piece.start()
        if word.isspace() and word[0] == " " and start:
            word, start = word[1:], start + 1  # a single blank is no token
        if is_ended or not _MARKS.isdisjoint(word):
            for token in _tokens(word):
                if is_ended and not token.is_punctuation:
                    bounds.append((first, end))
                    first, is_ended = start + token.start, False
                is_ended = is_ended or token.is_mark
                end = start + token.end
        elif word:
            end = piece.end()
    return [*bounds, (first, end)]


class _Token(NamedTuple):
    """A token in a word; marks that end a sentence count as punctuation."""

    start: int
    end: int
    is_mark: bool
    is_punctuation: bool


@lru_cache(maxsize=2**14)
def _tokens(word: str) -> list[_Token]:
    """The tokens of what stands between blanks, by spaCy's rules for English."""
    if not word or word.isspace():
        return [_Token(0, len(word), word in _MARKS, word in _MARKS)] if word else []
    tokens = _tokenizer()(word)
    marks = [token.text in _MARKS for token in tokens]
    return [
        _Token(token.idx, token.idx + len(token), mark, mark or token.is_punct)
        for token, mark in zip(tokens, marks, strict=True)
    ]


@cache
def _tokenizer() -> Callable[[str], Doc]:
    return spacy.blank("en").tokenizer
