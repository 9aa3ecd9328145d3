"""Numbers in a sentence: which are values, and which the differences between values."""

import re
from typing import NamedTuple

from spacy.tokens import Span, Token

from kg.schema import Label

_NUMBER = re.compile(r"(?=.{1,20}$)(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+)")
# The number of a list or of a reference: "(1)", "[18, 46]".
_REFERENCE = re.compile(r"\(\d+\)|\[\d+[\],].*|.*[\[,]\s?\d+\]")
# "improves by up to 2.1 BLEU", "a gain of 3 %", "5.1 % AUC improvement".
_CHANGE = re.compile(
    r"by|improv\w+|reduc\w+|increas\w+|decreas\w+|boost\w*|gain\w*|sav(?:e|es|ing|ings)|drop\w*|gap|margins?|"
    r"differ\w+|degrad\w+|outperform\w*|surpass\w*|exceed\w*|speed-?ups?|relative|absolute|[-+−±×x]|points?|times|"
    r"faster|slower|fewer|less|more|higher|lower|better|worse|loss|from|than|<|>|\\geq?|enhancements?|million|billion"
)
# What may stand between the word of change and its number.
_HEDGES = frozenset(
    "up to over about around more at least most nearly approximately an a average of ( $ ~ % \\ and , ; /".split()
)
# What is counted, not measured: "after 3.5 days on eight GPUs".
_COUNTED = frozenset(
    "day days hour hours minute minutes week weeks month months year years gpu gpus tpu tpus epoch epochs".split()
)
_ARROWS = frozenset("to → \\to \\rightarrow".split())
_BEHIND = 6
_BEFORE_ARROW = 4


class Number(NamedTuple):
    """A number: its token, whether it is a difference ("improves by 2.1"), and whether a percentage."""

    token: Token
    is_change: bool
    is_percent: bool

    @property
    def value(self) -> float:
        return float(self.token.text.replace(",", ""))


def numbers(sentence: Span) -> list[Number]:
    """The numbers of a sentence that are no part of a name."""
    found: list[Number] = []
    changes: set[int] = set()
    for token in sentence:
        if _NUMBER.fullmatch(token.text) and not token.ent_type_ and not _is_count(token):
            is_change = _is_change(token, sentence, changes)
            if is_change:
                changes.add(token.i)
            found.append(Number(token, is_change, _is_percent(token)))
    return found


def _is_count(token: Token) -> bool:
    return token.i + 1 < len(token.doc) and token.nbor().lower_ in _COUNTED


def _is_change(token: Token, sentence: Span, changes: set[int]) -> bool:
    doc = token.doc
    if _REFERENCE.fullmatch(doc[max(token.i - 1, 0) : token.i + 2].text):
        return True
    if _is_reached(token, changes):
        return False
    before = token.i - 1
    while before > sentence.start and doc[before].lower_ in _HEDGES:
        before -= 1
    if before >= sentence.start and (before in changes or _CHANGE.fullmatch(doc[before].lower_)):
        return True
    after = [word for word in doc[token.i + 1 : min(token.i + 1 + _BEHIND, sentence.end)] if word.text not in "%\\"]
    if after and after[0].text in _ARROWS - {"to"}:
        return True
    beyond = [word for word in after if not word.ent_type_]
    return (
        bool(beyond)
        and (after[0] is beyond[0] or after[0].ent_type_ == Label.METRIC)
        and bool(_CHANGE.fullmatch(beyond[0].lower_))
    )


def _is_reached(token: Token, changes: set[int]) -> bool:
    """Whether a number is where a change ends: the second in "from 90.1% to 92.1%"."""
    before = [word for word in token.doc[max(token.i - _BEFORE_ARROW, 0) : token.i] if word.text not in "%\\$"]
    if len(before) < 2 or before[-1].lower_ not in _ARROWS:
        return False
    start = before[-2].i
    return start in changes and (before[-1].lower_ != "to" or token.doc[start - 1].lower_ == "from")


def _is_percent(token: Token) -> bool:
    return token.doc[token.i + 1 : token.i + 3].text.lstrip("\\ ").startswith("%")
