"""Pipelines of others: their entities as our mentions, with our steps behind them."""

from collections.abc import Mapping

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.errors import ModelError
from kg.schema import Label


def our_labels(labels: Mapping[str, str] | None) -> dict[str, Label]:
    """Our label for each name of theirs, in lower case; without a mapping, for our own names.

    >>> our_labels({"Material": "DATASET"})
    {'material': <Label.DATASET: 'DATASET'>}
    """
    return {name.casefold(): Label(label) for name, label in (labels or {label: label for label in Label}).items()}


@Language.factory("kg_labels", assigns=["doc.ents"], requires=["doc.ents"], default_config={"labels": {}})
def create_labels(nlp: Language, name: str, labels: dict[str, str]) -> "Labels":
    """The factory that spaCy's config names."""
    return Labels(labels)


class Labels:
    """Gives entities our label for theirs, and leaves those out that have none; without labels ours, in any case."""

    def __init__(self, labels: Mapping[str, str]):
        self.labels = our_labels(labels)

    def __call__(self, doc: Doc) -> Doc:
        doc.ents = [
            Span(doc, ent.start, ent.end, label=self.labels[ent.label_.casefold()])
            for ent in doc.ents
            if ent.label_.casefold() in self.labels
        ]
        return doc


def adapt(nlp: Language, ours: Language, labels: Mapping[str, str]) -> Language:
    """Puts our steps around a pipeline that sets `doc.ents`: labels, repeated mentions, abbreviations, roles, results.

    Raises:
        ModelError: No step of the pipeline sets entities, or a label to map to is not one of ours.
    """
    if not any("doc.ents" in nlp.get_pipe_meta(name).assigns for name in nlp.pipe_names):
        raise ModelError("no step of this pipeline sets doc.ents", remedy="give a pipeline that recognizes entities")
    unknown = sorted(set(labels.values()) - set(Label))
    if unknown:
        raise ModelError(f"unknown label {unknown[0]!r}", remedy=f"map to {', '.join(Label)}")
    nlp.add_pipe("kg_urls", first=True)
    nlp.add_pipe("kg_labels", config={"labels": dict(labels)})
    nlp.add_pipe("kg_mentions")
    for name in ours.pipe_names[ours.pipe_names.index("kg_recognizer") + 1 :]:
        config = dict(ours.get_pipe_config(name))
        step = nlp.add_pipe(config.pop("factory"), name, config=config)
        if hasattr(step, "from_bytes"):
            step.from_bytes(ours.get_pipe(name).to_bytes())  # type: ignore[attr-defined]
    return nlp
