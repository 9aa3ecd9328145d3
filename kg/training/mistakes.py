"""What extraction gets wrong, gathered over papers: the worst first, with the words around them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kg.schema import Mention
from kg.training.score import overlap, place

_CONTEXT_CHARS = 45


class MistakeKind(StrEnum):
    """How a mention can be wrong."""

    MISSED = "missed"
    INVENTED = "invented"
    BORDER = "wrong border"
    LABEL = "wrong label"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong or missed mention: what the gold data has there, what was found, and the text around it."""

    kind: MistakeKind
    gold: Mention | None
    found: Mention | None
    paper_id: str
    context: str


@dataclass(frozen=True, slots=True)
class MistakeGroup:
    """The same mistake wherever it was made."""

    mistakes: tuple[Mistake, ...]

    @property
    def first(self) -> Mistake:
        return self.mistakes[0]


def find_mistakes(paper_id: str, text: str, gold: Iterable[Mention], found: Iterable[Mention]) -> Iterator[Mistake]:
    """Yields what is wrong in one paper; a gold mention and a found one that overlap are one mistake, of border or label."""
    gold_at = {place(mention): mention for mention in gold}
    found_at = {place(mention): mention for mention in found}
    missed = [mention for at, mention in gold_at.items() if at not in found_at]
    for mention in [mention for at, mention in found_at.items() if at not in gold_at]:
        partner = next((m for m in missed if overlap(m, mention)), None)
        if partner is None:
            kind = MistakeKind.INVENTED
        else:
            missed.remove(partner)
            same_place = (partner.start, partner.end) == (mention.start, mention.end)
            kind = MistakeKind.LABEL if same_place else MistakeKind.BORDER
        yield Mistake(kind, partner, mention, paper_id, _context(text, partner or mention))
    for mention in missed:
        yield Mistake(MistakeKind.MISSED, mention, None, paper_id, _context(text, mention))


def worst(mistakes: Iterable[Mistake], count: int) -> list[MistakeGroup]:
    """The most frequent mistakes; among equals, those that the model was surest of."""
    groups: dict[tuple[object, ...], list[Mistake]] = defaultdict(list)
    for mistake in mistakes:
        groups[mistake.kind, _name(mistake.gold), _name(mistake.found)].append(mistake)

    def rank(group: list[Mistake]) -> tuple[float, float]:
        return -len(group), -max(m.found.score or 0.0 if m.found else 0.0 for m in group)

    return [MistakeGroup(tuple(group)) for group in sorted(groups.values(), key=rank)[:count]]


def _name(mention: Mention | None) -> tuple[str, str] | None:
    return (mention.text.casefold(), str(mention.label)) if mention else None


def _context(text: str, mention: Mention) -> str:
    before = text[max(mention.start - _CONTEXT_CHARS, 0) : mention.start]
    after = text[mention.end : mention.end + _CONTEXT_CHARS]
    return " ".join(f"{before}[{text[mention.start : mention.end]}]{after}".split())
