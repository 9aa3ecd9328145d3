"""Texts as the network takes them in training: many at once, of about one length."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.nlp.crf import LABELS, Name, encode
from kg.nlp.lexicon import NOTHING_KNOWN, Lexicon
from kg.nlp.network import Text
from kg.nlp.recognizer import whole_text
from kg.nlp.roles import CLASSES
from kg.nlp.words import WordFeatures, Words
from kg.schema import Label, Role
from kg.training.lexicon import known_elsewhere
from kg.training.network import Batch

# Texts of one batch differ in length by about as much.
_JITTER = 20
_FEATURES_AT_ONCE = 5_000


@dataclass(frozen=True)
class Collection:
    """Texts with the features of their distinct words.

    Arrays for each text: `words` has each token's row of the features, `tags` its tag, `names` the number of the name it
    belongs to, or -1, and `roles` the numbers of the names' roles.
    """

    features: WordFeatures
    texts: Sequence[Text]
    words: Sequence[NDArray[np.int32]]
    tags: Sequence[NDArray[np.int64]]
    names: Sequence[NDArray[np.int64]]
    roles: Sequence[NDArray[np.int64]]

    @classmethod
    def of(
        cls, docs: Iterable[Doc], words: Words, vocab: Vocab, *, longest: int, lexicon: Lexicon | None = None
    ) -> "Collection":
        """The beginnings of documents, at most `longest` tokens; their `ents` become tags and roles.

        Of each it is known what the other documents of the lexicon say, without a lexicon nothing.
        """
        texts, tags, names, roles = [], [], [], []
        for doc in docs:
            text = whole_text(doc, known_elsewhere(lexicon, doc) if lexicon else NOTHING_KNOWN)
            texts.append(text.part(0, longest))
            ranges = [Name(ent.start, ent.end, LABELS.index(Label(ent.label_))) for ent in doc.ents]
            tags.append(encode(ranges, len(doc))[:longest])
            in_name, role = _roles(doc, longest)
            names.append(in_name)
            roles.append(role)
        orths, rows = np.unique(np.concatenate([text.orths for text in texts]), return_inverse=True)
        parts = [
            words.features(vocab, orths[start : start + _FEATURES_AT_ONCE].tolist())
            for start in range(0, len(orths), _FEATURES_AT_ONCE)
        ]
        features = WordFeatures(*(np.concatenate(part) for part in zip(*parts, strict=True)))
        borders = np.cumsum([len(text.orths) for text in texts])[:-1]
        return cls(features, texts, np.split(rows.astype(np.int32), borders), tags, names, roles)

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
        lengths = [len(text.orths) for text in texts]
        # Names are counted through all texts of the batch.
        roles = [self.roles[number] for number in numbers]
        firsts = np.cumsum([0, *map(len, roles[:-1])])
        names = [
            np.where(row < 0, row, row + first) for row, first in zip(map(self.names.__getitem__, numbers), firsts, strict=True)
        ]
        distinct, words = np.unique(_padded([self.words[number] for number in numbers]), return_inverse=True)
        return Batch(
            frequent=torch.from_numpy(self.features.frequent[distinct]),
            spread=torch.from_numpy(self.features.spread[distinct]),
            characters=torch.from_numpy(self.features.characters[distinct]),
            vectors=torch.from_numpy(self.features.vectors[distinct]),
            words=torch.from_numpy(words.reshape(len(texts), -1)),
            lengths=torch.tensor(lengths),
            repeats=torch.from_numpy(_padded([text.repeats - 1 for text in texts])),
            in_title=torch.from_numpy(_padded([text.in_title.astype(np.int64) for text in texts])),
            lexicon=torch.from_numpy(np.stack([text.known.features(max(lengths)) for text in texts])),
            tags=torch.from_numpy(_padded([self.tags[number] for number in numbers])),
            names=torch.from_numpy(_padded(names, -1)),
            roles=torch.from_numpy(np.concatenate(roles)),
        )


def _roles(doc: Doc, longest: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number of the name with a role that each token belongs to, or -1, and the numbers of their roles."""
    in_name = np.full(len(doc), -1)
    numbers: dict[str, int] = {}
    roles: list[int] = []
    for ent in doc[:longest].ents:
        if ent._.role:
            if ent.text not in numbers:
                numbers[ent.text] = len(roles)
                roles.append(CLASSES.index(Role(ent._.role)))
            in_name[ent.start : ent.end] = numbers[ent.text]
    return in_name[:longest], np.array(roles, dtype=np.int64)


def _padded(rows: Sequence[NDArray[np.integer]], padding: int = 0) -> NDArray[np.int64]:
    filled = np.full((len(rows), max(map(len, rows))), padding, dtype=np.int64)
    for number, row in enumerate(rows):
        filled[number, : len(row)] = row
    return filled
