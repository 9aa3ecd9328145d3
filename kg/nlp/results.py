"""Results: numbers that an abstract states for a metric, with the method and the dataset they belong to."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from kg.nlp.linear import Linear
from kg.nlp.numbers import Number
from kg.nlp.statements import Statement, statements
from kg.nlp.weights import Weights
from kg.schema import Label

ROWS = 2**16
# The choices, each with weights of its own: of which metric is this a value, of which method, on which dataset?
CHOICES = (Label.METRIC, Label.METHOD, Label.DATASET)
# The metric of a value must be more probable than this: where F1 is highest, see kg/training/README.md.
_LEAST = 0.5

Doc.set_extension("results", default=(), force=True)

# Method, dataset, metric, value as printed, its number, whether a percentage, start and end.
_Row = tuple[str | None, str | None, str, str, float, bool, int, int]


@Language.factory("kg_results", requires=["doc.ents", "token.is_sent_start", "span._.role"], assigns=["doc._.results"])
def create_results(nlp: Language, name: str) -> "Results":
    """The factory that spaCy's config names."""
    return Results()


class Results(Weights):
    """Keeps results in `doc._.results`: `(method, dataset, metric, value, number, percent, start, end)`.

    A number is the value of the most probable metric of its sentence, where that is probable enough; its method and its
    dataset are the most probable ones of the paper, or none. The probabilities are those of conditional logit models
    (McFadden 1974): the candidates for one choice add up to 1.
    """

    def __init__(self) -> None:
        self.scorers = {str(choice): Linear(ROWS) for choice in CHOICES}

    def __call__(self, doc: Doc) -> Doc:
        doc._.results = [row for statement in statements(doc) for row in self._rows(statement)]
        return doc

    def _rows(self, statement: Statement) -> Iterator[_Row]:
        found = [(number, metric) for number in statement.numbers if (metric := self._metric(statement, number))]
        values = [number.token for number, _ in found]
        for number, metric in found:
            text, start = number.token.text, number.token.idx
            method, dataset = (self._name(statement, number.token, values, label) for label in (Label.METHOD, Label.DATASET))
            yield method, dataset, metric.text, text, number.value, number.is_percent, start, start + len(text)

    def _metric(self, statement: Statement, number: Number) -> Span | None:
        metrics = statement.candidate_metrics(number)
        scores = self.scorers[Label.METRIC].of_candidates(statement.value_features(number, metric) for metric in metrics)
        best = 1 + int(scores[1:].argmax())
        probability = np.exp(scores[best] - np.logaddexp.reduce(scores))
        return metrics[best] if probability > _LEAST else None

    def _name(self, statement: Statement, value: Token, values: list[Token], label: Label) -> str | None:
        names = statement.candidates(label)
        scores = self.scorers[label].of_candidates(statement.name_features(value, values, label, name) for name in names)
        return names[int(scores.argmax())]

    def to_bytes(self, *, exclude: Any = ()) -> bytes:
        stored: bytes = srsly.msgpack_dumps({name: linear.stored() for name, linear in self.scorers.items()})
        return stored

    def from_bytes(self, data: bytes, *, exclude: Any = ()) -> "Results":
        self.scorers = {name: Linear.restored(stored) for name, stored in srsly.msgpack_loads(data).items()}
        return self
