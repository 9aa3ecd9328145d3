"""Training of the abbreviations: a conditional logit model of gold mentions, then of those that the recognizer finds."""

from collections.abc import Iterable, Sequence

from spacy.language import Language

from kg.nlp.abbreviations import Abbreviations, Choice, choices
from kg.training.gold import GoldPaper, Split, gold_doc, read_before
from kg.training.linear import fit_choice

_REGULARIZATION = 1.0
_LAST_REGULARIZATION = 4.0


def train_abbreviations(nlp: Language, gold: Split) -> Abbreviations:
    """Fits the model to the gold mentions of the papers to learn from, and then to the mentions found in those held out.

    Gold mentions have the right borders: only the others show when a string that is no mention is a long form.
    """
    step = Abbreviations()
    of_names = (map(_of_names, choices(gold_doc(nlp, paper))) for paper in gold.learned)
    _fit(step, gold.learned, of_names, _REGULARIZATION)
    _fit(step, gold.held_out, map(choices, read_before(nlp, "kg_abbreviations", gold.held_out)), _LAST_REGULARIZATION)
    return step


def _of_names(choice: Choice) -> Choice:
    return Choice(choice.short, [form for form in choice.long_forms if form.is_name])


def _fit(step: Abbreviations, papers: Sequence[GoldPaper], found: Iterable[Iterable[Choice]], regularization: float) -> None:
    rows, right = [], []
    for paper, in_paper in zip(papers, found, strict=True):
        gold = {(pair.short, pair.long) for pair in paper.abbreviations}
        for choice in in_paper:
            answers = [(choice.short.text, form.span.text) in gold for form in choice.long_forms]
            features = [choice.none_features(), *(form.features for form in choice.long_forms)]
            rows.append([step.scorer.rows(some) for some in features])
            right.append([not any(answers), *answers])
    step.scorer = fit_choice(rows, right, regularization, start=step.scorer)
