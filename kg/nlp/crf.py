"""A linear-chain conditional random field over the tags of names: what is sure about them (Lafferty et al. 2001).

Tags are O and, for each label, B, I, E and S: begin, inside and end of a name of several tokens, and a name of one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.schema import Label

LABELS = tuple(Label)
OUTSIDE = 0
_BEGIN, _INSIDE, _END, _SINGLE = range(4)
TAGS = 1 + 4 * len(LABELS)
# What stands for minus infinity where a tag can't follow another.
NEVER = -1e4

Floats = NDArray[np.float32]


def tag(label: Any, position: Any) -> Any:
    """The number of a tag, or an array of them, for labels given by number."""
    return 1 + 4 * label + position


def tag_in(label: Any, token: Any, start: Any, end: Any) -> Any:
    """The tag of a token of a name of a label from `start` to `end`, all of them numbers or arrays.

    >>> [int(tag_in(0, token, 3, 6)) for token in (3, 4, 5)], int(tag_in(1, 2, 2, 3))
    ([1, 2, 3], 8)
    """
    first, last = token == start, token == end - 1
    return tag(label, np.where(first & last, _SINGLE, np.where(first, _BEGIN, np.where(last, _END, _INSIDE))))


class Name(NamedTuple):
    """A range of tokens, and the number of its label."""

    start: int
    end: int
    label: int


def encode(names: Iterable[Name], length: int) -> NDArray[np.int64]:
    """The tags of a text's tokens.

    >>> encode([Name(1, 2, 0), Name(3, 6, 1)], 7).tolist()
    [0, 4, 0, 5, 6, 7, 0]
    """
    tags = np.zeros(length, dtype=np.int64)
    for start, end, label in names:
        tags[start:end] = tag_in(label, np.arange(start, end), start, end)
    return tags


def decode(tags: NDArray[np.int64]) -> list[Name]:
    """The names that tags spell.

    >>> decode(encode([Name(1, 2, 0), Name(3, 6, 1)], 7)) == [Name(1, 2, 0), Name(3, 6, 1)]
    True
    """
    found, start = [], 0
    for i, number in enumerate(tags.tolist()):
        label, position = divmod(number - 1, 4)
        if number == OUTSIDE or position == _INSIDE:
            continue
        if position in (_BEGIN, _SINGLE):
            start = i
        if position in (_END, _SINGLE):
            found.append(Name(start, i + 1, label))
    return found


def allowed() -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which tag may follow which, (tags, tags); which may be a text's first, and which its last, (tags,)."""
    numbers = np.arange(TAGS)
    label, position = np.divmod(numbers - 1, 4)
    opens = (numbers == OUTSIDE) | (position == _BEGIN) | (position == _SINGLE)
    closes = (numbers == OUTSIDE) | (position == _END) | (position == _SINGLE)
    follows = (closes[:, None] & opens) | (~closes[:, None] & ~opens & (label[:, None] == label))
    return follows, opens, closes


@dataclass(frozen=True)
class Crf:
    """The learned scores: `transitions` (tags, tags), `starts` and `ends` (tags,)."""

    transitions: Floats
    starts: Floats
    ends: Floats

    @classmethod
    def constrained(cls, transitions: Floats, starts: Floats, ends: Floats) -> "Crf":
        """With the sequences of tags ruled out that spell no names."""
        follows, opens, closes = allowed()
        return cls(np.where(follows, transitions, NEVER), np.where(opens, starts, NEVER), np.where(closes, ends, NEVER))

    def best(self, emissions: Floats, lengths: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """The most probable tags of each text (Viterbi 1967).

        Args:
            emissions: (longest, texts, tags).
            lengths: (texts,), tokens of each.
        """
        # Tags before texts: numpy is fastest along many.
        emitted = np.ascontiguousarray(emissions.transpose(0, 2, 1))
        longest, _, count = emitted.shape
        scores = self.starts[:, None] + emitted[0]
        before = np.zeros(emitted.shape, dtype=np.int8)
        last = np.zeros(count, dtype=np.int64)
        for i in range(longest):
            if i:
                candidates = scores[:, None] + self.transitions[:, :, None]
                before[i] = candidates.argmax(axis=0)
                scores = candidates.max(axis=0) + emitted[i]
            ending = lengths == i + 1
            last[ending] = (scores[:, ending] + self.ends[:, None]).argmax(axis=0)
        return [self._trace(before[:, :, text], last[text], length) for text, length in enumerate(lengths)]

    @staticmethod
    def _trace(before: NDArray[np.int8], last: np.int64, length: int) -> NDArray[np.int64]:
        tags = np.empty(length, dtype=np.int64)
        tags[-1] = last
        for i in range(length - 1, 0, -1):
            tags[i - 1] = before[i, tags[i]]
        return tags

    def posterior(self, emissions: Floats, lengths: NDArray[np.int64]) -> "Posterior":
        """What the forward and the backward pass know of each text (Rabiner 1989, section III); arguments as of `best`."""
        follow = np.exp(self.transitions.astype(np.float64))
        shown = np.exp((emissions - emissions.max(axis=2, keepdims=True)).astype(np.float64))
        forward, scale = np.empty_like(shown), np.empty(shown.shape[:2])
        reached = np.exp(self.starts.astype(np.float64)) * shown[0]
        for i in range(len(shown)):
            if i:
                reached = (reached @ follow) * shown[i]
            scale[i] = reached.sum(axis=1)
            reached = forward[i] = reached / scale[i, :, None]
        backward = np.empty_like(shown)
        ends = np.exp(self.ends.astype(np.float64))
        rest = np.broadcast_to(ends, shown[0].shape)
        for i in reversed(range(len(shown))):
            rest = backward[i] = np.where((lengths == i + 1)[:, None], ends, rest)
            rest = ((shown[i] * rest) @ follow.T) / scale[i, :, None]
        return Posterior(follow, shown / scale[:, :, None], forward, backward)


@dataclass(frozen=True)
class Posterior:
    """Scaled probabilities of the tags: `follow` (tags, tags), the others (longest, texts, tags)."""

    follow: NDArray[np.float64]
    shown: NDArray[np.float64]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]

    def name(self, text: int, start: int, end: int) -> NDArray[np.float64]:
        """The probability that a name stands exactly there in a text, for each label: (labels,)."""
        labels = np.arange(len(LABELS))
        last = end - 1
        tags = tag(labels, _SINGLE if last == start else _BEGIN)
        reached = self.forward[start, text, tags]
        for i in range(start + 1, end):
            following = tag(labels, _END if i == last else _INSIDE)
            reached = reached * self.follow[tags, following] * self.shown[i, text, following]
            tags = following
        total = float(self.forward[last, text] @ self.backward[last, text])
        probabilities: NDArray[np.float64] = reached * self.backward[last, text, tags] / total
        return probabilities
