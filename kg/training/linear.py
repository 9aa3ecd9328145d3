"""Training of linear models on rows of hashed features: logistic regression of classes, conditional logit of choices."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from kg.nlp.linear import Linear


def fit_linear(
    rows: Sequence[NDArray[np.int64]], targets: NDArray[np.integer], size: int, inverse_regularization: float, *, classes: int
) -> Linear:
    """Fits a classifier with a table of `size` rows to the numbers of classes."""
    model = LogisticRegression(C=inverse_regularization, max_iter=1000).fit(_matrix(rows, size), targets)
    linear = Linear(size, classes)
    linear.bias[:] = -np.inf  # of classes never seen
    linear.weights[:, model.classes_] = model.coef_.T
    linear.bias[model.classes_] = model.intercept_
    return linear


def fit_choice(
    choices: Sequence[Sequence[NDArray[np.int64]]],
    right: Sequence[Sequence[bool]],
    regularization: float,
    *,
    start: Linear,
) -> Linear:
    """Fits the scores of the candidates for choices: the right ones of each choice together as probable as can be.

    McFadden 1974, "Conditional logit analysis of qualitative choice behavior", fitted by L-BFGS. What costs is to leave the
    weights that it starts from, which may be fitted to data of another kind (Chelba and Acero 2004, "Adaptation of Maximum
    Entropy Capitalizer: Little Data Can Help a Lot"); those of a new one are 0, and so the cost is the usual L2 penalty.

    Args:
        choices: For each choice the rows of each candidate's features.
        right: Which candidates are right, at least one of each choice.
        regularization: The penalty of the square of a weight's change, halved.
        start: The scores to start from, which stay as they are.
    """
    if not choices:
        return start
    first = start.weights[:, 0].astype(np.float64)
    features = _matrix([rows for candidates in choices for rows in candidates], len(first))
    starts = np.cumsum([0, *map(len, choices)])[:-1]
    choice = np.repeat(np.arange(len(choices)), [len(candidates) for candidates in choices])
    is_right = np.concatenate([np.asarray(answers, dtype=bool) for answers in right])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = features @ weights
        all_of_choice = np.logaddexp.reduceat(scores, starts)
        right_of_choice = np.logaddexp.reduceat(np.where(is_right, scores, -np.inf), starts)
        errors = np.exp(scores - all_of_choice[choice]) - is_right * np.exp(scores - right_of_choice[choice])
        change = weights - first
        penalty = regularization / 2 * float(change @ change)
        return float((all_of_choice - right_of_choice).sum()) + penalty, features.T @ errors + regularization * change

    linear = Linear(len(first))
    linear.weights[:, 0] = minimize(loss, first, jac=True, method="L-BFGS-B").x
    return linear


def _matrix(rows: Sequence[NDArray[np.int64]], size: int) -> csr_matrix:
    """The features of each row as ones, (rows, size)."""
    starts = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(starts[-1], dtype=np.float32), np.concatenate(rows), starts), shape=(len(rows), size))
