"""Names to entities: which spellings name the same method, dataset, task or metric, and why.

What the texts themselves show decides: names are one entity if they differ in case, plural, hyphens, spaces
or a leading "the" only, or if papers define one as the abbreviation of the other. A curated list says what texts
can't, and a user's corrections come before all. Nothing depends on the order of the papers.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.graph.corrections import Corrections
from kg.graph.known import Folded, Known, KnownEntity
from kg.graph.names import bases, fold, members
from kg.papers import short_hash, slug
from kg.schema import Extraction, Kind, Label

# Kinds of which some are versions or sizes of others.
_VARYING = (Label.METHOD, Label.DATASET)

# A spelling, and the steps by which it came to stand for its entity.
_Spelling = tuple[str, tuple[str, ...]]
_SPELLING = "spelling"
# How many papers must give an abbreviation its meaning before versions of it are versions of that.
_SURE = 3


@dataclass(frozen=True, slots=True)
class AbbreviationRules:
    """When an abbreviation that a paper leaves undefined stands for what others define it as.

    At least `papers` papers must define it, at least the share `defining` of all that name it, and at least the `share`
    of those that define it must give it that meaning. Spellings with less than two capitals are no abbreviations.
    """

    share: float = 0.75
    papers: int = 1
    defining: float = 0.05


USUAL_RULES = AbbreviationRules()


@dataclass(frozen=True, slots=True)
class Entity:
    """What names stand for.

    `key` is the node's; `label` the name that is known or else its most frequent full spelling; `aliases` the other
    spellings with the number of their mentions, and `reasons` why each of these stands for this entity; `variant_of` is
    the key of what it is a version or a size of.
    """

    key: str
    kind: Kind
    label: str
    aliases: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: KnownEntity | None = None
    variant_of: str | None = None


class _Usual(NamedTuple):
    """What an abbreviation stands for in `agreeing` of the `defining` papers that define it."""

    meaning: Folded
    agreeing: int
    defining: int

    @property
    def reason(self) -> str:
        return f"abbreviation, stands for it in {self.agreeing} of {self.defining} papers that define it"


class Resolver:
    """Finds the entities that the names in a set of papers stand for.

    An abbreviation that a paper defines stands for its long form there. One that a paper leaves undefined
    stands for the long form it has in most papers that define it; where these disagree it stays by itself.
    """

    def __init__(
        self,
        extractions: Sequence[Extraction],
        known: Known | None = None,
        corrections: Corrections | None = None,
        rules: AbbreviationRules = USUAL_RULES,
    ):
        self._known = known or Known()
        self._corrections = corrections or Corrections()
        self._defined: dict[tuple[str, Folded], Folded] = {}
        meanings: dict[Folded, Counter[Folded]] = defaultdict(Counter)
        for extraction in extractions:
            for short, long in _definitions(extraction):
                self._defined[extraction.paper.id, short] = long
                meanings[short][long] += 1
        self._usual = _usual_meanings(meanings, _namings(extractions, meanings), rules)
        self._entities = self._make_entities(self._spellings(extractions))

    def resolve(self, paper: str, label: Label, name: str) -> list[Entity]:
        """The entities that a mention in a paper stands for: two for `CIFAR-10/100`."""
        return [self._entities[self._meaning(paper, label, member)[0]] for member in members(name)]

    def find(self, label: Label, name: str) -> list[str]:
        """The keys of the entities that a name stands for where no paper says otherwise."""
        meanings = (self._meaning(None, label, member)[0] for member in members(name))
        return [self._entities[meaning].key for meaning in meanings if meaning in self._entities]

    def entities(self) -> list[Entity]:
        """All entities, by key."""
        return sorted(self._entities.values(), key=lambda entity: entity.key)

    def _meaning(self, paper: str | None, label: Label, name: str, agreeing: int = 1) -> tuple[Folded, tuple[str, ...]]:
        """What a name stands for in a paper, or in papers that don't define it, and by which steps.

        Usual meanings of abbreviations count where so many papers agree.
        """
        if split := self._corrections.splits.get((label, name)):
            return (label, f"={name}"), (split.reason,)
        folded: Folded = (label, fold(name))
        steps: list[str] = []
        if paper and (long := self._defined.get((paper, folded))):
            folded = long
            steps.append("abbreviation that the paper defines")
        # A long form may hold or be an abbreviation itself. This ends: names are not merged in circles, from a known name
        # only a correction leads on, and each usual meaning is longer.
        is_abbreviation = _has_capitals(name)
        while step := self._step(folded, agreeing if is_abbreviation or steps else None):
            folded = step[0]
            steps.append(step[1])
        return folded, tuple(steps)

    def _step(self, folded: Folded, agreeing: int | None) -> tuple[Folded, str] | None:
        """One step from a name to what it stands for, by usual meanings only where enough papers agree."""
        if merge := self._corrections.merges.get(folded):
            return merge.target, merge.reason
        if known := self._known.get(folded):
            canonical = (folded[0], fold(known.name))
            return None if canonical == folded else (canonical, f"listed in {known.source}")
        usual = self._usual.get(folded)
        return (usual.meaning, usual.reason) if usual and agreeing and usual.agreeing >= agreeing else None

    def _spellings(self, extractions: Sequence[Extraction]) -> dict[Folded, Counter[_Spelling]]:
        spellings: dict[Folded, Counter[_Spelling]] = defaultdict(Counter)
        moved: Counter[str] = Counter()
        for extraction in extractions:
            for mention in extraction.mentions:
                for name in members(mention.text):
                    folded, steps = self._meaning(extraction.paper.id, mention.label, name)
                    spellings[folded][name, steps] += 1
                    moved.update(steps)
        for entry in (*self._corrections.merges.values(), *self._corrections.splits.values()):
            self._corrections.applied[entry] += moved[entry.reason]
        return spellings

    def _make_entities(self, spellings: Mapping[Folded, Counter[_Spelling]]) -> dict[Folded, Entity]:
        labels = {folded: self._label(folded, names) for folded, names in spellings.items()}
        taken = Counter((folded[0], slug(label)) for folded, label in labels.items())
        keys = {}
        for folded, label in labels.items():
            name = slug(label)
            if not name or taken[folded[0], name] > 1:
                name = "-".join(filter(None, [name, short_hash(label)]))
            keys[folded] = f"{Kind(folded[0].lower())}:{name}"
        return {folded: self._entity(folded, labels[folded], spellings[folded], keys) for folded in labels}

    def _entity(self, folded: Folded, label: str, found: Counter[_Spelling], keys: Mapping[Folded, str]) -> Entity:
        counts: Counter[str] = Counter()
        reasons: dict[str, set[str]] = defaultdict(set)
        for (name, steps), count in found.items():
            counts[name] += count
            reasons[name].add("; ".join(steps) or _SPELLING)
        others = sorted(name for name in counts if name != label)
        return Entity(
            keys[folded],
            Kind(folded[0].lower()),
            label,
            {name: counts[name] for name in others},
            {name: tuple(sorted(reasons[name])) for name in others},
            self._known.get(folded),
            self._base(folded, label, keys),
        )

    def _label(self, folded: Folded, spellings: Counter[_Spelling]) -> str:
        """The name that a user or the list gives; else the most frequent spelling of the full name, the first of several."""
        if rename := self._corrections.renames.get(folded):
            self._corrections.applied[rename] += 1
            return rename.to
        if known := self._known.get(folded):
            return known.name
        names: Counter[str] = Counter()
        for (name, _), count in spellings.items():
            names[name] += count
        full = [name for name in names if fold(name) == folded[1]] or list(names)
        return min(full, key=lambda name: (-names[name], name))

    def _base(self, folded: Folded, label: str, keys: Mapping[Folded, str]) -> str | None:
        """The key of the nearest entity that this one is named as a version or a size of."""
        if folded[0] not in _VARYING:
            return None
        meanings = (self._meaning(None, folded[0], base, _SURE)[0] for base in bases(label))
        return next((keys[meaning] for meaning in meanings if meaning in keys and meaning != folded), None)


def _definitions(extraction: Extraction) -> Iterator[tuple[Folded, Folded]]:
    named = {(mention.label, mention.text) for mention in extraction.mentions}
    for pair in extraction.abbreviations:
        for label in Label:
            short, long = fold(pair.short), fold(pair.long)
            if (label, pair.short) in named and (label, pair.long) in named and len(short) < len(long):
                yield (label, short), (label, long)


def _namings(extractions: Sequence[Extraction], short_forms: Container[Folded]) -> Counter[Folded]:
    """In how many papers each short form stands."""
    counts: Counter[Folded] = Counter()
    for extraction in extractions:
        names = {(mention.label, fold(mention.text)) for mention in extraction.mentions if _has_capitals(mention.text)}
        counts.update(name for name in names if name in short_forms)
    return counts


def _usual_meanings(
    meanings: Mapping[Folded, Counter[Folded]], namings: Mapping[Folded, int], rules: AbbreviationRules
) -> dict[Folded, _Usual]:
    usual = {}
    for short, found in meanings.items():
        meaning, count = max(found.items(), key=lambda item: (item[1], item[0]))
        total = found.total()
        if total >= max(rules.papers, rules.defining * namings[short]) and count >= rules.share * total:
            usual[short] = _Usual(meaning, count, total)
    return usual


def _has_capitals(name: str) -> bool:
    return sum(map(str.isupper, name)) > 1
