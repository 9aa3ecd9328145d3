"""What names share: the fold of their spellings, the members of a series, and the name that a variant is one of."""

import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import inflect

_SERIES = re.compile(r"(?P<stem>.*[^\d/])(?P<numbers>\d+(?:/\d+)+)")
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)[^\w+#*.]+(?=\d)")
# Marks over and under Latin letters: Fréchet, Nyström.
_ACCENTS = re.compile("[\u0300-\u036f]")
_BRITISH = (
    (re.compile("isation"), "ization"),
    (re.compile(r"our\b|our(?=s|ed|ing|al)"), "or"),
    (re.compile(r"ll(?=ing|ed|er)"), "l"),
)
# A version of a version: the ".1" of "Llama 3.1".
_MINOR = re.compile(r"(?P<major>.*\d)\.\d+")

# What tells a version or a size of something apart, at the end of its name.
_SIZES = (
    "tiny|mini|nano|micro|small|medium|base|large|huge|giant|lite|pro|plus|turbo|ultra|flash|x{1,3}l|xx?s|"
    "cased|uncased|instruct|chat|opus|sonnet|haiku"
)
_VARIETY = re.compile(
    rf"""(?P<base>.*?[^\W_]\+*)
    (?:
      (?: [\s_-]+ | (?<!\d) ) [vV]?\.? \d+(?:\.\d+)* (?:[kKmMbBtToV]|[x×]\d+[BbMm]?)? # ResNet-50, SQuAD2.0, YOLOv3, Llama 7B
      | [\s_-]+ (?i:{_SIZES})                                                # BERT-large
      | (?: [_-][A-Z] | \s[A-Z] ) \d*(?:/\d+)?                                # ViT-L/16, EfficientNet-B0, Swin-T
      | [\s_-] (?: I{{1,3}} | IV | VI{{0,3}} )                                  # II
      | ['’]\d\d                                                              # WMT'14
      | \++                                                                  # HumanEval+
    )""",
    re.VERBOSE,
)
# A base with fewer letters, with digits right behind it, says too little: S4, A3C, TD3 are names of their own.
_LEAST_LETTERS = 3


@lru_cache(maxsize=2**18)
def fold(name: str) -> str:
    """A name without what its spellings differ in: case, plural, hyphens, spaces, accents, British spelling, a leading "the".

    >>> fold("the Long Short-Term Memories") == fold("long short term memory")
    True
    >>> fold("GPT-2") == fold("GPT-3"), fold("LSTMs") == fold("LSTM"), fold("MAS") == fold("MA")
    (False, True, False)
    >>> fold("Llama 2 7B") == fold("Llama 27B")
    False
    """
    *words, last = unicodedata.normalize("NFKC", name).split() or [""]
    folded = " ".join([*words, _singular(last)]).casefold().removeprefix("the ")
    folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded))
    for british, american in _BRITISH:
        folded = british.sub(american, folded)
    folded = _BETWEEN_NUMBERS.sub("~", folded)
    return "".join(c for c in folded if c.isalnum() or c in "+#*.~").strip(".") or folded or name


def _singular(word: str) -> str:
    # Plural is a lower-case ending: the S of `MAS` belongs to the name, the s of `GPs` does not.
    if len(word) > 2 and word[-1] == "s" and word[:-1].isupper():
        return word[:-1]
    if len(word) < 4 or not word.endswith("s"):
        return word
    stem, hyphen, noun = word.rpartition("-")
    singular = _inflect().singular_noun(noun.lower()) or noun if noun[1:].islower() else noun.removesuffix("s")
    return stem + hyphen + singular


@cache
def _inflect() -> "inflect.engine":
    """The engine, imported without its decorators that check types: with them the import takes 1.5 s."""
    checker, unchecked = sys.modules.get("typeguard"), ModuleType("typeguard")
    unchecked.typechecked = lambda function: function  # type: ignore[attr-defined]
    sys.modules["typeguard"] = unchecked
    try:
        import inflect
    finally:
        del sys.modules["typeguard"]
        if checker:
            sys.modules["typeguard"] = checker
    return inflect.engine()


def commonest(spellings: Mapping[str, int]) -> str:
    """The most frequent spelling, the first of several."""
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def members(name: str) -> tuple[str, ...]:
    """The names that a name written as a series counts for.

    >>> members("CIFAR-10/100"), members("TCP/IP")
    (('CIFAR-10', 'CIFAR-100'), ('TCP/IP',))
    """
    series = _SERIES.fullmatch(name)
    if not series:
        return (name,)
    return tuple(series["stem"] + number for number in series["numbers"].split("/"))


def bases(name: str) -> Iterator[str]:
    """Yields the names that a name may be a version or a size of, the nearest first.

    >>> list(bases("Llama 2 7B")), list(bases("ViT-L/14")), list(bases("S4"))
    (['Llama 2', 'Llama'], ['ViT'], [])
    """
    while base := _base(name):
        yield base
        name = base


def _base(name: str) -> str | None:
    if minor := _MINOR.fullmatch(name):
        return minor["major"]
    found = _VARIETY.fullmatch(name)
    return found["base"] if found and _says_enough(found) else None


def _says_enough(found: re.Match[str]) -> bool:
    base = found["base"]
    glued = found.string[len(base)].isalnum()
    return sum(map(str.isalpha, base)) >= (_LEAST_LETTERS if glued else 1) and len(base) > 1
