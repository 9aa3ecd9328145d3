"""What a paper does with each method and dataset it names: a linear classifier over words around the name."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.nlp.linear import Linear
from kg.nlp.texts import text_of, title_end
from kg.nlp.weights import Weights
from kg.schema import Label, Role

ROLES: dict[str, tuple[Role, ...]] = {
    Label.METHOD: (Role.PROPOSED, Role.COMPARED, Role.USED, Role.MENTIONED),
    Label.DATASET: (Role.INTRODUCED, Role.USED, Role.MENTIONED),
}
CLASSES = tuple(Role)
ROWS = 2**15
_BEFORE, _AFTER = 5, 3
# Of a name that stands everywhere in a long text, the first places are enough.
_PLACES = 40
# "we propose a novel ", right before a name.
_PROPOSING = re.compile(
    r"\b(?:we|paper|work)\b[^.;:]{0,30}?\b(?:propos|introduc|present)(?:e|es|ing)?\b"
    r"(?:\s+(?:a|an|the|our|new|novel|simple|called|named|dubbed|termed|\S+ly))*\s+",
    re.IGNORECASE,
)
_PROPOSING_CHARS = 100

Span.set_extension("role", default=None, force=True)


def named_spans(doc: Doc) -> dict[tuple[str, str], list[Span]]:
    """The mentions that have a role, by spelling and label: a string has one role in a paper."""
    spans = defaultdict(list)
    for ent in doc.ents:
        if ent.label_ in ROLES:
            spans[ent.text, ent.label_].append(ent)
    return spans


def name_features(doc: Doc, spans: Mapping[tuple[str, str], list[Span]]) -> Iterator[tuple[tuple[str, str], set[str]]]:
    """Yields spelling and label of each name with its features; `spans` are those of `named_spans`."""
    words = _Words(doc)
    counts = Counter({name: len(found) for name, found in spans.items()})
    partner = dict(doc._.abbreviations) | {long: short for short, long in doc._.abbreviations}
    most = max(counts.values(), default=0)
    for name, found in spans.items():
        text, label = name
        features = set(_spelling_features(text, label, counts[name], most))
        features.update(_context_features(found[:_PLACES], words, label))
        if text in partner:
            features.add(f"{label} is defined")
            for kin in spans.get((partner[text], label), [])[:_PLACES]:
                features.update(_context_features([kin], words, f"{label} kin"))
        yield name, features


def is_own(span: Span, text: str) -> bool:
    """Whether the words around a name in its paper's text leave no doubt that it is the paper's own.

    It begins the title, with a colon behind; or the paper proposes it in as many words, and it is explained (", a …",
    "(…") or stands in the title too. Of the names in the training data that are so, 99 in 100 are proposed or introduced.
    """
    title_end = text.find("\n")
    behind = text[span.end_char :].lstrip()
    if span.start_char == 0 and span.end_char < title_end:
        return behind.startswith(":")
    before = text[max(span.start_char - _PROPOSING_CHARS, title_end) : span.start_char]
    if not any(found.end() == len(before) for found in _PROPOSING.finditer(before)):
        return False
    capital = any(c.isupper() for c in span.text[1:])
    return span.text in text[:title_end] or behind.startswith((", a ", ", an ")) or (capital and behind[:1] in {",", "("})


def _spelling_features(text: str, label: str, count: int, most: int) -> Iterator[str]:
    yield f"{label} name={text.casefold()}"
    yield f"{label} count={min(count, 6)}"
    if count == most:
        yield f"{label} most frequent"
    yield f"{label} capitals={sum(c.isupper() for c in text[1:]) > 0}"
    yield f"{label} words={min(len(text.split()), 4)}"


class _Words:
    """The words of a document, each asked of spaCy once: in lower case, which are all letters, and where sentences begin."""

    def __init__(self, doc: Doc):
        strings = doc.vocab.strings
        lower, is_alpha, starts_sentence = doc.to_array(["LOWER", "IS_ALPHA", "SENT_START"]).T
        self.lower = [strings[word] for word in lower.tolist()]
        self.alpha_places = np.flatnonzero(is_alpha).tolist()
        self.alpha = [self.lower[place] for place in self.alpha_places]
        self.sentences = [*np.flatnonzero(starts_sentence == 1).tolist(), len(doc)]
        self.title_end = title_end(doc)

    def alpha_within(self, start: int, end: int) -> set[str]:
        """Those of a range of tokens that are all letters."""
        return set(self.alpha[bisect_left(self.alpha_places, start) : bisect_left(self.alpha_places, end)])

    def sentence(self, token: int) -> tuple[int, int]:
        """First token and end of the sentence with a token."""
        number = bisect_right(self.sentences, token)
        return self.sentences[number - 1], self.sentences[number]


def _context_features(spans: list[Span], words: _Words, what: str) -> Iterator[str]:
    lower = words.lower
    for span in spans:
        start, end = span.start, span.end
        in_title = span.start_char < words.title_end
        if in_title:
            yield f"{what} in title"
            yield f"{what} title starts={start == 0}"
            yield f"{what} title colon={lower[end : end + 1] == [':']}"
        place = "title" if in_title else "text"
        for distance, word in enumerate(reversed(lower[max(0, start - _BEFORE) : start]), start=1):
            yield f"{what} {place} -{distance}={word}"
            yield f"{what} {place} before={word}"
        for distance, word in enumerate(lower[end : end + _AFTER], start=1):
            yield f"{what} {place} +{distance}={word}"
        first, behind = words.sentence(start)
        yield from (f"{what} left={word}" for word in words.alpha_within(first, start))
        yield from (f"{what} right={word}" for word in words.alpha_within(start, behind))
    yield f"{what} first={int(spans[0].start / len(lower) * 8)}"
    yield f"{what} last={int(spans[-1].start / len(lower) * 8)}"


@Language.factory("kg_roles", assigns=["span._.role"], requires=["doc.ents", "token.is_sent_start", "doc._.abbreviations"])
def create_roles(nlp: Language, name: str) -> "Roles":
    """The factory that spaCy's config names."""
    return Roles()


