"""The recognizer of names: what the network sees in a text, and what follows for a name in its whole paper."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans, minibatch
from spacy.vocab import Vocab

from kg.nlp.crf import LABELS, Crf, Floats, Name, Posterior, decode
from kg.nlp.lexicon import Known, Lexicon
from kg.nlp.mentions import NameHashes, occurrences, outside_addresses
from kg.nlp.network import REPEATS, Network, Text
from kg.nlp.texts import title_end
from kg.nlp.weights import Weights

Span.set_extension("score", default=None, force=True)
Span.set_extension("role_scores", default=None, force=True)

# Longer texts are read in parts, about as long as the texts that the network was trained on.
_LONGEST = 400
_TINY = 1e-6
# Strings that are names in this share of other papers are looked at though the network finds none.
_LEAST_RATE = 0.5
# Names of more tokens count as of so many.
_MANY = 4
# The network's own probability.
UNCALIBRATED = (0.0, 1.0, 0.0, 0.0, 0.0)
# Texts whose tags are decided at once: what numpy costs for each token is shared by them.
_TOGETHER = 44
# Documents read at once: enough to put those of about one length together.
BATCH = 256


class Part(NamedTuple):
    """A document, or a part of a long one: its place in the batch, and its tokens from `start` on."""

    doc: int
    start: int
    text: Text


class Seen(NamedTuple):
    """What the network says of a part: the names of its best tags, the probability of any, and roles (tokens, roles)."""

    part: Part
    names: list[Name]
    posterior: Posterior
    column: int
    roles: Floats


class Place(NamedTuple):
    """A place where a name stands: its first token, the probability of each label, the lexicon's rates, its tokens' roles."""

    start: int
    labels: NDArray[np.float64]
    rates: Floats | None
    roles: Floats


class Candidate(NamedTuple):
    """What may be a name of its paper: its tokens, the number of its likeliest label, what speaks for it, and its places."""

    length: int
    label: int
    evidence: tuple[float, ...]
    places: Sequence[Place]


@Language.factory("kg_recognizer", assigns=["doc.ents", "span._.score", "span._.role_scores"], requires=["doc._.urls"])
def create_recognizer(nlp: Language, name: str) -> "Recognizer":
    """The factory that spaCy's config names."""
    return Recognizer(nlp.vocab)


class Recognizer(Weights):
    """Sets `doc.ents`, `span._.score`, the probability that the name is right, and `span._.role_scores`, what `kg_roles` needs.

    A name that the network finds once, or that most other papers with its string have as a name of one label, is looked for
    everywhere in its paper; the label and the probability of the place where the network is surest are those of all its
    places, since the guidelines make every occurrence of a name a mention. Nothing inside a web address is one.
    """

    def __init__(self, vocab: Vocab):
        self.vocab = vocab
        self.network: Network
        self.crf: Crf
        self.lexicon: Lexicon
        # Names with a lower score are left out.
        self.min_score = 0.0
        # The intercept, and the weights of a candidate's evidence, of a logistic function: the probability of being right.
        self.calibration: tuple[float, ...] = UNCALIBRATED

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        for doc, found in self.candidates(docs, batch_size):
            doc.ents = self._names(doc, found)
            yield doc

    def candidates(self, docs: Iterable[Doc], batch_size: int = BATCH) -> Iterator[tuple[Doc, list[Candidate]]]:
        """Yields each document with all that may be its names."""
        for batch in minibatch(docs, batch_size):
            parts = [part for number, doc in enumerate(batch) for part in _parts(number, doc, self.lexicon)]
            seen: dict[int, list[Seen]] = defaultdict(list)
            # By length, so that little is computed beyond a text's end.
            for some in minibatch(sorted(parts, key=lambda part: len(part.text.orths)), _TOGETHER):
                for one in self._read(some):
                    seen[one.part.doc].append(one)
            for number, doc in enumerate(batch):
                yield doc, [candidate_of(name, places) for name, places in places_of_names(seen[number]).items()]

    def _read(self, parts: list[Part]) -> Iterator[Seen]:
        emissions, roles = self.network.scores([part.text for part in parts])
        lengths = np.array([len(part.text.orths) for part in parts])
        posterior = self.crf.posterior(emissions, lengths)
        for column, (part, tags) in enumerate(zip(parts, self.crf.best(emissions, lengths), strict=True)):
            yield Seen(part, decode(tags), posterior, column, roles[:, column])

    def _names(self, doc: Doc, found: Sequence[Candidate]) -> list[Span]:
        """The spans of the names that are sure enough, wherever they stand, the longest first."""
        spans = []
        for name in found:
            score = self.score(name.evidence)
            if score < self.min_score:
                continue
            roles = tuple(np.stack([place.roles for place in name.places]).mean(axis=(0, 1)).round(3).tolist())
            for place in name.places:
                span = Span(doc, place.start, place.start + name.length, label=LABELS[name.label])
                span._.score, span._.role_scores = score, roles
                spans.append(span)
        return filter_spans(outside_addresses(doc, spans))

    def score(self, evidence: tuple[float, ...]) -> float:
        """The probability of being right, to three digits (Platt 1999: a logistic function of what speaks for it)."""
        intercept, *weights = self.calibration
        logit = intercept + sum(weight * value for weight, value in zip(weights, evidence, strict=True))
        return round((1 + math.tanh(logit / 2)) / 2, 3)  # the logistic function, which never overflows so

    def to_bytes(self, *, exclude: Any = ()) -> bytes:
        stored: bytes = srsly.msgpack_dumps(
            {
                "network": self.network.to_bytes(),
                "crf": asdict(self.crf),
                "lexicon": self.lexicon.to_bytes(),
                "min_score": self.min_score,
                "calibration": self.calibration,
            }
        )
        return stored

    def from_bytes(self, data: bytes, *, exclude: Any = ()) -> "Recognizer":
        stored = srsly.msgpack_loads(data)
        self.network = Network.from_bytes(self.vocab, stored["network"])
        self.crf = Crf(**stored["crf"])
        self.lexicon = Lexicon.from_bytes(stored["lexicon"])
        self.min_score, self.calibration = stored["min_score"], tuple(stored["calibration"])
        return self


