"""Texts as the network takes them in training: many at once, of about one length."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.nlp.crf import LABELS, Name, encode
from kg.nlp.network import Text
from kg.nlp.recognizer import whole_text
from kg.nlp.words import WordFeatures, Words
from kg.training.network import Batch

# Texts of one batch differ in length by about as much.
_JITTER = 20
_FEATURES_AT_ONCE = 5_000


@dataclass(frozen=True)
class Collection:
    """Texts with the features of their distinct words; `words` has for each token the row of its word."""

    features: WordFeatures
    texts: Sequence[Text]
    words: Sequence[NDArray[np.int32]]
    tags: Sequence[NDArray[np.int64]]

    @classmethod
    def of(cls, docs: Iterable[Doc], words: Words, vocab: Vocab, *, longest: int) -> "Collection":
        """The beginnings of documents, at most `longest` tokens; their `ents` become tags."""
        texts, tags = [], []
        for doc in docs:
            text = whole_text(doc)
            texts.append(text.part(0, longest))
            names = [Name(ent.start, ent.end, LABELS.index(ent.label_)) for ent in doc.ents]
            tags.append(encode(names, len(doc))[:longest])
        orths, rows = np.unique(np.concatenate([text.orths for text in texts]), return_inverse=True)
        parts = [
            words.features(vocab, orths[start : start + _FEATURES_AT_ONCE].tolist())
            for start in range(0, len(orths), _FEATURES_AT_ONCE)
        ]
        features = WordFeatures(*(np.concatenate(part) for part in zip(*parts, strict=True)))
        borders = np.cumsum([len(text.orths) for text in texts])[:-1]
        return cls(features, texts, np.split(rows.astype(np.int32), borders), tags)

    def batches(self, numbers: Iterable[int], tokens: int, random: np.random.Generator) -> Iterator[Batch]:
        """Yields some of the texts in random order, at most `tokens` at once, padding counted."""
        order = random.permutation(list(numbers))
        lengths = np.array([len(self.words[number]) for number in order])
        order = order[np.argsort(lengths + random.uniform(0, _JITTER, len(order)), kind="stable")]
        groups: list[list[int]] = [[]]
        longest = 0
        for number in order.tolist():
            longest = max(longest, len(self.words[number]))
            if groups[-1] and (len(groups[-1]) + 1) * longest > tokens:
                groups.append([])
                longest = len(self.words[number])
            groups[-1].append(number)
        for index in random.permutation(len(groups)):
            yield self.batch(groups[index])

    def batch(self, numbers: Sequence[int]) -> Batch:
        """Some texts, padded with their own first word."""
        texts = [self.texts[number] for number in numbers]
        distinct, words = np.unique(_padded([self.words[number] for number in numbers]), return_inverse=True)
        return Batch(
            frequent=torch.from_numpy(self.features.frequent[distinct]),
            spread=torch.from_numpy(self.features.spread[distinct]),
            characters=torch.from_numpy(self.features.characters[distinct]),
            vectors=torch.from_numpy(self.features.vectors[distinct]),
            words=torch.from_numpy(words.reshape(len(texts), -1)),
            lengths=torch.tensor([len(text.orths) for text in texts]),
            repeats=torch.from_numpy(_padded([text.repeats - 1 for text in texts])),
            in_title=torch.from_numpy(_padded([text.in_title.astype(np.int64) for text in texts])),
            tags=torch.from_numpy(_padded([self.tags[number] for number in numbers])),
        )


def _padded(rows: Sequence[NDArray[np.integer]]) -> NDArray[np.int64]:
    filled = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for number, row in enumerate(rows):
        filled[number, : len(row)] = row
    return filled
