"""Training of the abbreviations: a conditional logit model of what the recognizer finds."""

from collections.abc import Sequence

from spacy.language import Language

from kg.nlp.abbreviations import Abbreviations
from kg.nlp.long_forms import choices
from kg.training.gold import GoldPaper, read_before
from kg.training.linear import fit_choice

_REGULARIZATION = 0.3


def train_abbreviations(nlp: Language, papers: Sequence[GoldPaper]) -> Abbreviations:
    """Fits the model to annotated papers.

    To the mentions that are found in them, not to their gold mentions: these have the right borders, and so can't show when
    a string that is no mention is a long form.
    """
    step = Abbreviations()
    rows, right = [], []
    for paper, doc in zip(papers, read_before(nlp, "kg_abbreviations", papers), strict=True):
        gold = {(pair.short, pair.long) for pair in paper.abbreviations}
        for choice in choices(doc):
            rows.append([step.scorer.rows(features) for features in choice.features()])
            answers = [(choice.short.text, form.span.text) in gold for form in choice.long_forms]
            right.append([not any(answers), *answers])
    step.scorer = fit_choice(rows, right, _REGULARIZATION, start=step.scorer)
    return step
