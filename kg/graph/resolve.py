"""Names to entities: which spellings name the same method, dataset, task or metric, and why.

What the texts themselves show decides: names are one entity if they differ in case, plural, hyphens, spaces
or a leading "the" only, or if papers define one as the abbreviation of the other. A curated list says what texts
can't, and a user's corrections come before all. Nothing depends on the order of the papers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from kg.graph.corrections import Corrections
from kg.graph.known import Folded, Known, KnownEntity
from kg.graph.names import bases, commonest, fold, members
from kg.papers import short_hash, slug
from kg.schema import Extraction, Kind, Label

# Kinds of which some are versions or sizes of others.
_VARYING = (Label.METHOD, Label.DATASET)

# A spelling, and the steps by which it came to stand for its entity.
Spelling = tuple[str, tuple[str, ...]]
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


class Usual(NamedTuple):
    """What an abbreviation stands for in `agreeing` of the `defining` papers that define it."""

    meaning: Folded
    agreeing: int
    defining: int

    @property
    def reason(self) -> str:
        return f"abbreviation, stands for it in {self.agreeing} of {self.defining} papers that define it"


class Meanings:
    """What names stand for where the papers have been counted (see `usual_meanings`), by which steps."""

    def __init__(
        self,
        usual: Mapping[Folded, Usual] | None = None,
        known: Known | None = None,
        corrections: Corrections | None = None,
    ):
        self._usual = usual or {}
        self.known = known or Known()
        self.corrections = corrections or Corrections()

    def meaning(
        self, label: Label, name: str, defined: Mapping[Folded, Folded] | None = None, agreeing: int = 1
    ) -> tuple[Folded, tuple[str, ...]]:
        """What a name stands for in a paper that defines these abbreviations, or in papers that don't define it.

        Usual meanings of abbreviations count where so many papers agree.
        """
        if split := self.corrections.splits.get((label, name)):
            return (label, f"={name}"), (split.reason,)
        folded: Folded = (label, fold(name))
        steps: list[str] = []
        if defined and (long := defined.get(folded)):
            folded = long
            steps.append("abbreviation that the paper defines")
        # A long form may hold or be an abbreviation itself.
        is_abbreviation, passed = _has_capitals(name), [folded]
        while step := self._step(folded, agreeing if is_abbreviation or steps else None):
            folded = step[0]
            if folded in passed:
                return self._end_of_circle(passed[passed.index(folded) :]), tuple(steps)
            passed.append(folded)
            steps.append(step[1])
        return folded, tuple(steps)

    def _end_of_circle(self, circle: Sequence[Folded]) -> Folded:
        """What names stand for that lead in a circle, as where a user merges `MS COCO` into `COCO`, which the list does the
        other way round: what is merged into, the same wherever one enters.
        """
        return min(merge.target for name in circle if (merge := self.corrections.merges.get(name)))

    def _step(self, folded: Folded, agreeing: int | None) -> tuple[Folded, str] | None:
        """One step from a name to what it stands for, by usual meanings only where enough papers agree."""
        if merge := self.corrections.merges.get(folded):
            return merge.target, merge.reason
        if known := self.known.get(folded):
            canonical = (folded[0], fold(known.name))
            return None if canonical == folded else (canonical, f"listed in {known.source}")
        usual = self._usual.get(folded)
        return (usual.meaning, usual.reason) if usual and agreeing and usual.agreeing >= agreeing else None


@dataclass(frozen=True, slots=True)
class PaperNames:
    """What the names in one paper stand for: `entities` has at least those."""

    meanings: Meanings
    defined: Mapping[Folded, Folded]
    entities: Mapping[Folded, Entity]

    def resolve(self, label: Label, name: str) -> list[Entity]:
        """The entities that a mention stands for: two for `CIFAR-10/100`."""
        return [self.entities[self.meanings.meaning(label, member, self.defined)[0]] for member in members(name)]


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
        pairs = {extraction.paper.id: list(definitions(extraction)) for extraction in extractions}
        defining = Counter(chain.from_iterable(pairs.values()))
        short_forms = {short for short, _ in defining}
        namings = Counter(name for extraction in extractions for name in abbreviated(extraction) if name in short_forms)
        self._meanings = Meanings(usual_meanings(defining, namings, rules), known, corrections)
        self._defined = {paper: dict(found) for paper, found in pairs.items()}
        found: dict[Folded, Counter[Spelling]] = defaultdict(Counter)
        moved: Counter[str] = Counter()
        for extraction in extractions:
            for folded, (name, steps) in spellings(extraction, self._meanings, self._defined[extraction.paper.id]):
                found[folded][name, steps] += 1
                moved.update(steps)
        self._meanings.corrections.count(moved)
        self._entities = make_entities(found, self._meanings)

    def in_paper(self, paper: str) -> PaperNames:
        """What names stand for in one of the papers."""
        return PaperNames(self._meanings, self._defined.get(paper, {}), self._entities)

    def resolve(self, paper: str, label: Label, name: str) -> list[Entity]:
        """The entities that a mention in a paper stands for: two for `CIFAR-10/100`."""
        return self.in_paper(paper).resolve(label, name)

    def find(self, label: Label, name: str) -> list[str]:
        """The keys of the entities that a name stands for where no paper says otherwise."""
        found = (self._meanings.meaning(label, member)[0] for member in members(name))
        return [self._entities[meaning].key for meaning in found if meaning in self._entities]

    def entities(self) -> list[Entity]:
        """All entities, by key."""
        return sorted(self._entities.values(), key=lambda entity: entity.key)


def definitions(extraction: Extraction) -> Iterator[tuple[Folded, Folded]]:
    """Yields the abbreviations that a paper defines, each with its long form, where both are named as of one kind."""
    named = {(mention.label, mention.text) for mention in extraction.mentions}
    for pair in extraction.abbreviations:
        for label in Label:
            short, long = fold(pair.short), fold(pair.long)
            if (label, pair.short) in named and (label, pair.long) in named and len(short) < len(long):
                yield (label, short), (label, long)


def abbreviated(extraction: Extraction) -> set[Folded]:
    """The names in a paper that may be abbreviations."""
    return {(mention.label, fold(mention.text)) for mention in extraction.mentions if _has_capitals(mention.text)}


def usual_meanings(
    defining: Mapping[tuple[Folded, Folded], int], namings: Mapping[Folded, int], rules: AbbreviationRules = USUAL_RULES
) -> dict[Folded, Usual]:
    """What abbreviations stand for in papers that leave them undefined.

    Args:
        defining: In how many papers an abbreviation is defined by a long form (see `definitions`).
        namings: In how many papers an abbreviation stands (see `abbreviated`).
        rules: When enough papers agree.
    """
    meanings: dict[Folded, dict[Folded, int]] = defaultdict(dict)
    for (short, long), papers in defining.items():
        meanings[short][long] = papers
    usual = {}
    for short, found in meanings.items():
        meaning, count = max(found.items(), key=lambda item: (item[1], item[0]))
        total = sum(found.values())
        if total >= max(rules.papers, rules.defining * namings[short]) and count >= rules.share * total:
            usual[short] = Usual(meaning, count, total)
    return usual


def spellings(
    extraction: Extraction, meanings: Meanings, defined: Mapping[Folded, Folded]
) -> Iterator[tuple[Folded, Spelling]]:
    """Yields what each mention in a paper that defines these abbreviations stands for, with its spelling and why."""
    for mention in extraction.mentions:
        for name in members(mention.text):
            folded, steps = meanings.meaning(mention.label, name, defined)
            yield folded, (name, steps)


def make_entities(found: Mapping[Folded, Counter[Spelling]], meanings: Meanings) -> dict[Folded, Entity]:
    """The entities of all papers, from how often each spelling stands for what (see `spellings`)."""
    labels = {folded: _label(folded, names, meanings) for folded, names in found.items()}
    taken = Counter((folded[0], slug(label)) for folded, label in labels.items())
    keys = {}
    for folded, label in labels.items():
        name = slug(label)
        if not name or taken[folded[0], name] > 1:
            name = "-".join(filter(None, [name, short_hash(folded[1])]))
        keys[folded] = f"{Kind(folded[0].lower())}:{name}"
    return {folded: _entity(folded, labels[folded], found[folded], keys, meanings) for folded in labels}


def _entity(folded: Folded, label: str, found: Counter[Spelling], keys: Mapping[Folded, str], meanings: Meanings) -> Entity:
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
        meanings.known.get(folded),
        _base(folded, label, keys, meanings),
    )


def _label(folded: Folded, found: Counter[Spelling], meanings: Meanings) -> str:
    """The name that a user or the list gives; else the most frequent spelling of the full name, the first of several."""
    if rename := meanings.corrections.renames.get(folded):
        meanings.corrections.applied[rename] += 1
        return rename.to
    if known := meanings.known.get(folded):
        return known.name
    names: Counter[str] = Counter()
    for (name, _), count in found.items():
        names[name] += count
    full = {name: count for name, count in names.items() if fold(name) == folded[1]}
    return commonest(full or names)


def _base(folded: Folded, label: str, keys: Mapping[Folded, str], meanings: Meanings) -> str | None:
    """The key of the nearest entity that this one is named as a version or a size of."""
    if folded[0] not in _VARYING:
        return None
    found = (meanings.meaning(folded[0], base, agreeing=_SURE)[0] for base in bases(label))
    return next((keys[meaning] for meaning in found if meaning in keys and meaning != folded), None)


def _has_capitals(name: str) -> bool:
    return sum(map(str.isupper, name)) > 1
