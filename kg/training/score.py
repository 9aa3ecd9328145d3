"""Counts of right, wrong and missed items, and what follows from them."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from kg.schema import Label, Mention

_RESAMPLES = 1000


class Interval(NamedTuple):
    """The borders that 95 % of the resampled figures lie between."""

    low: float
    high: float


@dataclass(slots=True)
class Score:
    """Counts by paper, added up for the figures (micro-average).

    >>> score = Score()
    >>> score.add(gold=["BERT", "GPT"], found=["BERT", "model"])
    >>> score.add(gold=["ImageNet"], found=["ImageNet"])
    >>> score.right, score.wrong, score.missed, score.support, round(score.f1, 3)
    (2, 1, 1, 3, 0.667)
    """

    papers: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, gold: Iterable[Hashable], found: Iterable[Hashable]) -> None:
        """Compares the distinct items of one paper."""
        gold_items, found_items = set(gold), set(found)
        right = len(gold_items & found_items)
        self.papers.append((right, len(found_items) - right, len(gold_items) - right))

    def add_overlapping(self, gold: Iterable[Mention], found: Iterable[Mention]) -> None:
        """Compares the mentions of one paper; right are pairs of one label that share a character, one to one."""
        missed = sorted(gold, key=_start)
        right = wrong = 0
        for mention in sorted(found, key=_start):
            partner = next((g for g in missed if g.label == mention.label and overlap(g, mention)), None)
            if partner:
                missed.remove(partner)
                right += 1
            else:
                wrong += 1
        self.papers.append((right, wrong, len(missed)))

    @property
    def right(self) -> int:
        return sum(counts[0] for counts in self.papers)

    @property
    def wrong(self) -> int:
        return sum(counts[1] for counts in self.papers)

    @property
    def missed(self) -> int:
        return sum(counts[2] for counts in self.papers)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0

    @property
    def support(self) -> int:
        return self.right + self.missed

    def interval(self) -> Interval:
        """The 95 % interval of F1: 1,000 times as many papers are drawn with replacement (percentile bootstrap, Efron 1979)."""
        if not self.papers:
            return Interval(0.0, 0.0)
        counts = np.array(self.papers)
        drawn = np.random.default_rng(0).integers(len(counts), size=(_RESAMPLES, len(counts)))
        right, wrong, missed = counts[drawn].sum(axis=1).T
        f1 = 2 * right / np.maximum(2 * right + wrong + missed, 1)
        low, high = np.quantile(f1, [0.025, 0.975])
        return Interval(float(low), float(high))

    def as_dict(self) -> dict[str, float]:
        """The figures by name, to four digits."""
        figures = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        low, high = self.interval()
        return {name: round(value, 4) for name, value in (figures | {"low": low, "high": high}).items()} | {
            "support": self.support
        }


def _start(mention: Mention) -> int:
    return mention.start


def place(mention: Mention) -> tuple[int, int, Label]:
    """What has to be exact for a mention to be right."""
    return mention.start, mention.end, mention.label


def overlap(one: Mention, other: Mention) -> bool:
    """Whether two mentions share a character."""
    return one.start < other.end and other.start < one.end
