"""Training of the results: conditional logit models over what gold mentions and gold results show."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from kg.nlp.results import CHOICES, Results
from kg.nlp.statements import Statement, statements
from kg.schema import Label
from kg.training.gold import GoldPaper, GoldResult, Split, read_before
from kg.training.linear import fit_choice
from kg.training.roles import annotated_doc

_REGULARIZATION = 1.2
_LAST_REGULARIZATION = 20.0

# The features of the candidates for one choice, and which of them are right.
_Example = tuple[list[list[str]], list[bool]]


def train_results(nlp: Language, gold: Split) -> Results:
    """Fits the models to the gold mentions of the papers to learn from, and then to the mentions found in those held out."""
    results = Results()
    with_metric = [paper for paper in gold.learned if any(mention.label == Label.METRIC for mention in paper.mentions)]
    _fit(results, with_metric, (annotated_doc(nlp, paper) for paper in with_metric), _REGULARIZATION)
    _fit(results, gold.held_out, read_before(nlp, "kg_results", gold.held_out), _LAST_REGULARIZATION)
    return results


def _fit(results: Results, papers: Sequence[GoldPaper], docs: Iterable[Doc], regularization: float) -> None:
    examples: dict[Label, list[_Example]] = defaultdict(list)
    for paper, doc in zip(papers, docs, strict=True):
        for statement in statements(doc):
            for choice, example in _examples(statement, paper.results):
                examples[choice].append(example)
    for choice in CHOICES:
        scorer = results.scorers[choice]
        rows = [[scorer.rows(features) for features in candidates] for candidates, _ in examples[choice]]
        right = [answers for _, answers in examples[choice]]
        results.scorers[choice] = fit_choice(rows, right, regularization, start=scorer)


def _examples(statement: Statement, gold: Sequence[GoldResult]) -> Iterator[tuple[Label, _Example]]:
    stated = []
    for number in statement.numbers:
        metrics = statement.candidate_metrics(number)
        of_value = [result for result in gold if result.value == number.token.text]
        found = [
            [result for result in of_value if metric is not None and _same(result.metric, metric.text)] for metric in metrics
        ]
        answers = [bool(results) for results in found]
        answers[0] = not any(answers)
        yield Label.METRIC, ([list(statement.value_features(number, metric)) for metric in metrics], answers)
        if not answers[0]:
            stated.append((number.token, [result for results in found for result in results]))
    values = [token for token, _ in stated]
    for token, results in stated:
        for label in (Label.METHOD, Label.DATASET):
            right = [result.method if label == Label.METHOD else result.dataset for result in results]
            names = statement.candidates(label)
            answers = [any(_same(name, other) for other in right) for name in names]
            if any(answers):
                yield label, ([list(statement.name_features(token, values, label, name)) for name in names], answers)


def _same(one: str | None, other: str | None) -> bool:
    return (one and one.casefold()) == (other and other.casefold())
