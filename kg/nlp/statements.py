"""Where results are stated, and what a classifier sees of them: candidates for a result's parts, as features."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise

import numpy as np
from spacy.tokens import Doc, Span, Token

from kg.nlp.numbers import Number, numbers
from kg.nlp.texts import title_end
from kg.schema import Label, Role

# Candidates for the method or the dataset of a result: of a paper that names many, the most frequent, and all of the sentence.
_CANDIDATES = 30
# Candidates for the metric of a number: the nearest on either side.
_METRICS = 5
# Where a text has no full stop, so many names at once are taken for a sentence, to keep the time in its length.
_NAMES_AT_ONCE = 60
_BROUGHT_IN = frozenset({Role.PROPOSED, Role.INTRODUCED})
_OWN = frozenset("we our ours it its this these proposed approach method model system framework".split())
# What stands between the numbers of a list: "92.1%, 93.4 and 95%".
_LISTING = frozenset("# , and or & / % \\ $ ;".split())
# What brings in a name of the paper's own, and what its results follow.
_PRESENTING = frozenset("propose introduce present develop call called named dubbed termed".split())
_ACHIEVING = frozenset(
    "achieve achieves achieved attains delivers demonstrates exceeds improves obtained obtains outperform outperformed "
    "outperforms reached reaches scores sets shows surpass surpasses yields".split()
)
_GAPS = (0, 1, 2, 3, 4, 5, 8, 13, 21)
_NEAR, _AROUND, _BETWEEN, _EXACT, _BEFORE = 3, 8, 12, 3, 8


@dataclass
class Names:
    """The names of one label in a paper, and where its title ends."""

    places: dict[str, list[Span]]
    ents: list[Span]
    title_end: int

    @classmethod
    def of(cls, doc: Doc, label: Label) -> "Names":
        ents = [ent for ent in doc.ents if ent.label_ == label]
        places: dict[str, list[Span]] = {}
        for ent in ents:
            places.setdefault(ent.text, []).append(ent)
        return cls(places, ents, title_end(doc))

    @cached_property
    def frequent(self) -> list[str]:
        """The names with most places, the first of several first."""
        return sorted(self.places, key=lambda name: -len(self.places[name]))[:_CANDIDATES]

    @cached_property
    def starts(self) -> list[int]:
        return [ent.start for ent in self.ents]

    @cached_property
    def most(self) -> dict[str | None, int]:
        """The number of places of the most frequent name of each role, and of all under None."""
        most: dict[str | None, int] = {None: 0}
        for places in self.places.values():
            for role in (places[0]._.role, None):
                most[role] = max(most.get(role, 0), len(places))
        return most

    @cached_property
    def of_role(self) -> dict[str | None, int]:
        """How many names have each role."""
        count: dict[str | None, int] = {}
        for places in self.places.values():
            count[places[0]._.role] = count.get(places[0]._.role, 0) + 1
        return count

    @cached_property
    def marks(self) -> dict[str, tuple[str, ...]]:
        """What tells the name of a whole system or collection from those of its parts, for each name."""
        return {name: tuple(self._marks(name)) for name in self.places}

    def _marks(self, name: str) -> Iterator[str]:
        places = self.places[name]
        doc = places[0].doc
        if any(letter.isupper() or letter.isdigit() for letter in name[1:]):
            yield "coined"
        if " " in name:
            yield "words"
        if places[0].start_char < self.title_end:
            yield "in title"
        followers = [doc[place.end] for place in places if place.end < len(doc)]
        if any(word.text == ":" and word.idx < self.title_end for word in followers):
            yield "colon"
        if any(word.lower_ in _ACHIEVING for word in followers):
            yield "achieves"
        if any(word.lower_ in _PRESENTING for place in places for word in doc[max(place.start - _BEFORE, 0) : place.start]):
            yield "presented"

    @cached_property
    def marks_of_own(self) -> set[tuple[str, ...]]:
        """The marks of the names that the paper brings in."""
        return {self.marks[name] for name, places in self.places.items() if places[0]._.role in _BROUGHT_IN}

    def before(self, token: int) -> str | None:
        """The last name before a token."""
        number = bisect_left(self.starts, token)
        return self.ents[number - 1].text if number else None


@dataclass
class Statement:
    """A sentence with numbers and metrics in it, and with the names and abbreviations of its paper."""

    sentence: Span
    ents: list[Span]
    numbers: list[Number]
    names: dict[Label, Names]
    short_forms: dict[str, str]

    @cached_property
    def _by_label(self) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {label: [] for label in Label}
        for ent in self.ents:
            found[ent.label_].append(ent)
        return found

    @property
    def metrics(self) -> list[Span]:
        """The metrics of the sentence."""
        return self._by_label[Label.METRIC]

    @cached_property
    def _number_starts(self) -> list[int]:
        return [number.token.i for number in self.numbers]

    @cached_property
    def _metric_starts(self) -> list[int]:
        return [metric.start for metric in self.metrics]

    @cached_property
    def _own(self) -> int:
        """The first token that speaks of the paper's own work."""
        return next((token.i for token in self.sentence if token.lower_ in _OWN), self.sentence.end)

    def candidate_metrics(self, number: Number) -> list[Span | None]:
        """The metrics that a number may be a value of; None is that it is no value of the paper's own."""
        behind = bisect_left(self._metric_starts, number.token.i)
        return [None, *self.metrics[max(behind - _METRICS, 0) : behind + _METRICS]]

    def value_features(self, number: Number, metric: Span | None) -> Iterator[str]:
        """What tells whether a number is the paper's value of a metric, or of none."""
        if metric is None:
            yield "none"
            return
        yield from self._number_features(number)
        token = number.token
        side = "behind" if metric.start > token.i else "before"
        between = self._between(token, metric)
        gap, name = _bucket(len(between)), metric.text.casefold()
        form = f"{number.is_percent} {'.' in token.text}"
        yield f"metric={name}"
        yield f"metric={name} form={form}"
        yield f"{side}"
        yield f"{side} gap={gap}"
        yield f"{side} gap={gap} form={form}"
        crossed = _count(self._number_starts, between), _count(self._metric_starts, between)
        yield f"{side} crossed={min(crossed[0], 4)} {min(crossed[1], 3)}"
        yield from (f"{side} over {_shape(word)}" for word in between[:_BETWEEN])
        if len(between) <= _EXACT:
            yield f"{side} over all {' '.join(map(_shape, between))}"
        yield f"{side} in a list={all(_shape(word) in _LISTING for word in between)}"
        yield f"counts={min(len(self.metrics), 4)} {min(len(self.numbers), 6)}"
        shift = bisect_left(self._number_starts, token.i) - bisect_left(self._metric_starts, metric.start)
        yield f"shift={shift} paired={len(self.numbers) == len(self.metrics)}"

    def _number_features(self, number: Number) -> Iterator[str]:
        doc, place = number.token.doc, number.token.i
        before = doc[max(self.sentence.start, place - _AROUND) : place]
        after = doc[place + 1 : min(self.sentence.end, place + _AROUND)]
        yield f"form={number.is_percent} {'.' in number.token.text}"
        yield f"change={number.is_change}"
        yield f"digits={len(number.token)}"
        yield from (f"left={_shape(word)}" for word in before)
        yield from (f"right={_shape(word)}" for word in after)
        yield from (f"-{distance}={_shape(word)}" for distance, word in enumerate(list(before)[: -_NEAR - 1 : -1]))
        yield from (f"+{distance}={_shape(word)}" for distance, word in enumerate(after[:_NEAR]))
        yield f"two before={' '.join(map(_shape, before[-2:]))}"
        unit = [word for word in after if word.text not in "%\\"]
        yield from (f"after {distance}={_shape(word)}" for distance, word in enumerate(unit[:2]))

    def candidates(self, label: Label) -> list[str | None]:
        """The names that a result may belong to; None is that the abstract says none."""
        return [None, *dict.fromkeys(self.names[label].frequent + [ent.text for ent in self._by_label[label]])]

    def name_features(self, value: Token, values: Sequence[Token], label: Label, name: str | None) -> Iterator[str]:
        """What tells whether a value, one of several of the sentence, belongs to a name or to none."""
        names = self.names[label]
        here = self._by_label[label]
        counts = f"in sentence={min(len({ent.text for ent in here}), 3)} in paper={min(len(names.places), 4)}"
        own = f"own={self._own < value.i}"
        if name is None:
            yield "none"
            yield f"none {counts}"
            yield f"none {own}"
            yield f"none {own} proposed={min(names.of_role.get(Role.PROPOSED, 0), 3)}"
            yield from (f"none of {mark}" for mark in sorted({mark for marks in names.marks_of_own for mark in marks}))
            yield from (f"none of all {' '.join(marks)}" for marks in sorted(names.marks_of_own))
            return
        places = names.places[name]
        role = places[0]._.role
        inside = [ent for ent in here if ent.text == name]
        where = f"inside={bool(inside)}"
        yield counts
        yield f"{where} {counts}"
        yield f"role={role}"
        yield f"{where} role={role}"
        yield f"{where} role={role} {own}"
        yield f"{where} role={role} most={len(places) == names.most[None]}"
        yield f"{where} role={role} others={names.of_role[role] > 1}"
        most = len(places) == names.most[role]
        yield f"{where} role={role} any={bool(here)} same={min(names.of_role[role], 3)} most={most}"
        marks = names.marks[name]
        yield from self._mark_features(marks, f"role={role}", where)
        yield f"{where} long={self.short_forms.get(name) in names.places} short={name in self.short_forms.values()}"
        if inside:
            yield from self._place_features(value, values, here, inside, f"role={role} {own}")
        else:
            last = names.before(self.sentence.start) == name
            yield f"last={last} any={bool(here)}"
            yield f"in title={'in title' in marks} role={role}"

    @staticmethod
    def _mark_features(marks: tuple[str, ...], role: str, where: str) -> Iterator[str]:
        for mark in marks:
            yield mark
            yield f"{role} {mark}"
        yield f"{role} all {' '.join(marks)}"
        yield f"{role} {where} all {' '.join(marks)}"

    def _place_features(
        self, value: Token, values: Sequence[Token], here: list[Span], inside: list[Span], role: str
    ) -> Iterator[str]:
        """Of a name in the value's own sentence."""
        place = min(inside, key=lambda ent: min(abs(ent.start - value.i), abs(ent.end - value.i)))
        side = "behind" if place.start > value.i else "before"
        between = self._between(value, place)
        crossed = sum(between.start <= ent.start < between.end for ent in here)
        yield f"{side} gap={_bucket(len(between))}"
        yield f"{side} {role}"
        yield f"{side} crossed={min(crossed, 3)}"
        yield f"{side} crossed={min(crossed, 2)} {role}"
        before = bisect_left([ent.start for ent in here], value.i)
        yield f"{side} crossed={min(crossed, 3)} before={min(before, 2)} behind={min(len(here) - before, 2)}"
        starts = [other.i for other in values]
        yield f"{side} values={min(_count(starts, between), 3)} crossed={min(crossed, 2)}"
        number, nth = starts.index(value.i), here.index(place)
        yield f"aligned={number == nth} as many={len(values) == len(here)}"
        if len(values) % len(here) == 0:
            yield f"in block={number // (len(values) // len(here)) == nth}"
        doc = place.doc
        yield f"{side} word before={doc[place.start - 1].lower_ if place.start else ''}"
        yield f"{side} word behind={doc[place.end].lower_ if place.end < len(doc) else ''}"
        if len(between) <= _EXACT:
            yield f"{side} over all {' '.join(map(_shape, between))}"

    def _between(self, token: Token, span: Span) -> Span:
        doc = token.doc
        return doc[token.i + 1 : span.start] if span.start > token.i else doc[span.end : token.i]


