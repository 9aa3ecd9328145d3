"""Whether a score can be read as a probability, and what a least score costs and gives."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Mentions with scores of one range: how many, their mean score, and the share that is right."""

    count: int
    score: float
    right: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """Precision, recall and F1 of the mentions with at least this score."""

    score: float
    precision: float
    recall: float
    f1: float


def bins(scores: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Ten bins of equal width over 0…1, those without mentions left out."""
    found, truth = np.array(scores, dtype=float), np.array(right, dtype=float)
    number = np.minimum((found * _BINS).astype(int), _BINS - 1)
    inside = [number == i for i in range(_BINS)]
    return [Bin(int(here.sum()), float(found[here].mean()), float(truth[here].mean())) for here in inside if here.any()]


def expected_calibration_error(scores: Sequence[float], right: Sequence[bool]) -> float:
    """The mean distance between score and share right (Guo et al. 2017, "On Calibration of Modern Neural Networks").

    >>> expected_calibration_error([0.75] * 4, [True, True, True, False])
    0.0
    """
    return sum(b.count * abs(b.score - b.right) for b in bins(scores, right)) / max(len(scores), 1)


def curve(scores: Sequence[float], right: Sequence[bool], support: int) -> list[Threshold]:
    """What remains at each least score from 0 to 0.9, of `support` mentions in the gold data."""
    found, truth = np.array(scores, dtype=float), np.array(right, dtype=bool)
    thresholds = []
    for least in np.arange(_BINS) / _BINS:
        kept = found >= least
        hits = int(truth[kept].sum())
        precision, recall = hits / max(int(kept.sum()), 1), hits / max(support, 1)
        thresholds.append(Threshold(float(least), precision, recall, 2 * hits / max(int(kept.sum()) + support, 1)))
    return thresholds
