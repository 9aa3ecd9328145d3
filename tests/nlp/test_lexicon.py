"""The lexicon: what it finds in a text, against looking everywhere."""

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.nlp.crf import OUTSIDE, Name, encode
from kg.nlp.lexicon import LONGEST, NOTHING_KNOWN, Known, Lexicon, strings

VOCAB = spacy.blank("en").vocab
WORDS = st.lists(st.sampled_from(["a", "b", "C", "Graph", "network"]), max_size=14)


def document(words):
    return Doc(VOCAB, words=words)


def lexicon_of(names, counts=(3, 2, 0, 0, 1)):
    keys = {int(strings(document(name))[len(name) - 1, 0]) for name in names}
    return Lexicon(np.array(sorted(keys), dtype=np.uint64), np.array([counts] * len(keys), dtype=np.int64).reshape(-1, 5))


@given(WORDS, st.lists(WORDS.filter(lambda name: 0 < len(name) <= LONGEST), max_size=4))
def test_every_string_that_it_has_is_found_in_any_case(words, names):
    lower = [[word.lower() for word in name] for name in names]
    expected = {
        (start, start + len(name))
        for name in lower
        for start in range(len(words) - len(name) + 1)
        if [word.lower() for word in words[start : start + len(name)]] == name
    }
    lexicon = Lexicon.from_bytes(lexicon_of(names).to_bytes())
    known = lexicon.known(document([word.upper() for word in words]))
    assert set(known.by_range()) == expected


def test_rates_are_shares_of_papers_and_more_papers_are_surer():
    few, many = (
        lexicon_of([["BERT"]], counts).known(document(["bert"])).rates[0] for counts in ((1, 1, 0, 0, 0), (9, 9, 0, 0, 0))
    )
    assert few[0] == pytest.approx(1 / 1.5)
    assert many[0] == pytest.approx(9 / 9.5)
    assert not few[1:].any()


def test_what_is_known_of_each_token():
    """The greatest rate counts where strings overlap, and the tags say where in the name a token stands."""
    rates = np.array([[0.5, 0, 0, 0], [0.25, 0.75, 0, 0]], dtype=np.float32)
    table = Known(np.array([1, 2]), np.array([4, 3]), rates).features(5)
    expected = np.zeros_like(table)
    expected[1:4, OUTSIDE] = 1
    for (start, end), row in (((1, 4), rates[0]), ((2, 3), rates[1])):
        for label, rate in enumerate(row):
            tags = encode([Name(start, end, label)], 5)
            expected[range(start, end), tags[start:end]] = rate
    assert table.tolist() == expected.tolist()
    assert not NOTHING_KNOWN.features(3).any()


@given(WORDS, st.integers(0, 14), st.integers(0, 14))
def test_a_part_of_a_text_knows_what_lies_within_it(words, start, end):
    lexicon = lexicon_of([["a"], ["graph", "network"], ["b", "c", "a"]])
    start, end = min(start, end, len(words)), min(max(start, end), len(words))
    part = lexicon.known(document(words)).part(start, end)
    assert part.by_range().keys() == lexicon.known(document(words[start:end])).by_range().keys()


def test_names_of_most_papers_are_told_from_others():
    known = Known(np.array([0, 1]), np.array([1, 3]), np.array([[0.4, 0.3, 0, 0], [0, 0, 0.6, 0]], dtype=np.float32))
    assert list(known.names(0.5)) == [(1, 3)]
