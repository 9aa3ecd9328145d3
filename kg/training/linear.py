"""Training of linear classifiers: logistic regression on rows of hashed features."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from kg.nlp.linear import Linear


def fit_linear(
    rows: Sequence[NDArray[np.int64]],
    targets: NDArray[np.integer | np.bool_],
    size: int,
    inverse_regularization: float,
    *,
    classes: int = 1,
) -> Linear:
    """Fits a classifier with a table of `size` rows; with one class the targets are truth values, else numbers of classes."""
    starts = np.cumsum([0, *map(len, rows)])
    features = csr_matrix((np.ones(starts[-1], dtype=np.float32), np.concatenate(rows), starts), shape=(len(rows), size))
    model = LogisticRegression(C=inverse_regularization, max_iter=1000).fit(features, targets)
    linear = Linear(size, classes)
    if classes == 1:
        linear.weights[:], linear.bias[:] = model.coef_.T, model.intercept_
        return linear
    linear.bias[:] = -np.inf  # of classes never seen
    linear.weights[:, model.classes_] = model.coef_.T
    linear.bias[model.classes_] = model.intercept_
    return linear
