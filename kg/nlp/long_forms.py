"""What a short name may be short for: the names near it and the strings before its bracket, and what speaks for each."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from kg.nlp.alignment import Alignment, align
from kg.nlp.texts import text_of, title_end

# A bracket behind a name, or behind a generic word that is no part of it: "Coherent Reasoning method (CR)".
_HEAD = (
    "algorithm|approach|architecture|attack|benchmark|corpus|dataset|framework|learning|loss|mechanism|method|model|"
    "module|network|paradigm|pipeline|problem|scheme|setting|strategy|system|task|technique|training"
)
_GENERIC = re.compile(rf"(?:{_HEAD})s?")
_OPENING = re.compile(rf"""[\s~"'*’”]*(?:(?:{_HEAD})s?[\s~]+)?["'*]*[(\[{{]\s*""")
_BRACKETS = frozenset("([{")
_MARKS = frozenset("~\"'’”*")
_CLOSING = frozenset(")]},;:/ ")
_STOPS = frozenset(".;:?!()[]{}")
# Names with more tokens between them do not explain each other.
_NEAR = 6
# A string before a bracket begins at most so many words per letter, and so many more, before it.
_WORDS_A_LETTER, _MORE_WORDS = 2, 4
_LONGEST_SHORT = 20
_BREAK = re.compile(r"\w[\W_]+\w")
_CERTAINTIES = 5


class LongForm(NamedTuple):
    """What a name may be short for, where it stands closest to it, and what speaks for and against."""

    span: Span
    is_name: bool
    features: list[str]


@dataclass(frozen=True)
class Choice:
    """A name of one word with the strings that may be its long form; that none of them is one is a candidate too."""

    short: Span
    long_forms: list[LongForm]

    def features(self) -> list[list[str]]:
        """What speaks for each candidate: for none, which comes first, and for the long forms."""
        return [list(self._none_features()), *(form.features for form in self.long_forms)]

    def _none_features(self) -> Iterator[str]:
        yield "none"
        yield from _certainty("none", self.short)
        if not all(form.is_name for form in self.long_forms):
            yield "none of strings"


@dataclass(frozen=True)
class _Pair:
    """A short and a long form, and how they stand to each other."""

    kind: str  # of a bracket, a title's colon, or just near
    gap: int
    short: Span
    long: Span
    alignment: Alignment

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """The least is the closest."""
        return self.kind != "bracket", self.kind != "colon", self.gap

    @property
    def shape(self) -> str:
        """The alignment, with all that is many as one."""
        inside, between, before, behind = self.alignment
        return f"{min(inside, 2)}{min(before, 2)}{min(between, 1)}{min(behind, 1)}"


def choices(doc: Doc) -> Iterator[Choice]:
    """Yields each name of one word that may be short for something, in the order in which they are met."""
    ents = doc.ents
    names = {ent.text for ent in ents}
    name_at = {token: ent for ent in ents for token in range(ent.start, ent.end)}
    closest: dict[str, dict[str, _Pair]] = defaultdict(dict)
    for number, short in enumerate(ents):
        if len(short.text) > _LONGEST_SHORT or len(short.text.split()) != 1:
            continue
        for long in (*_neighbours(ents, number), *_before_bracket(short)):
            pair = _pair(doc, short, long)
            known = closest[short.text].get(long.text)
            if pair and (known is None or pair.rank < known.rank):
                closest[short.text][long.text] = pair
    for pairs in closest.values():
        forms = []
        for name, pair in pairs.items():
            what_it_is = _certainty("name", pair.long) if name in names else _string_features(pair, name_at)
            forms.append(LongForm(pair.long, name in names, [*_pair_features(pair), *what_it_is]))
        if forms:
            yield Choice(next(iter(pairs.values())).short, forms)


def _neighbours(ents: Sequence[Span], number: int) -> Iterator[Span]:
    """The entities near one of them."""
    short = ents[number]
    for other in reversed(ents[:number]):
        if short.start - other.end > _NEAR:
            break
        yield other
    for other in ents[number + 1 :]:
        if other.start - short.end > _NEAR:
            break
        yield other


def _before_bracket(short: Span) -> Iterator[Span]:
    """The strings that end before the bracket in which a name stands, and begin with its first letter."""
    doc = short.doc
    if not short.start or doc[short.start - 1].text not in _BRACKETS:
        return
    end = short.start - 1
    while end and (doc[end - 1].text in _MARKS or doc[end - 1].is_space):
        end -= 1
    ends = [end]
    if end > 1 and doc[end - 2].whitespace_ and _GENERIC.fullmatch(doc[end - 1].text):
        ends.append(end - 1)
    farthest = max(0, end - _WORDS_A_LETTER * len(short.text) - _MORE_WORDS)
    for end in ends:
        for start in range(end - 1, farthest - 1, -1):
            word = doc[start].text
            if word in _STOPS or "\n" in word:
                break
            # Not within a word: "RGB-D Video Mirror Detection (DVMD)" has no "D Video Mirror Detection".
            if word[0].casefold() == short.text[0].casefold() and (not start or _ends_word(doc[start - 1])):
                yield doc[start:end]


def _ends_word(token: Token) -> bool:
    return bool(token.whitespace_) or token.is_space or token.text in _MARKS


def _pair(doc: Doc, short: Span, long: Span) -> _Pair | None:
    """The two as a pair, if one can be short for the other."""
    if len(long.text) <= len(short.text) or not (alignment := align(short.text, long.text)):
        return None
    first, second = sorted((short, long))
    between = text_of(doc)[first.end_char : second.start_char]
    closing = text_of(doc)[second.end_char : second.end_char + 1]
    kind = "near"
    if _OPENING.fullmatch(between) and closing in _CLOSING:
        kind = "bracket"
    elif first.start == 0 and second.end_char <= title_end(doc) and between.strip() == ":":
        kind = "colon"
    return _Pair(kind, second.start - first.end, short, long, alignment)


def _pair_features(pair: _Pair) -> Iterator[str]:
    short, long, kind = pair.short, pair.long, pair.kind
    inside, between, before, behind = pair.alignment
    yield f"letters={pair.shape}"
    yield f"{kind} letters={pair.shape}"
    for what, count in (("inside", inside), ("before", before)):
        yield f"{what}={min(count, 5)}"
        yield f"{kind} {what}={min(count, 3)}"
    yield f"between={min(between, 3)}"
    yield f"behind={min(behind, 3)}"
    yield f"one word={not _BREAK.search(long.text)}"
    yield f"plural={short.text.endswith('s')} {long.text.endswith('s')}"
    text = text_of(long.doc)
    first, second = sorted((short, long))
    order = "short first" if first is short else "long first"
    yield f"{kind} {order}"
    yield f"{kind} {order} in title={first.start_char < title_end(long.doc)}"
    words = text[first.end_char : second.start_char].casefold()
    if kind == "near":
        yield f"gap={pair.gap}"
        yield f"{order} {' '.join(words.split())}"
        yield from (f"word={word}" for word in words.split())
    elif kind == "bracket":
        yield f"bracket={re.sub('[a-z]+', 'w', words.strip())}"
        yield f"behind bracket={text[second.end_char : second.end_char + 1]}"


def _string_features(pair: _Pair, name_at: Mapping[int, Span]) -> Iterator[str]:
    """How a long form that is no name stands to the names that it overlaps; `name_at` gives those by token."""
    long = pair.long
    overlapped = list(dict.fromkeys(name_at[token] for token in range(long.start, long.end) if token in name_at))
    kind = "no name"
    if overlapped:
        kind = "shorter" if overlapped[0].start < long.start else "longer"
    yield "string"
    yield f"string {kind}"
    yield f"string {kind} letters={pair.shape}"
    yield f"string inside={min(pair.alignment.inside, 3)}"
    yield f"string between={min(pair.alignment.between, 3)}"
    for name in overlapped:
        yield from _certainty(f"string {kind}", name)


def _certainty(what: str, name: Span) -> Iterator[str]:
    """How sure the recognizer is of a name, if it tells."""
    if name._.score is not None:
        yield f"{what} sure={int(name._.score * _CERTAINTIES)}"
