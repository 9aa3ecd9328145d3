"""Mentions made whole: a name found once in a paper is found everywhere in it, and nowhere in an address."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from spacy.util import filter_spans

# A name as the hashes of its tokens.
NameHashes = tuple[int, ...]


def hashes(tokens: Iterable[Token]) -> list[int]:
    """The 64-bit hashes of tokens as written."""
    return [token.orth for token in tokens]


def occurrences(names: Iterable[NameHashes], tokens: list[int]) -> Iterator[tuple[NameHashes, int]]:
    """Every place of a name among tokens, with the token that it starts at."""
    by_first: dict[int, list[NameHashes]] = defaultdict(list)
    for name in names:
        by_first[name[0]].append(name)
    for start, token in enumerate(tokens):
        for name in by_first.get(token, ()):
            if tuple(tokens[start : start + len(name)]) == name:
                yield name, start


def outside_addresses(doc: Doc, spans: Iterable[Span]) -> list[Span]:
    """The spans that share no character with a web address."""
    addresses = [(start, end) for _, _, start, end in doc._.urls]
    return [span for span in spans if not any(span.start_char < end and start < span.end_char for start, end in addresses)]


@Language.component("kg_mentions", requires=["doc.ents", "doc._.urls"], assigns=["doc.ents"])
def mentions(doc: Doc) -> Doc:
    """Applies two rules of the annotation guidelines to entities that a pipeline of others found.

    Every occurrence of a name at token borders is a mention, the longest first, with the label that
    most of its found occurrences have; nothing inside a web address is one.
    """
    labels: dict[NameHashes, Counter[str]] = defaultdict(Counter)
    for ent in doc.ents:
        labels[tuple(hashes(ent))][ent.label_] += 1
    repeated = [
        Span(doc, start, start + len(name), label=max(sorted(labels[name]), key=labels[name].__getitem__))
        for name, start in occurrences(labels, hashes(doc))
    ]
    doc.ents = filter_spans(outside_addresses(doc, repeated))
    return doc
