"""Linear classifiers over features that are short strings, hashed to the rows of a table of weights."""

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id


class Linear:
    """Scores of classes: the sum of the weights of the features that are present (Weinberger et al. 2009, feature hashing)."""

    def __init__(self, rows: int, classes: int = 1):
        self.weights = np.zeros((rows, classes), dtype=np.float32)
        self.bias = np.zeros(classes, dtype=np.float32)

    def rows(self, features: Iterable[str]) -> NDArray[np.int64]:
        """The rows of distinct features, sorted."""
        return np.array(sorted({get_string_id(feature) % len(self.weights) for feature in features}), dtype=np.int64)

    def scores(self, rows: NDArray[np.int64]) -> NDArray[np.floating]:
        """The score of each class, (classes,)."""
        scores: NDArray[np.floating] = self.weights[rows].sum(axis=0) + self.bias
        return scores

    def of_candidates(self, candidates: Iterable[Iterable[str]]) -> NDArray[np.floating]:
        """The scores of the candidates for a choice by their features, where there is one class, (candidates,)."""
        return np.array([self.scores(self.rows(features))[0] for features in candidates])

    def stored(self) -> dict[str, Any]:
        """What `restored` takes, in half precision."""
        return {"weights": self.weights.astype(np.float16), "bias": self.bias}

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> Self:
        """A classifier as it was stored."""
        linear = cls(*stored["weights"].shape)
        linear.weights, linear.bias = stored["weights"].astype(np.float32), stored["bias"]
        return linear