class Roles(Weights):
    """Sets `span._.role` on the entities of a document.

    The score of a role is a linear classifier's over the words around (multinomial logistic regression), and what the
    recognizer's network says of it, times a weight of its own.
    """

    def __init__(self) -> None:
        self.classifier = Linear(ROWS, len(CLASSES))
        self.network_weight = 0.0

    def __call__(self, doc: Doc) -> Doc:
        spans = named_spans(doc)
        text = text_of(doc)
        for name, features in name_features(doc, spans):
            role = self.predict(name[1], self.classifier.rows(features), spans[name][0]._.role_scores)
            if any(is_own(span, text) for span in spans[name][:_PLACES]):
                role = Role.PROPOSED if name[1] == Label.METHOD else Role.INTRODUCED
            for span in spans[name]:
                span._.role = str(role)
        return doc

    def predict(self, label: str, rows: NDArray[np.int64], network: Sequence[float] | None) -> Role:
        """The role with the highest score among those that the label can have."""
        scores = self.classifier.scores(rows)
        if network is not None:
            scores = scores + self.network_weight * np.asarray(network)
        return max(ROLES[label], key=lambda role: float(scores[CLASSES.index(role)]))

    def to_bytes(self, *, exclude: Any = ()) -> bytes:
        stored: bytes = srsly.msgpack_dumps(self.classifier.stored() | {"network_weight": self.network_weight})
        return stored

    def from_bytes(self, data: bytes, *, exclude: Any = ()) -> "Roles":
        stored = srsly.msgpack_loads(data)
        self.classifier, self.network_weight = Linear.restored(stored), stored["network_weight"]
        return self
