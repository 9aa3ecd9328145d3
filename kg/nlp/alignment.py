"""How the letters of an abbreviation stand in what it may be short for."""

import re
from collections.abc import Iterator
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

    def longer(self, last: int, left_out: int, *, inside: bool) -> "_Way":
        """With one letter more, in a word that lies behind so many that are left out."""
        return _Way(self.inside + inside, self.between + left_out, self.before, last)


def align(short: str, long: str) -> Alignment | None:
    """An alignment with few letters inside of words and few words left out between them, None where there is none.

    The letters of the short form must occur in the long form, in order, its first at the start of a word: the test of
    Schwartz and Hearst 2003, "A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text", section 3.2.
    A plural's last letter need not. Only the cheapest way to find the first letters is followed, the first of equal ones.

    >>> align("GNNs", "deep graph neural network")
    Alignment(inside=0, between=0, before=1, behind=0)
    >>> align("ours", "graph neural network")
    """
    stem = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    letters = [letter for letter in stem.casefold() if letter.isalnum()]
    words = _WORD.findall(long)
    counted = [word.casefold() not in _FUNCTION_WORDS for word in words]
    ways: list[_Way | None] = [None] * len(letters)
    for number, place, is_upper, letter in _characters(words):
        # From the last letter, so that a character is used for one alone.
        for done in reversed(range(len(letters))):
            if letters[done] != letter:
                continue
            before, known = ways[done - 1] if done else None, ways[done]
            if before:
                left_out = sum(counted[before.last + 1 : number])
                way = before.longer(number, left_out, inside=place > 0 and not is_upper)
            elif not done and not place:
                way = _Way(0, 0, sum(counted[:number]), number)
            else:
                continue
            if known is None or way.cost < known.cost:
                ways[done] = way
    if not letters or not (best := ways[-1]):
        return None
    return Alignment(best.inside, best.between, best.before, sum(counted[best.last + 1 :]))


def _characters(words: list[str]) -> Iterator[tuple[int, int, bool, str]]:
    """Yields for each letter the number of its word, its place in it, whether it is a capital, and the letter without case."""
    for number, word in enumerate(words):
        for place, character in enumerate(word):
            yield from ((number, place, character.isupper(), letter) for letter in character.casefold())
