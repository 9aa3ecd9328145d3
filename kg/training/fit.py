"""Learning names from annotated texts."""

import copy
from collections.abc import Callable, Sequence

import torch

from kg.training.batches import Collection
from kg.training.loop import descend, passes
from kg.training.network import Reader, Tagger

_TOKENS = 4096
_WARMUP = 0.06  # the share of the work in which the rate rises
_FIRST = 1e-6  # the first step learns too, if next to nothing
_AVERAGED = 0.998  # what the average of the weights keeps each step


def fit(
    collection: Collection,
    numbers: Sequence[int],
    *,
    start: Reader | None = None,
    epochs: int,
    rate: float = 1.5e-3,
    start_rate: float = 0.5,
    seed: int = 0,
    progress: Callable[[float], None],
) -> Tagger:
    """Trains a tagger on some texts of a collection, and returns it with its weights averaged over the steps.

    Args:
        collection: Annotated texts.
        numbers: Those to learn from.
        start: A reader or a tagger to begin with.
        epochs: How often every text is read.
        rate: The learning rate after warming up; it falls to 0 linearly.
        start_rate: The share of it that the weights taken from `start` learn with.
        seed: Of all that is random; the same seed gives the same weights on the same machine.
        progress: Is told the share of the work that is done.
    """
    torch.manual_seed(seed)
    tagger = Tagger()
    known = start.state_dict() if start else {}
    tagger.load_state_dict(known, strict=False)
    groups = [
        {"params": [p for name, p in tagger.named_parameters() if (name in known) == is_known], "share": share}
        for is_known, share in ((False, 1.0), (True, start_rate))
    ]
    optimizer = torch.optim.AdamW([group for group in groups if group["params"]], betas=(0.9, 0.98), weight_decay=0.01)
    averaged = copy.deepcopy(tagger).eval()
    batches = passes(collection, numbers, epochs=epochs, tokens=_TOKENS, seed=seed, progress=progress)
    for step, (batch, done) in enumerate(batches, start=1):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, max(done, _FIRST) / _WARMUP) * (1 - done) * group["share"]
        with torch.autocast("cpu", torch.bfloat16):
            tags, roles = tagger(batch)
        descend(tagger, optimizer, tagger.loss(tags, roles, batch))
        with torch.no_grad():
            kept = min(_AVERAGED, (1 + step) / (10 + step))
            torch._foreach_lerp_(list(averaged.parameters()), list(tagger.parameters()), 1 - kept)
    return averaged
