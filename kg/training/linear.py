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
    choices: Sequence[Sequence[NDArray[np.int64]]], right: Sequence[Sequence[bool]], size: int, regularization: float
) -> Linear:
    """Fits the scores of the candidates for choices: the right ones of each choice together as probable as can be.

    McFadden 1974, "Conditional logit analysis of qualitative choice behavior", with an L2 penalty; fitted by L-BFGS.

    Args:
        choices: For each choice the rows of each candidate's features.
        right: Which candidates are right, at least one of each choice.
        size: Rows of the table of weights.
        regularization: The penalty of a weight's square, halved.
    """
    linear = Linear(size)
    if not choices:
        return linear
    features = _matrix([rows for candidates in choices for rows in candidates], size)
    starts = np.cumsum([0, *map(len, choices)])[:-1]
    choice = np.repeat(np.arange(len(choices)), [len(candidates) for candidates in choices])
    is_right = np.concatenate([np.asarray(answers, dtype=bool) for answers in right])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = features @ weights
        all_of_choice = np.logaddexp.reduceat(scores, starts)
        right_of_choice = np.logaddexp.reduceat(np.where(is_right, scores, -np.inf), starts)
        errors = np.exp(scores - all_of_choice[choice]) - is_right * np.exp(scores - right_of_choice[choice])
        penalty = regularization / 2 * float(weights @ weights)
        return float((all_of_choice - right_of_choice).sum()) + penalty, features.T @ errors + regularization * weights

    linear.weights[:, 0] = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B").x
    return linear


def _matrix(rows: Sequence[NDArray[np.int64]], size: int) -> csr_matrix:
    """The features of each row as ones, (rows, size)."""
    starts = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(starts[-1], dtype=np.float32), np.concatenate(rows), starts), shape=(len(rows), size))
