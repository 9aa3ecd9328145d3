"""The recognizer's network as it is trained, in torch: words to vectors, a layer that knows the language, one that knows names.

BiLSTM-CRF (Huang et al. 2015, Lample et al. 2016) over words by their letters (Ma and Hovy 2016), their floret vectors
and their frequency; the first layer is pretrained (`pretrain.py`).
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, embedding

from kg.nlp.crf import NEVER, TAGS, allowed
from kg.nlp.network import REPEATS
from kg.nlp.words import ALPHABET, ROWS, SPREADS
from kg.schema import Role

WIDTH = 256  # of a word's vector, and of the first layer in each direction
TOP_WIDTH = 192  # of the second layer in each direction
_FREQUENT, _VECTOR, _SPREAD, _LETTER, _NARROW, _WIDE = 96, 96, 8, 24, 64, 32
_FLAG = 8
_BETWEEN = 128
# The shares of columns, and of the words' own vectors, that are left out while learning.
_DROPOUT, _WORD_DROPOUT = 0.3, 0.08
# The share of texts of which the lexicon says nothing while learning.
_UNKNOWN = 0.1


class Batch(NamedTuple):
    """Texts of padded length: the features of the distinct words, and for each token its word, (texts, longest).

    `lengths` (texts,); `repeats` counts from 0; `lexicon` (texts, longest, tags) has `Known.features`; `tags` are the gold
    ones; `names` gives the tokens of names with a gold role the number of their name, others -1, and `roles` (names,) the
    numbers of the roles.
    """

    frequent: Tensor
    spread: Tensor
    characters: Tensor
    vectors: Tensor
    words: Tensor
    lengths: Tensor
    repeats: Tensor
    in_title: Tensor
    lexicon: Tensor
    tags: Tensor
    names: Tensor
    roles: Tensor

    @property
    def inside(self) -> Tensor:
        """Which tokens are not padding, (texts, longest)."""
        return torch.arange(self.words.shape[1])[None] < self.lengths[:, None]


class WordEncoder(nn.Module):
    """A word alone to a vector, (words, WIDTH)."""

    def __init__(self) -> None:
        super().__init__()
        self.frequent = nn.Embedding(ROWS, _FREQUENT)
        self.spread = nn.Embedding(SPREADS, _SPREAD)
        self.letters = nn.Embedding(ALPHABET, _LETTER, padding_idx=0)
        self.narrow = nn.Conv1d(_LETTER, _NARROW, 3, padding=1)
        self.wide = nn.Conv1d(_LETTER, _WIDE, 5, padding=2)
        self.mix = nn.Linear(_FREQUENT + _VECTOR + _SPREAD + _NARROW + _WIDE, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        nn.init.normal_(self.frequent.weight, std=0.1)

    def forward(self, frequent: Tensor, spread: Tensor, characters: Tensor, vectors: Tensor) -> Tensor:
        letters = self.letters(characters).transpose(1, 2)
        spelled = torch.cat([self.narrow(letters), self.wide(letters)], 1)
        spelled = spelled.masked_fill((characters == 0)[:, None], NEVER).amax(2).relu()
        return self.norm(self.mix(torch.cat([self.frequent(frequent), vectors, self.spread(spread), spelled], 1)))


class TwoWays(nn.Module):
    """An LSTM from left to right and one from right to left; neither sees what the other saw."""

    def __init__(self, inputs: int, width: int):
        super().__init__()
        self.forwards = nn.LSTM(inputs, width, batch_first=True)
        self.backwards = nn.LSTM(inputs, width, batch_first=True)
        for lstm in (self.forwards, self.backwards):
            with torch.no_grad():  # remember at first (Jozefowicz et al. 2015)
                lstm.bias_ih_l0[width : 2 * width] = 1.0
                lstm.bias_hh_l0.zero_()

    def forward(self, inputs: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        steps = torch.arange(inputs.shape[1])[None]
        reverse = torch.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps)
        backwards = self.backwards(_reordered(inputs, reverse))[0]
        return self.forwards(inputs)[0], _reordered(backwards, reverse)


def _reordered(values: Tensor, order: Tensor) -> Tensor:
    return values.gather(1, order[:, :, None].expand(-1, -1, values.shape[2]))


class Reader(nn.Module):
    """What is pretrained: words, and the first layer."""

    def __init__(self) -> None:
        super().__init__()
        self.word = WordEncoder()
        self.first = TwoWays(WIDTH, WIDTH)


class ConditionalRandomField(nn.Module):
    """The loss of `kg.nlp.crf`: the negative log-likelihood of the gold tags."""

    def __init__(self) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(TAGS, TAGS))
        self.starts = nn.Parameter(torch.zeros(TAGS))
        self.ends = nn.Parameter(torch.zeros(TAGS))
        for name, possible in zip(("follows", "opens", "closes"), allowed(), strict=True):
            self.register_buffer(name, torch.where(torch.from_numpy(possible), 0.0, NEVER), persistent=False)

    def forward(self, emissions: Tensor, tags: Tensor, inside: Tensor) -> Tensor:
        """The loss of each text, (texts,), for emissions (texts, longest, tags)."""
        transitions, starts, ends = self.transitions + self.follows, self.starts + self.opens, self.ends + self.closes
        shown = emissions.gather(2, tags[:, :, None])[:, :, 0]
        moved = transitions[tags[:, :-1], tags[:, 1:]]
        last = tags.gather(1, inside.sum(1)[:, None] - 1)[:, 0]
        gold = starts[tags[:, 0]] + (shown * inside).sum(1) + (moved * inside[:, 1:]).sum(1) + ends[last]
        reached = starts + emissions[:, 0]
        for i in range(1, emissions.shape[1]):
            highest = reached.max(1, keepdim=True)[0].detach()
            following = torch.log((reached - highest).exp() @ transitions.exp() + 1e-30) + highest + emissions[:, i]
            reached = torch.where(inside[:, i, None], following, reached)
        return torch.logsumexp(reached + ends, 1) - gold


class Tagger(Reader):
    """Scores of tags and roles for each token; dropout is of whole columns of a text (Gal and Ghahramani 2016)."""

    def __init__(self) -> None:
        super().__init__()
        self.repeat = nn.Embedding(REPEATS, _FLAG)
        self.title = nn.Embedding(2, _FLAG)
        self.second = TwoWays(3 * WIDTH + 2 * _FLAG + TAGS, TOP_WIDTH)
        self.emit = _two_layers(2 * TOP_WIDTH, TAGS)
        self.role = _two_layers(2 * TOP_WIDTH, len(Role))
        self.crf = ConditionalRandomField()

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The scores of the tags, (texts, longest, tags), and of the roles, (texts, longest, roles)."""
        frequent, lexicon = batch.frequent, batch.lexicon
        if self.training:
            frequent = frequent * (torch.rand(frequent.shape) > _WORD_DROPOUT)
            lexicon = lexicon * (torch.rand(len(lexicon), 1, 1) > _UNKNOWN)
        words = self.word(frequent, batch.spread, batch.characters, batch.vectors)
        inputs = self._drop(embedding(batch.words, words), _DROPOUT / 2)
        flags = [self.repeat(batch.repeats), self.title(batch.in_title)]
        seen = self._drop(torch.cat([*self.first(inputs, batch.lengths), inputs, *flags], 2), _DROPOUT)
        named = self._drop(torch.cat(self.second(torch.cat([seen, lexicon], 2), batch.lengths), 2), _DROPOUT)
        return self.emit(named).float(), self.role(named).float()

    def _drop(self, values: Tensor, share: float) -> Tensor:
        if not self.training:
            return values
        return values * (torch.rand(values.shape[0], 1, values.shape[2]) > share).to(values.dtype) / (1 - share)

    def loss(self, tags: Tensor, roles: Tensor, batch: Batch) -> Tensor:
        """The loss a token, of what `forward` gave; a name's role is told by the mean over the tokens of all its places."""
        loss = self.crf(tags, batch.tags, batch.inside).sum()
        if len(batch.roles):
            named = batch.names >= 0
            numbers = batch.names[named]
            places = torch.bincount(numbers, minlength=len(batch.roles))[:, None]
            scores = torch.zeros(len(batch.roles), roles.shape[2]).index_add(0, numbers, roles[named]) / places
            loss = loss + cross_entropy(scores, batch.roles, reduction="sum")
        return loss / batch.lengths.sum()


def _two_layers(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, _BETWEEN), nn.ReLU(), nn.Dropout(0.2), nn.Linear(_BETWEEN, outputs))
