"""Abbreviations that a paper defines: a name, and another in brackets behind it."""

import re
from collections.abc import Iterator
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc

from kg.nlp.texts import text_of, title_end

# A bracket behind a name, or behind a generic word that is no part of it: "Coherent Reasoning method (CR)".
_HEAD = (
    "algorithm|approach|architecture|attack|benchmark|corpus|dataset|framework|learning|loss|mechanism|method|model|"
    "module|network|paradigm|pipeline|problem|scheme|setting|strategy|system|task|technique|training"
)
_OPENING = re.compile(rf"""[\s~"'*’”]*(?:(?:{_HEAD})s?[\s~]+)?["'*]*[(\[{{]\s*""")
# A title that begins with a name and what it stands for: "CR: Coherent Reasoning for Reviews".
_TITLE_COLON = re.compile(r"\s*:\s*")
_CLOSING = frozenset(")]},;:/ ")

Doc.set_extension("abbreviations", default=(), force=True)


def is_abbreviation(short: str, long: str) -> bool:
    """Whether the letters of the short form occur in the long form, in order, its first at the start of a word.

    The test of Schwartz and Hearst 2003, "A Simple Algorithm for Identifying Abbreviation Definitions
    in Biomedical Text", section 3.2, without a plural's last letter. Their search for the long form's
    beginning is not needed: both forms are mentions, with borders of their own.

    >>> is_abbreviation("GNNs", "graph neural network"), is_abbreviation("ours", "graph neural network")
    (True, False)
    """
    stem = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    letters = [letter for letter in stem.casefold() if letter.isalnum()]
    position, folded = 0, long.casefold()
    if not letters or not re.search(rf"\b{letters[0]}", folded):
        return False
    for letter in letters:
        position = folded.find(letter, position) + 1
        if not position:
            return False
    return True


def find_abbreviations(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yields short and long form of neighbouring entities with a bracket between them, or a title's colon, either first."""
    text, end_of_title = text_of(doc), title_end(doc)
    for one, two in pairwise(doc.ents):
        between = text[one.end_char : two.start_char]
        bracketed = _OPENING.fullmatch(between) and text[two.end_char : two.end_char + 1] in _CLOSING
        titled = one.start_char == 0 and two.end_char <= end_of_title and _TITLE_COLON.fullmatch(between)
        if bracketed or titled:
            short, long = sorted((one.text, two.text), key=len)
            if is_abbreviation(short, long):
                yield short, long


@Language.component("kg_abbreviations", requires=["doc.ents"], assigns=["doc._.abbreviations"])
def abbreviations(doc: Doc) -> Doc:
    """Keeps the pairs in `doc._.abbreviations`, a list of `(short, long)` in the order of the text."""
    doc._.abbreviations = list(dict.fromkeys(find_abbreviations(doc)))
    return doc
