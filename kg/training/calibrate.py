"""How sure the network has to be, and what its probability means: learned from papers that it was not trained on."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from spacy.language import Language

from kg.nlp.recognizer import Recognizer
from kg.training.evaluate import evaluate
from kg.training.gold import GoldPaper

_LEAST_SCORES = 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6
_TINY = 1e-6


def calibrate(nlp: Language, papers: Sequence[GoldPaper]) -> None:
    """Sets the recognizer's calibration by logistic regression (Platt 1999), and the least score to that of the best F1."""
    recognizer = nlp.get_pipe("kg_recognizer")
    assert isinstance(recognizer, Recognizer)
    recognizer.min_score, recognizer.calibration = 0.0, (1.0, 0.0)
    report = evaluate(papers, nlp=nlp)
    if len(set(report.mention_right)) == 2:  # else there is nothing to tell apart
        scores = np.clip(report.mention_scores, _TINY, 1 - _TINY)
        model = LogisticRegression(C=1e6).fit(np.log(scores / (1 - scores))[:, None], report.mention_right)
        recognizer.calibration = float(model.coef_[0, 0]), float(model.intercept_[0])
    recognizer.min_score = max(_LEAST_SCORES, key=lambda least: _f1(nlp, recognizer, papers, least))


def _f1(nlp: Language, recognizer: Recognizer, papers: Sequence[GoldPaper], least: float) -> float:
    recognizer.min_score = least
    return evaluate(papers, nlp=nlp).scores["mentions"].f1
