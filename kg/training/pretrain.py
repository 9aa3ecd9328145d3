"""Learning the language of papers: the first layer guesses each word of a text from what stands before and behind it.

Cloze-driven pretraining (Baevski et al. 2019) of two LSTMs that don't see each other (Peters et al. 2018), with a
sampled softmax (Jean et al. 2015) over the frequent words.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import embedding

from kg.nlp.crf import NEVER
from kg.nlp.words import ROWS
from kg.training.batches import Collection
from kg.training.loop import descend, passes
from kg.training.network import WIDTH, Batch, Reader

_TOKENS = 8192
_RATE, _WARMUP = 2e-3, 0.09  # the share of the work in which the rate rises
_FIRST = 1e-6  # the first step learns too, if next to nothing
_SAMPLES = 3072
# Words more frequent than this share of the text are guessed less often (Mikolov et al. 2013).
_FREQUENT = 1.2e-4
_WORD_DROPOUT = 0.05


class _Cloze(nn.Module):
    """A reader, and what guesses a word from its two states."""

    def __init__(self, reader: Reader, counts: Tensor):
        super().__init__()
        self.reader = reader
        size = reader.word.frequent.embedding_dim
        self.guess = nn.Sequential(nn.Linear(2 * WIDTH, WIDTH), nn.GELU(), nn.LayerNorm(WIDTH), nn.Linear(WIDTH, size))
        self.bias = nn.Parameter(torch.zeros(ROWS))
        share = counts / counts.sum()
        self.kept = (_FREQUENT / share.clamp(min=1e-12)).sqrt().clamp(max=1)
        self.kept[0] = 0  # the row of all other words is not guessed
        self.drawn = share * self.kept / (share * self.kept).sum()

    def loss(self, batch: Batch) -> Tensor:
        words = self.reader.word(batch.frequent, batch.spread, batch.characters, batch.vectors)
        inputs = embedding(batch.words, words)
        inputs = inputs * (torch.rand(*inputs.shape[:2], 1) > _WORD_DROPOUT)
        forwards, backwards = self.reader.first(inputs, batch.lengths)
        targets = batch.frequent[batch.words]
        chosen = (torch.rand(targets.shape) < self.kept[targets]) & batch.inside
        chosen[:, 0] = False
        chosen[torch.arange(len(targets)), batch.lengths - 1] = False
        text, token = chosen.nonzero(as_tuple=True)
        guesses = self.guess(torch.cat([forwards[text, token - 1], backwards[text, token + 1]], 1))
        return self._sampled_loss(guesses, targets[text, token])

    def _sampled_loss(self, guesses: Tensor, targets: Tensor) -> Tensor:
        table = self.reader.word.frequent.weight
        sampled = torch.multinomial(self.drawn, _SAMPLES, replacement=True)
        offset = self.bias - self.drawn.clamp(min=1e-12).log() - math.log(_SAMPLES)
        right = (guesses.float() * embedding(targets, table)).sum(1) + offset[targets]
        others = (guesses @ embedding(sampled, table).T).float() + offset[sampled]
        others = others.masked_fill(targets[:, None] == sampled, NEVER)
        return (torch.logsumexp(torch.cat([right[:, None], others], 1), 1) - right).mean()


def pretrain(
    collection: Collection,
    *,
    epochs: int = 1,
    seed: int = 0,
    progress: Callable[[float], None],
    on_loss: Callable[[float], None] = lambda loss: None,
) -> Reader:
    """Trains a reader on texts; `progress` is told the share of the work that is done, `on_loss` the loss of each step."""
    torch.manual_seed(seed)
    reader = Reader()
    rows = torch.from_numpy(collection.features.frequent)
    vectors = torch.from_numpy(collection.features.vectors)
    counts = torch.bincount(rows[torch.from_numpy(np.concatenate(collection.words)).long()], minlength=ROWS).float()
    with torch.no_grad():  # begin with the mean vector of the words of a row
        size = torch.bincount(rows, minlength=ROWS).clamp(min=1)[:, None]
        reader.word.frequent.weight.copy_(torch.zeros(ROWS, vectors.shape[1]).index_add_(0, rows, vectors) / size / 2)
    model = _Cloze(reader, counts)
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
    readable = [number for number, words in enumerate(collection.words) if len(words) > 2]
    for batch, done in passes(collection, readable, epochs=epochs, tokens=_TOKENS, seed=seed, progress=progress):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1, max(done, _FIRST) / _WARMUP) * (1 - done) ** 0.8
        with torch.autocast("cpu", torch.bfloat16):
            loss = model.loss(batch)
        descend(model, optimizer, loss)
        on_loss(loss.item())
    return reader
