"""Labels for papers that nobody annotated: what several taggers agree on (self-training, Yarowsky 1995)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from spacy.util import filter_spans

from kg.nlp.crf import Crf, Name, decode, encode
from kg.nlp.recognizer import Part, Seen, places_of_names
from kg.training.batches import Collection
from kg.training.network import Tagger

# How probable a name must be somewhere in its paper; about what calibration finds for a tagger.
_LEAST = 0.45
_TEXTS = 32


def label(
    collection: Collection, numbers: Sequence[int], taggers: Sequence[Tagger], *, progress: Callable[[float], None]
) -> Collection:
    """Gives some texts of a collection the tags that the mean of taggers finds, without roles; the others are left out."""
    crf = mean_crf(taggers)
    by_length = sorted(numbers, key=lambda number: len(collection.words[number]))
    tags: dict[int, NDArray[np.int64]] = {}
    for start in range(0, len(by_length), _TEXTS):
        some = by_length[start : start + _TEXTS]
        batch = collection.batch(some)
        with torch.no_grad():
            scores = [tagger(batch) for tagger in taggers]
        emissions, roles = (torch.stack(kind).mean(0).transpose(0, 1).numpy() for kind in zip(*scores, strict=True))
        lengths = batch.lengths.numpy()
        posterior = crf.posterior(emissions, lengths)
        for column, (number, best) in enumerate(zip(some, crf.best(emissions, lengths), strict=True)):
            part = Part(column, 0, collection.texts[number])
            tags[number] = _consistent(Seen(part, decode(best), posterior, column, roles[:, column]), lengths[column])
        progress((start + len(some)) / len(by_length))
    return replace(
        collection,
        texts=[collection.texts[number] for number in numbers],
        words=[collection.words[number] for number in numbers],
        tags=[tags[number] for number in numbers],
        names=[np.full(len(tags[number]), -1) for number in numbers],
        roles=[np.zeros(0, dtype=np.int64) for _ in numbers],
    )


def mean_crf(taggers: Sequence[Tagger]) -> Crf:
    """The mean of what taggers learned about tags that follow each other."""
    kinds = [(tagger.crf.transitions, tagger.crf.starts, tagger.crf.ends) for tagger in taggers]
    return Crf.constrained(*(torch.stack(kind).mean(0).detach().numpy() for kind in zip(*kinds, strict=True)))


def _consistent(seen: Seen, length: int) -> NDArray[np.int64]:
    names = []
    for words, places in places_of_names([seen]).items():
        surest = np.max([place.labels for place in places], axis=0)
        if surest.max() >= _LEAST:
            names += [Name(place.start, place.start + len(words), int(surest.argmax())) for place in places]
    chosen: Any = filter_spans(names)  # type: ignore[arg-type]  # takes whatever has a start and an end
    return encode(chosen, length)
