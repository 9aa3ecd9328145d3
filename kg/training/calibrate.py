"""How likely a name is right, and how likely it has to be: learned from papers that the network was not trained on."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from spacy.language import Language

from kg.nlp.crf import LABELS
from kg.nlp.recognizer import UNCALIBRATED, Recognizer
from kg.training.evaluate import evaluate
from kg.training.gold import GoldPaper

_LEAST_SCORES = 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6


def calibrate(nlp: Language, papers: Sequence[GoldPaper]) -> None:
    """Sets the recognizer's calibration by logistic regression (Platt 1999), and the least score to that of the best F1."""
    recognizer = nlp.get_pipe("kg_recognizer")
    assert isinstance(recognizer, Recognizer)
    recognizer.min_score, recognizer.calibration = 0.0, UNCALIBRATED
    evidence, right = [], []
    for (doc, found), paper in zip(recognizer.candidates(nlp.make_doc(paper.text) for paper in papers), papers, strict=True):
        gold = {(mention.start, mention.end, mention.label) for mention in paper.mentions}
        for name in found:
            spans = [doc[place.start : place.start + name.length] for place in name.places]
            evidence.append(name.evidence)
            right.append(any((span.start_char, span.end_char, LABELS[name.label]) in gold for span in spans))
    if len(set(right)) == 2:  # else there is nothing to tell apart
        model = LogisticRegression(C=1e6, max_iter=1000).fit(np.array(evidence), right)
        recognizer.calibration = (float(model.intercept_[0]), *model.coef_[0].tolist())
    recognizer.min_score = max(_LEAST_SCORES, key=lambda least: _f1(nlp, recognizer, papers, least))


def _f1(nlp: Language, recognizer: Recognizer, papers: Sequence[GoldPaper], least: float) -> float:
    recognizer.min_score = least
    return evaluate(papers, nlp=nlp).scores["mentions"].f1
