"""Training of the results: logistic regressions over what gold mentions and gold results show."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from spacy.language import Language

from kg.nlp.results import DECISIONS, ROWS, VALUE, Results
from kg.nlp.statements import Statement, statements
from kg.schema import Label
from kg.training.gold import GoldResult, Split
from kg.training.linear import fit_linear
from kg.training.roles import annotated_doc

_INVERSE_REGULARIZATION = {VALUE: 0.15, Label.METHOD: 0.05, Label.DATASET: 0.05}

# Features, and whether the answer is yes.
_Example = tuple[list[str], bool]


def train_results(nlp: Language, gold: Split) -> Results:
    """Fits the three classifiers, that of values to all papers to learn from, those of names to the careful ones."""
    careful = {paper.id for paper in gold.careful}
    examples: dict[str, list[_Example]] = defaultdict(list)
    for paper in gold.learned:
        decisions = DECISIONS if paper.id in careful else (VALUE,)
        if any(mention.label == Label.METRIC for mention in paper.mentions):
            for statement in statements(annotated_doc(nlp, paper)):
                for decision, example in _examples(statement, paper.results):
                    if decision in decisions:
                        examples[decision].append(example)
    results = Results()
    for decision in DECISIONS:
        classifier = results.classifiers[decision]
        rows = [classifier.rows(features) for features, _ in examples[decision]]
        answers = np.array([answer for _, answer in examples[decision]], dtype=bool)
        if answers.any() and not answers.all():
            results.classifiers[decision] = fit_linear(rows, answers, ROWS, _INVERSE_REGULARIZATION[decision])
        else:
            classifier.bias[:] = -np.inf  # nothing to learn from: never
    return results


def _examples(statement: Statement, gold: Sequence[GoldResult]) -> Iterator[tuple[str, _Example]]:
    stated = [
        (number.token, found)
        for number in statement.numbers
        for metric in statement.candidate_metrics(number)
        if (found := [result for result in gold if result.value == number.token.text and _same(result.metric, metric.text)])
    ]
    values = [token for token, _ in stated]
    for number in statement.numbers:
        for metric in statement.candidate_metrics(number):
            is_value = any(result.value == number.token.text and _same(result.metric, metric.text) for result in gold)
            yield VALUE, (list(statement.value_features(number, metric)), is_value)
    for token, found in stated:
        for label in (Label.METHOD, Label.DATASET):
            right = [result.method if label == Label.METHOD else result.dataset for result in found]
            for name in statement.candidates(label):
                is_right = any(_same(name, other) for other in right)
                yield label, (list(statement.name_features(token, values, label, name)), is_right)


def _same(one: str | None, other: str | None) -> bool:
    return (one and one.casefold()) == (other and other.casefold())
