"""How abbreviations are held against what they may be short for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.alignment import Alignment, align


@pytest.mark.parametrize(
    ("short", "long", "alignment"),
    [
        ("GNN", "graph neural network", Alignment(0, 0, 0, 0)),
        ("BoW", "bag of words", Alignment(0, 0, 0, 0)),
        ("LMs", "large language models", Alignment(0, 1, 0, 0)),
        ("TFMP", "TransFormer for Masked Pixels", Alignment(0, 0, 0, 0)),
        ("SparseNet", "sparse network", Alignment(7, 0, 0, 0)),
        ("DFT", "Deep \ufb01ne tuning", Alignment(0, 0, 0, 0)),  # a ligature
        ("GN", "graph neural network", Alignment(0, 0, 0, 1)),
        ("CLIP", "Contrastive Language-Image Pre-training", Alignment(0, 0, 0, 1)),
    ],
)
def test_letters_are_found_at_the_starts_of_words_where_they_can(short, long, alignment):
    assert align(short, long) == alignment


@pytest.mark.parametrize(
    ("short", "long"), [("GNN", "neural graph network"), ("NN", "a Gnu and a gnu"), ("(-)", "any words"), ("A", "")]
)
def test_letters_that_are_not_there_in_order(short, long):
    assert align(short, long) is None


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=8))
def test_initials_are_found_at_the_starts_of_words(words):
    found = align("".join(word[0] for word in words).upper(), " ".join(words))
    assert found and found.inside == found.between == 0


@given(st.text(max_size=12), st.text(max_size=60))
def test_any_text_can_be_held_against_any(short, long):
    found = align(short, long)
    assert found is None or all(0 <= count <= len(long) for count in found)