def places_of_names(parts: Sequence[Seen]) -> dict[NameHashes, list[Place]]:
    """Every place in a paper of each string that may be a name; names as the hashes of their tokens.

    These are what the network finds somewhere in it, and what most other papers have as a name of one label.
    """
    ranges = [(one.part.text, start, end) for one in parts for start, end, _ in one.names]
    ranges += [(one.part.text, start, end) for one in parts for start, end in one.part.text.known.names(_LEAST_RATE)]
    names = {tuple(text.orths[start:end].tolist()) for text, start, end in ranges}
    places: dict[NameHashes, list[Place]] = defaultdict(list)
    for one in parts:
        rates = one.part.text.known.by_range()
        for name, start in occurrences(names, one.part.text.orths.tolist()):
            end = start + len(name)
            labels = one.posterior.name(one.column, start, end)
            places[name].append(Place(one.part.start + start, labels, rates.get((start, end)), one.roles[start:end]))
    return places


def candidate_of(name: NameHashes, places: Sequence[Place]) -> Candidate:
    """A string with what speaks for it: the logit of the network's greatest probability, its tokens, the lexicon's rate."""
    surest = np.max([place.labels for place in places], axis=0)
    label = int(surest.argmax())
    probability = min(max(float(surest[label]), _TINY), 1 - _TINY)
    rates = places[0].rates  # a string's are the same everywhere
    rate, is_known = (0.0, 0.0) if rates is None else (float(rates[label]), 1.0)
    logit = math.log(probability / (1 - probability))
    return Candidate(len(name), label, (logit, min(len(name), _MANY), rate, is_known), places)


def whole_text(doc: Doc, known: Known) -> Text:
    """What the network takes of a document, and what the lexicon says of its strings."""
    orths, starts = np.ascontiguousarray(doc.to_array(["ORTH", "IDX"]).T)
    _, inverse, counts = np.unique(orths, return_inverse=True, return_counts=True)
    return Text(orths, np.minimum(counts[inverse], REPEATS), starts.astype(np.int64) < title_end(doc), known)


def _parts(number: int, doc: Doc, lexicon: Lexicon) -> Iterator[Part]:
    """The tokens of a document, cut behind a full stop where there are too many."""
    text = whole_text(doc, lexicon.known(doc))
    start = 0
    while start < len(doc):
        end = _cut(doc, start)
        yield Part(number, start, text.part(start, end))
        start = end


def _cut(doc: Doc, start: int) -> int:
    end = start + _LONGEST
    if end >= len(doc):
        return len(doc)
    stops = [i for i in range(start + _LONGEST // 2, end) if doc[i].text == "."]
    return stops[-1] + 1 if stops else end
