"""Results: numbers that an abstract states for a metric, with the method and the dataset they belong to."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from kg.schema import Label, Role

Doc.set_extension("results", default=(), force=True)

# Method, dataset, metric, value as printed, its number, whether a percentage, start and end.
_Row = tuple[str | None, str | None, str, str, float, bool, int, int]

_NUMBER = re.compile(r"(?=.{1,20}$)(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+)")
# A difference, not a result: "improves by up to 2.1 BLEU", "a gain of 3 %", "5.1 % AUC improvement".
_CHANGE = re.compile(
    r"by|improv\w+|reduc\w+|increas\w+|decreas\w+|boost\w*|gain\w*|sav(?:e|es|ing|ings)|drop\w*|gap|margins?|"
    r"differ\w+|degrad\w+|outperform\w*|surpass\w*|exceed\w*|speed-?ups?|relative|absolute|[-+−±×x]|points?|times|"
    r"faster|slower|fewer|less|more|higher|lower|better|worse|loss|from|than|<|>|\\geq?|enhancements?|million|billion"
)
# What may stand between the word of change and its number.
_HEDGES = frozenset(
    "up to over about around more at least most nearly approximately an a average of ( $ ~ % \\ and , ; /".split()
)
_FILLERS = frozenset("% \\ ( of in on $ score scores average mean the an a".split())
_OWN = frozenset("we our ours it its this these proposed approach method model system framework".split())
# Words of what others reach: "compared with 90.8% of humans".
_OTHERS = frozenset("compared versus vs vs. surpassing previous human humans baseline baselines retain retaining batch".split())
_REACH_OTHERS = 6
_LISTING = frozenset(", and or & / % \\ $ ;".split())
_ARROWS = frozenset("to → \\to \\rightarrow".split())
# How many tokens may lie between a value and its metric.
_REACH_RIGHT, _REACH_LEFT, _REACH_BARE = 4, 12, 3


@dataclass(slots=True)
class _Value:
    """A number that may be a result, with the metric it is stated in."""

    token: Token
    metric: Span


@Language.component("kg_results", requires=["doc.ents", "token.is_sent_start", "span._.role"], assigns=["doc._.results"])
def results(doc: Doc) -> Doc:
    """Keeps results in `doc._.results`: `(method, dataset, metric, value, number, percent, start, end)`."""
    main_method, main_dataset = _main_method(doc), _main_dataset(doc)
    rows: list[_Row] = []
    starts = [token.i for token in doc if token.is_sent_start]
    for _, ents in groupby(doc.ents, key=lambda ent: bisect_right(starts, ent.start)):
        rows.extend(_sentence_results(list(ents), main_method, main_dataset))
    doc._.results = rows
    return doc


def _sentence_results(ents: list[Span], main_method: str | None, main_dataset: str | None) -> Iterator[_Row]:
    """Results of a sentence, from the entities in it."""
    metrics = [ent for ent in ents if ent.label_ == Label.METRIC]
    if not metrics:
        return
    values = _values(ents[0].sent, metrics)
    datasets = _datasets([ent for ent in ents if ent.label_ == Label.DATASET], values)
    methods = [ent for ent in ents if ent.label_ == Label.METHOD]
    for value, dataset in zip(values, datasets, strict=True):
        text, start = value.token.text, value.token.idx
        yield (
            _method(methods, value, main_method),
            dataset or main_dataset,
            value.metric.text,
            text,
            float(text.replace(",", "")),
            _is_percent(value.token),
            start,
            start + len(text),
        )


def _values(sentence: Span, metrics: list[Span]) -> list[_Value]:
    numbers: list[Token] = []
    changes: set[int] = set()
    for token in sentence:
        if not _NUMBER.fullmatch(token.text) or token.ent_type_:
            continue
        if _is_change(token, sentence, changes):
            changes.add(token.i)
        elif not _is_of_others(token, sentence):
            numbers.append(token)
    values: list[_Value] = []
    for token, behind in zip(numbers, _metrics_behind(numbers, metrics), strict=True):
        metric = behind or _metric_before(token, metrics, values[-1] if values else None)
        if metric is not None:
            values.append(_Value(token, metric))
    return values


def _metrics_behind(numbers: list[Token], metrics: list[Span]) -> list[Span | None]:
    """The metric behind each number, or behind the last of a list of numbers: "92.1%", "92.1, 93.4 and 95% accuracy"."""
    found: list[Span | None] = []
    following: Token | None = None
    for token in reversed(numbers):
        metric = _metric_behind(token, metrics)
        if metric is None and following is not None and _is_list(token.doc[token.i + 1 : following.i]):
            metric = found[-1]
        found.append(metric)
        following = token
    return found[::-1]


def _is_list(between: Span) -> bool:
    return len(between) > 0 and all(word.lower_ in _LISTING for word in between)


def _is_change(token: Token, sentence: Span, changes: set[int]) -> bool:
    doc = token.doc
    around = doc[max(token.i - 1, 0) : token.i + 2].text
    if re.fullmatch(r"\(\d+\)|\[\d+[\],].*|.*[\[,]\s?\d+\]", around):
        return True  # the number of a list or of a reference, "(1)" or "[18, 46]"
    if _is_reached(token, changes):
        return False
    before = token.i - 1
    while before > sentence.start and doc[before].lower_ in _HEDGES:
        before -= 1
    if before >= sentence.start and (before in changes or _CHANGE.fullmatch(doc[before].lower_)):
        return True
    after = [word for word in doc[token.i + 1 : min(token.i + 7, sentence.end)] if word.text not in "%\\"]
    if after and after[0].text in _ARROWS - {"to"}:
        return True
    beyond = [word for word in after if not word.ent_type_]
    return (
        bool(beyond)
        and (after[0] is beyond[0] or after[0].ent_type_ == Label.METRIC)
        and bool(_CHANGE.fullmatch(beyond[0].lower_))
    )


def _is_of_others(token: Token, sentence: Span) -> bool:
    around = token.doc[max(token.i - _REACH_OTHERS, sentence.start) : token.i + 3]
    return any(word.lower_ in _OTHERS for word in around)


def _is_reached(token: Token, changes: set[int]) -> bool:
    """Whether a number is where a change ends: the second in "from 90.1% to 92.1%"."""
    before = [word for word in token.doc[max(token.i - 4, 0) : token.i] if word.text not in "%\\$"]
    if len(before) < 2 or before[-1].lower_ not in _ARROWS:
        return False
    start = before[-2].i
    return start in changes and (before[-1].lower_ != "to" or token.doc[start - 1].lower_ == "from")


def _is_percent(token: Token) -> bool:
    return token.doc[token.i + 1 : token.i + 3].text.lstrip("\\ ").startswith("%")


def _metric_behind(token: Token, metrics: list[Span]) -> Span | None:
    for metric in metrics:
        between = token.doc[token.i + 1 : metric.start]
        if metric.start > token.i and len(between) <= _REACH_RIGHT and all(word.lower_ in _FILLERS for word in between):
            return metric
    return None


def _metric_before(token: Token, metrics: list[Span], previous: _Value | None) -> Span | None:
    """The metric before the number: "accuracy of 92.1, 93.4 and 95"."""
    left = [metric for metric in metrics if metric.end <= token.i]
    if not left:
        return None
    nearest = left[-1]
    # Of several values in a row the first is near the metric, and each near the one before it.
    reached = max(nearest.end, previous.token.i + 1 if previous and previous.metric == nearest else 0)
    bare = "." not in token.text and not _is_percent(token)  # a bare integer is often a count
    return nearest if token.i - reached <= (_REACH_BARE if bare else _REACH_LEFT) else None


def _datasets(datasets: list[Span], values: list[_Value]) -> list[str | None]:
    """A dataset for each value: in order where there are as many, else the nearest, those behind the value first."""
    if len(datasets) == len(values):
        return [dataset.text for dataset in datasets]
    if datasets and len(values) % len(datasets) == 0:
        each = len(values) // len(datasets)
        return [datasets[i // each].text for i in range(len(values))]
    return [_nearest(value.token, datasets) for value in values]


def _nearest(token: Token, spans: list[Span]) -> str | None:
    behind = [span for span in spans if span.start > token.i]
    before = [span for span in spans if span.end <= token.i]
    if behind and (not before or behind[0].start - token.i <= _REACH_LEFT):
        return behind[0].text
    return before[-1].text if before else None


def _is_proposed(ent: Span) -> bool:
    return bool(ent.label_ == Label.METHOD and ent._.role == Role.PROPOSED)


def _method(methods: list[Span], value: _Value, main_method: str | None) -> str | None:
    """The last proposed method before the value, else the last in the sentence, else the paper's.

    In a sentence that says nothing of the paper's own it is the one that stands before the value.
    """
    proposed = [method for method in methods if _is_proposed(method)]
    before = [method for method in proposed if method.end <= value.token.i]
    if proposed:
        return (before or proposed)[-1].text
    others = [method for method in methods if method.end <= value.token.i]
    sentence = value.token.doc[value.token.sent.start : value.token.i]
    if others and not any(word.lower_ in _OWN for word in sentence):
        return others[-1].text
    return main_method


def _main_method(doc: Doc) -> str | None:
    """The proposed method that the paper names most, by its short form where it has one."""
    proposed = _short_names(doc, filter(_is_proposed, doc.ents))
    return proposed.most_common(1)[0][0] if proposed else None


def _main_dataset(doc: Doc) -> str | None:
    """The dataset of a paper that works with one only."""
    named = _short_names(doc, (ent for ent in doc.ents if ent.label_ == Label.DATASET and ent._.role != Role.MENTIONED))
    return next(iter(named)) if len(named) == 1 else None


def _short_names(doc: Doc, ents: Iterable[Span]) -> Counter[str]:
    """How often entities are named, counted under the short form where the paper defines one."""
    short = {long: short for short, long in doc._.abbreviations}
    return Counter(short.get(ent.text, ent.text) for ent in ents)