def statements(doc: Doc) -> Iterator[Statement]:
    """Yields the sentences of a document that name a metric and have a number."""
    names = {label: Names.of(doc, label) for label in (Label.METHOD, Label.DATASET)}
    short_forms = {long: short for short, long in doc._.abbreviations}
    starts = np.flatnonzero(doc.to_array("SENT_START") == 1).tolist()
    for _, group in groupby(doc.ents, key=lambda ent: bisect_right(starts, ent.start)):
        for sentence, ents in _stretches(list(group)):
            if any(ent.label_ == Label.METRIC for ent in ents):
                found = numbers(sentence)
                if found:
                    yield Statement(sentence, ents, found, names, short_forms)


def _stretches(ents: list[Span]) -> Iterator[tuple[Span, list[Span]]]:
    """The sentence of some names with these, cut before a name where there are too many."""
    sentence = ents[0].sent
    cuts = [sentence.start, *(ent.start for ent in ents[_NAMES_AT_ONCE::_NAMES_AT_ONCE]), sentence.end]
    for number, (start, end) in enumerate(pairwise(cuts)):
        first = number * _NAMES_AT_ONCE
        yield sentence.doc[start:end], ents[first : first + _NAMES_AT_ONCE]


def _shape(word: Token) -> str:
    """A word without what tells little: names as their label, numbers as #."""
    if word.ent_type_:
        return word.ent_type_
    return "#" if word.text[:1].isdigit() else word.lower_


def _bucket(gap: int) -> int:
    return _GAPS[bisect_right(_GAPS, gap) - 1]


def _count(starts: list[int], between: Span) -> int:
    return bisect_left(starts, between.end) - bisect_left(starts, between.start)
