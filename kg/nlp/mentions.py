"""Mentions made whole: a name found once in a paper is found everywhere in it, and nowhere in an address."""

from collections import Counter, defaultdict

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans


@Language.component("kg_mentions", requires=["doc.ents", "doc._.urls"], assigns=["doc.ents"])
def mentions(doc: Doc) -> Doc:
    """Applies two rules of the annotation guidelines to entities that a pipeline of others found.

    Every occurrence of a name at token borders is a mention, the longest first, with the label that
    most of its found occurrences have; nothing inside a web address is one.
    """
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for ent in doc.ents:
        labels[ent.text][ent.label_] += 1
    matcher = PhraseMatcher(doc.vocab)
    for name, ent in {ent.text: ent for ent in doc.ents}.items():
        matcher.add(name, [ent.as_doc()])
    repeated = [
        Span(doc, start, end, label=max(sorted(found), key=found.__getitem__))
        for key, start, end in matcher(doc)
        for found in [labels[doc.vocab.strings[key]]]
    ]
    addresses = [(start, end) for _, _, start, end in doc._.urls]
    outside = [
        span for span in repeated if not any(span.start_char < end and start < span.end_char for start, end in addresses)
    ]
    doc.ents = filter_spans(outside)
    return doc
