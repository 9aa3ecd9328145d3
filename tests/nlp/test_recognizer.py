"""The recognizer: its probabilities against counting everything, and its independence of company."""

from itertools import pairwise, product
from types import SimpleNamespace

import numpy as np
import pytest
from spacy.strings import hash_string

from kg.nlp.crf import LABELS, TAGS, Crf, Name, allowed, decode, encode
from kg.nlp.lexicon import NOTHING_KNOWN, Known
from kg.nlp.network import Text
from kg.nlp.recognizer import Part, Seen, candidate_of, places_of_names
from kg.nlp.words import characters

LENGTH = 3


@pytest.fixture(scope="module")
def crf():
    random = np.random.default_rng(0)
    return Crf.constrained(*(random.normal(size=shape).astype(np.float32) for shape in ((TAGS, TAGS), TAGS, TAGS)))


@pytest.fixture(scope="module")
def emissions():
    return np.random.default_rng(1).normal(size=(LENGTH + 2, 2, TAGS)).astype(np.float32)


@pytest.fixture(scope="module")
def counted(crf, emissions):
    """The probability of every sequence of tags for the second text, by adding up all of them."""
    weights = {}
    for tags in product(range(TAGS), repeat=LENGTH):
        score = crf.starts[tags[0]] + crf.ends[tags[-1]] + sum(emissions[i, 1, tag] for i, tag in enumerate(tags))
        weights[tags] = np.exp(np.float64(score + sum(crf.transitions[a, b] for a, b in pairwise(tags))))
    total = sum(weights.values())
    return {tags: weight / total for tags, weight in weights.items()}


def test_the_best_tags_are_the_most_probable(crf, emissions, counted):
    best = crf.best(emissions, np.array([LENGTH + 2, LENGTH]))
    assert len(best[0]) == LENGTH + 2
    assert tuple(best[1]) == max(counted, key=counted.get)


@pytest.mark.parametrize(("start", "end"), [(0, 1), (2, 3), (0, 2), (1, 3), (0, 3)])
def test_the_probability_of_a_name_is_that_of_all_tags_with_it(crf, emissions, counted, start, end):
    posterior = crf.posterior(emissions, np.array([LENGTH + 2, LENGTH]))
    for label, probability in enumerate(posterior.name(1, start, end)):
        expected = sum(p for tags, p in counted.items() if Name(start, end, label) in decode(np.array(tags)))
        assert probability == pytest.approx(expected, rel=1e-5)


def test_only_sequences_that_spell_names_are_allowed(counted):
    follows, opens, closes = allowed()
    for tags, probability in counted.items():
        possible = opens[tags[0]] and closes[tags[-1]] and all(follows[a, b] for a, b in pairwise(tags))
        assert possible == (probability > 1e-12)
        if possible:
            assert encode(decode(np.array(tags)), LENGTH).tolist() == list(tags)


def test_no_tag_is_left_out():
    names = [Name(0, length, label) for label in range(len(LABELS)) for length in (1, 3)]
    assert {tag for name in names for tag in encode([name], 4)} == set(range(TAGS))


def test_long_words_keep_both_ends():
    assert characters("a" * 8 + "-" * 50 + "b" * 8) == characters("a" * 8 + "b" * 8)


def candidates_of(words, known, found=()):
    """What may be names in a text in which the network gives every name 0.2 as a method."""
    posterior = SimpleNamespace(name=lambda column, start, end: np.array([0.2, 0.1, 0.0, 0.0]))
    orths = np.array([hash_string(word) for word in words], dtype=np.uint64)
    text = Text(orths, np.ones(len(words), dtype=np.int64), np.zeros(len(words), dtype=bool), known)
    seen = Seen(Part(0, 0, text), list(found), posterior, 0, np.zeros((len(words), 6), dtype=np.float32))
    return {place.start: candidate_of(name, places) for name, places in places_of_names([seen]).items() for place in places}


def test_what_most_other_papers_have_as_a_name_may_be_one_though_the_network_finds_none():
    rates = np.array([[0.1, 0.9, 0.0, 0.0], [0.4, 0.0, 0.4, 0.0]], dtype=np.float32)
    candidates = candidates_of(["We", "use", "BERT", "to", "read"], Known(np.array([2, 4]), np.array([3, 5]), rates))
    assert candidates.keys() == {2}
    assert candidates[2].evidence == pytest.approx((np.log(0.2 / 0.8), 1, 0.1, 1.0))  # the rate is that of its label


def test_names_that_no_other_paper_has_are_known_to_be_unknown():
    words = [*"abcdefghi", "a"]
    candidates = candidates_of(words, NOTHING_KNOWN, [Name(0, 9, 0), Name(0, 1, 0)])
    assert candidates[9].evidence == pytest.approx((np.log(0.2 / 0.8), 1, 0.0, 0.0))
    assert [place.start for place in candidates[9].places] == [0, 9]
    assert candidates_of(words, NOTHING_KNOWN, [Name(0, 9, 0)])[0].evidence[1] == 4


def test_what_is_found_does_not_depend_on_the_texts_beside(nlp, example_extractions):
    """Quantized networks scale by what they see: ours must not."""
    texts = [extraction.paper.text for extraction in example_extractions]
    together = [[(ent.text, ent.label_, ent._.score) for ent in doc.ents] for doc in nlp.pipe(texts)]
    alone = [[(ent.text, ent.label_, ent._.score) for ent in nlp(text).ents] for text in reversed(texts)]
    assert together == alone[::-1]


def test_the_least_score_can_be_chosen(nlp, example_extractions):
    text = example_extractions[0].paper.text
    recognizer = nlp.get_pipe("kg_recognizer")
    usual = recognizer.min_score
    try:
        recognizer.min_score = 0.9
        sure = [ent.text for ent in nlp(text).ents]
    finally:
        recognizer.min_score = usual
    assert sure == [ent.text for ent in nlp(text).ents if ent._.score >= 0.9]
