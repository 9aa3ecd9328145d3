"""What the trainings have in common: reading texts again and again, and steps downhill."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from torch import Tensor, nn
from torch.optim import Optimizer

from kg.training.batches import Collection
from kg.training.network import Batch


def passes(
    collection: Collection, numbers: Sequence[int], *, epochs: int, tokens: int, seed: int, progress: Callable[[float], None]
) -> Iterator[tuple[Batch, float]]:
    """Yields batches of some texts, all of them `epochs` times, each with the share of the work that is done before it.

    `progress` is told the share that is done behind each.
    """
    random = np.random.default_rng(seed)
    total = epochs * sum(len(collection.words[number]) for number in numbers)
    read = 0
    for _ in range(epochs):
        for batch in collection.batches(numbers, tokens, random):
            yield batch, read / total
            read += int(batch.lengths.sum())
            progress(read / total)


def descend(model: nn.Module, optimizer: Optimizer, loss: Tensor) -> None:
    """One step against the gradient, whose length is at most 1."""
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
