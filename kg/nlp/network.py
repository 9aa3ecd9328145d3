"""The recognizer's trained network, run by ONNX Runtime: tokens of texts to scores of tags."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import onnxruntime
import srsly
from numpy.typing import NDArray
from spacy.vocab import Vocab

from kg.nlp.crf import TAGS, Floats
from kg.nlp.lexicon import Known
from kg.nlp.words import Words
from kg.schema import Role

# What comes out for a text must not depend on its neighbours: words are always read 256 at a time, and the first text is
# an anchor (`kg.training.export` tells why).
NEW_WORDS = 256
_TEXTS = 11  # at once, besides the anchor: few, so that they stay in the processor's cache
REPEATS = 5
ANCHORS = 16  # columns of a word's vector that only the anchor uses
# Forgets the words of a long run, so that memory stays bounded.
_WORDS_KEPT = 30_000
_PADDING, _ANCHOR, _FIRST_WORD = 0, 1, 2


class Text(NamedTuple):
    """The tokens that are read at once: hashes, how often each stands in its paper (1 to 5), and whether in the title.

    `known` tells which strings of them are names in other papers.
    """

    orths: NDArray[np.uint64]
    repeats: NDArray[np.int64]
    in_title: NDArray[np.bool_]
    known: Known

    def part(self, start: int, end: int) -> "Text":
        """Some of the tokens."""
        return Text(self.orths[start:end], self.repeats[start:end], self.in_title[start:end], self.known.part(start, end))


class Network:
    """Two graphs: words alone to vectors, kept for the next time, and texts of such vectors to scores of tags."""

    def __init__(self, vocab: Vocab, words: Words, words_graph: bytes, texts_graph: bytes):
        self._vocab = vocab
        self._words = words
        self._graphs = words_graph, texts_graph
        self._words_session, self._texts_session = (_session(graph) for graph in self._graphs)
        self._forget()

    def scores(self, texts: Sequence[Text]) -> tuple[Floats, Floats]:
        """The scores of tags and of roles, (longest, texts, tags or roles); beyond a text's end they mean nothing."""
        self._learn(np.unique(np.concatenate([text.orths for text in texts])).tolist())
        longest = max(len(text.orths) for text in texts)
        tags = np.zeros((longest, len(texts), TAGS), dtype=np.float32)
        roles = np.zeros((longest, len(texts), len(Role)), dtype=np.float32)
        for start in range(0, len(texts), _TEXTS):
            some = slice(start, start + _TEXTS)
            read = self._read(texts[some])
            for scores, found in zip((tags, roles), read, strict=True):
                scores[: len(found), some] = found
        return tags, roles

    def _read(self, texts: Sequence[Text]) -> tuple[Floats, Floats]:
        longest = max(len(text.orths) for text in texts)
        rows = np.full((longest, 1 + len(texts)), _PADDING)
        repeats = np.ones_like(rows)
        in_title = np.zeros(rows.shape, dtype=np.float32)
        lexicon = np.zeros((*rows.shape, TAGS), dtype=np.float32)
        lengths = np.full(1 + len(texts), longest, dtype=np.int32)
        rows[:, 0] = _ANCHOR
        for column, text in enumerate(texts, start=1):
            length = lengths[column] = len(text.orths)
            rows[:length, column] = [self._rows[orth] for orth in text.orths.tolist()]
            repeats[:length, column] = text.repeats
            in_title[:length, column] = text.in_title
            lexicon[:length, column] = text.known.features(length)
        words = self._table[rows]
        inputs = {"words": words, "repeats": repeats - 1, "in_title": in_title, "lexicon": lexicon, "lengths": lengths}
        tags, roles = self._texts_session.run(["tags", "roles"], inputs)
        return tags[:, 1:], roles[:, 1:]

    def _forget(self) -> None:
        self._rows: dict[int, int] = {}
        width = self._words_session.get_outputs()[0].shape[1]
        # Doubled when full; the rows behind the last word mean nothing.
        self._table = np.zeros((4 * NEW_WORDS, width), dtype=np.float32)
        self._table[_ANCHOR, -ANCHORS:] = [1, -1] * (ANCHORS // 2)

    def _learn(self, orths: list[int]) -> None:
        """Puts the vectors of words not met before into the table."""
        if len(self._rows) > _WORDS_KEPT:
            self._forget()
        new = [orth for orth in orths if orth not in self._rows]
        for start in range(0, len(new), NEW_WORDS):
            some = new[start : start + NEW_WORDS]
            features = self._words.features(self._vocab, some + some[:1] * (NEW_WORDS - len(some)))
            (vectors,) = self._words_session.run(None, features._asdict())
            first = _FIRST_WORD + len(self._rows)
            if first + NEW_WORDS > len(self._table):
                self._table = np.concatenate([self._table, np.empty_like(self._table)])
            self._table[first : first + NEW_WORDS] = vectors
            self._rows.update(zip(some, range(first, first + len(some)), strict=True))

    def __reduce__(self) -> tuple[Callable[[Vocab, bytes], "Network"], tuple[Vocab, bytes]]:
        """What is pickled for another process: sessions of ONNX Runtime can't be."""
        return Network.from_bytes, (self._vocab, self.to_bytes())

    def to_bytes(self) -> bytes:
        stored: bytes = srsly.msgpack_dumps([self._words.to_bytes(), *self._graphs])
        return stored

    @classmethod
    def from_bytes(cls, vocab: Vocab, data: bytes) -> "Network":
        words, *graphs = srsly.msgpack_loads(data)
        return cls(vocab, Words.from_bytes(words), *graphs)


def _session(graph: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # `--jobs` shares the work between processes.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Texts come in many shapes: a plan of memory kept for each would only grow.
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
