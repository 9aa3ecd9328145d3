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
from kg.nlp.mentions import NameHashes, occurrences, outside_addresses
from kg.nlp.network import REPEATS, TEXTS, Network, Text
from kg.nlp.texts import title_end
from kg.nlp.weights import Weights

Span.set_extension("score", default=None, force=True)
Span.set_extension("role_scores", default=None, force=True)

# Longer texts are read in parts, about as long as the texts that the network was trained on.
_LONGEST = 400
_TINY = 1e-6
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
    """A place where a name stands: its first token, the probability of each label, and the scores of roles."""

    start: int
    labels: NDArray[np.float64]
    roles: Floats


@Language.factory("kg_recognizer", assigns=["doc.ents", "span._.score", "span._.role_scores"], requires=["doc._.urls"])
def create_recognizer(nlp: Language, name: str) -> "Recognizer":
    """The factory that spaCy's config names."""
    return Recognizer(nlp.vocab)


class Recognizer(Weights):
    """Sets `doc.ents`, `span._.score`, the probability that the name is right, and `span._.role_scores`, what `kg_roles` needs.

    A name that the network finds once is looked for everywhere in its paper; where it is surest decides for all of its
    places, since the guidelines make every occurrence of a name a mention. Nothing inside a web address is one.
    """

    def __init__(self, vocab: Vocab):
        self.vocab = vocab
        self.network: Network
        self.crf: Crf
        # Names with a lower score are left out.
        self.min_score = 0.0
        # Slope and intercept that make the logit of the network's probability that of being right.
        self.calibration = 1.0, 0.0

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        for batch in minibatch(docs, batch_size):
            parts = [part for number, doc in enumerate(batch) for part in _parts(number, doc)]
            seen: dict[int, list[Seen]] = defaultdict(list)
            # By length, so that little is computed beyond a text's end.
            for some in minibatch(sorted(parts, key=lambda part: len(part.text.orths)), TEXTS):
                for one in self._read(some):
                    seen[one.part.doc].append(one)
            for number, doc in enumerate(batch):
                doc.ents = self._names(doc, seen[number])
                yield doc

    def _read(self, parts: list[Part]) -> Iterator[Seen]:
        emissions, roles = self.network.scores([part.text for part in parts])
        lengths = np.array([len(part.text.orths) for part in parts])
        posterior = self.crf.posterior(emissions, lengths)
        for column, (part, tags) in enumerate(zip(parts, self.crf.best(emissions, lengths), strict=True)):
            yield Seen(part, decode(tags), posterior, column, roles[:, column])

    def _names(self, doc: Doc, seen: list[Seen]) -> list[Span]:
        """The spans of the names that are sure enough somewhere, wherever they stand, the longest first."""
        spans = []
        for name, found in places_of_names(seen).items():
            surest = np.max([place.labels for place in found], axis=0)
            score = self._score(float(surest.max()))
            if score < self.min_score:
                continue
            roles = tuple(np.mean([place.roles for place in found], axis=0).round(3).tolist())
            for place in found:
                span = Span(doc, place.start, place.start + len(name), label=LABELS[surest.argmax()])
                span._.score, span._.role_scores = score, roles
                spans.append(span)
        return filter_spans(outside_addresses(doc, spans))

    def _score(self, probability: float) -> float:
        """The probability of being right, to three digits (Platt 1999: a logistic function of the model's own)."""
        slope, intercept = self.calibration
        logit = math.log(max(probability, _TINY) / max(1 - probability, _TINY))
        return round(1 / (1 + math.exp(-slope * logit - intercept)), 3)

    def to_bytes(self, *, exclude: Any = ()) -> bytes:
        stored: bytes = srsly.msgpack_dumps(
            {
                "network": self.network.to_bytes(),
                "crf": asdict(self.crf),
                "min_score": self.min_score,
                "calibration": self.calibration,
            }
        )
        return stored

    def from_bytes(self, data: bytes, *, exclude: Any = ()) -> "Recognizer":
        stored = srsly.msgpack_loads(data)
        self.network = Network.from_bytes(self.vocab, stored["network"])
        self.crf = Crf(**stored["crf"])
        self.min_score, self.calibration = stored["min_score"], tuple(stored["calibration"])
        return self


def places_of_names(parts: Sequence[Seen]) -> dict[NameHashes, list[Place]]:
    """Every place in a paper of each name that the network finds somewhere in it; names as the hashes of their tokens."""
    names = {tuple(one.part.text.orths[start:end].tolist()) for one in parts for start, end, _ in one.names}
    places: dict[NameHashes, list[Place]] = defaultdict(list)
    for one in parts:
        for name, start in occurrences(names, one.part.text.orths.tolist()):
            end = start + len(name)
            labels = one.posterior.name(one.column, start, end)
            places[name].append(Place(one.part.start + start, labels, one.roles[start:end].mean(axis=0)))
    return places


def whole_text(doc: Doc) -> Text:
    """What the network takes of a document."""
    orths, starts = np.ascontiguousarray(doc.to_array(["ORTH", "IDX"]).T)
    _, inverse, counts = np.unique(orths, return_inverse=True, return_counts=True)
    return Text(orths, np.minimum(counts[inverse], REPEATS), starts.astype(np.int64) < title_end(doc))


def _parts(number: int, doc: Doc) -> Iterator[Part]:
    """The tokens of a document, cut behind a full stop where there are too many."""
    text = whole_text(doc)
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
