"""How the letters of an abbreviation stand in what it may be short for."""

import re
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_FUNCTION_WORDS = frozenset("a an and as at by for from in of on or the to via with".split())


class Alignment(NamedTuple):
    """How many letters are inside of words, and how many words have none: between, before and behind those that have some.

    Function words don't count. Capitals inside of a word are like its first letter: `TransFormer`.
    """

    inside: int
    between: int
    before: int
    behind: int


class _Way(NamedTuple):
    """A way to find the first letters: what it costs, the words before its first one, and its last word."""

    inside: int
    between: int
    before: int
    last: int

    @property
    def cost(self) -> int:
        return self.inside + self.between


def align(short: str, long: str) -> Alignment | None:
    """The alignment with the fewest letters inside of words and words left out between them, None where there is none.

    The letters of the short form must occur in the long form, in order, its first at the start of a word: the test of
    Schwartz and Hearst 2003, "A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text", section 3.2.
    A plural's last letter need not. Of equal ones the one found first.

    >>> align("GNNs", "deep graph neural network")
    Alignment(inside=0, between=0, before=1, behind=0)
    >>> align("ours", "graph neural network")
    """
    stem = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    letters = [letter for letter in stem.casefold() if letter.isalnum()]
    words = _WORD.findall(long)
    counted = [word.casefold() not in _FUNCTION_WORDS for word in words]
    ways: list[_Way | None] = [None] * len(letters)
    for number, word in enumerate(words):
        for place, character in enumerate(word):
            folded = character.casefold()
            # From the last letter, so that a character is used for one alone.
            for done in reversed(range(len(letters))):
                if letters[done] != folded:
                    continue
                way = _longer(ways[done - 1] if done else None, done, number, place, character, counted)
                known = ways[done]
                if way and (known is None or way.cost < known.cost):
                    ways[done] = way
    if not letters or not (best := ways[-1]):
        return None
    return Alignment(best.inside, best.between, best.before, sum(counted[best.last + 1 :]))


def _longer(way: _Way | None, done: int, number: int, place: int, character: str, counted: list[bool]) -> _Way | None:
    """A way with one letter more, found at a place in a word."""
    if not done:
        return _Way(0, 0, sum(counted[:number]), number) if place == 0 else None
    if way is None:
        return None
    inside = place > 0 and not character.isupper()
    return _Way(way.inside + inside, way.between + sum(counted[way.last + 1 : number]), way.before, number)
