"""Abbreviations that a paper defines: which of the strings near a short name is its long form."""

from collections.abc import Sequence
from typing import Any

import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from kg.nlp.linear import Linear
from kg.nlp.long_forms import Choice, LongForm, choices
from kg.nlp.mentions import hashes, occurrences, outside_addresses
from kg.nlp.weights import Weights

ROWS = 2**13

Doc.set_extension("abbreviations", default=(), force=True)


@Language.factory(
    "kg_abbreviations", requires=["doc.ents", "doc._.urls", "span._.score"], assigns=["doc._.abbreviations", "doc.ents"]
)
def create_abbreviations(nlp: Language, name: str) -> "Abbreviations":
    """The factory that spaCy's config names."""
    return Abbreviations()


class Abbreviations(Weights):
    """Keeps the pairs in `doc._.abbreviations`, a list of `(short, long)` in the order of the short forms; both are entities.

    A name is short for the most probable of the strings near it, or for none (a conditional logit model, McFadden 1974).
    Where that string is no name yet, it becomes one in place of those whose borders it crosses.
    """

    def __init__(self) -> None:
        self.scorer = Linear(ROWS)

    def __call__(self, doc: Doc) -> Doc:
        pairs = [(choice.short, form) for choice in choices(doc) if (form := self._best(choice))]
        _add_names(doc, [(form.span, short) for short, form in pairs if not form.is_name])
        names = {ent.text for ent in doc.ents}
        found = [(short.text, form.span.text) for short, form in pairs]
        # Of long forms that overlap, or lie in an address, some are names no more.
        doc._.abbreviations = [pair for pair in found if names.issuperset(pair)]
        return doc

    def _best(self, choice: Choice) -> LongForm | None:
        none_or_best = int(self.scorer.of_candidates(choice.features()).argmax())
        return choice.long_forms[none_or_best - 1] if none_or_best else None

    def to_bytes(self, *, exclude: Any = ()) -> bytes:
        stored: bytes = srsly.msgpack_dumps(self.scorer.stored())
        return stored

    def from_bytes(self, data: bytes, *, exclude: Any = ()) -> "Abbreviations":
        self.scorer = Linear.restored(srsly.msgpack_loads(data))
        return self


def _add_names(doc: Doc, added: Sequence[tuple[Span, Span]]) -> None:
    """Makes strings names wherever they stand, each with the label and the certainty of its short form.

    Names that reach beyond one of them where it is defined are none there any more.
    """
    if not added:
        return
    kept = [ent for ent in doc.ents if not any(_overlap(ent, name) and not _within(ent, name) for name, _ in added)]
    spans = []
    shorts = {tuple(hashes(name)): short for name, short in added}
    for string, start in occurrences(shorts, hashes(doc)):
        short = shorts[string]
        span = Span(doc, start, start + len(string), label=short.label_)
        span._.score, span._.role_scores = short._.score, short._.role_scores
        spans.append(span)
    doc.ents = filter_spans([*kept, *outside_addresses(doc, spans)])


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _within(one: Span, other: Span) -> bool:
    return other.start <= one.start and one.end <= other.end
