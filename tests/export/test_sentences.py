"""A sentence is what spaCy's sentencizer says it is: ours is another way to it, many times as fast."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from kg.export.sentences import sentence_around

PIECES = [".", "?", "!", "\n", " ", "  ", "\t", "\r\n", "\u00a0", "\u200b", "(", ")", '"', "…", "。", "-", ","]
PIECES += ["a", "Bc", "e.g.", "U.S.", "3.5", "'s", "http://a.b/c."]


@pytest.fixture(scope="module")
def sentencizer():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": list(".?!\n")})
    return nlp


@given(text=st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map("".join) | st.text(min_size=1))
def test_sentences_are_those_of_spacy(sentencizer, text):
    for sentence in sentencizer(text).sents:
        for token in sentence:
            start, end = token.idx, token.idx + len(token)
            assert sentence_around(text, start, end) == (sentence.start_char, sentence.end_char)
