"""Training itself, on a few sentences of our own: what comes out has learned, and is the same each time."""

# ruff: noqa: E402  # what training needs may be absent, and then its tests skip

import re

import numpy as np
import pytest
import spacy

for package in ("floret", "onnx", "sklearn", "torch"):
    pytest.importorskip(package, reason="training needs the extra `train`")

import torch

import kg
from kg.errors import SourceError
from kg.nlp import load
from kg.nlp.abbreviations import Abbreviations
from kg.nlp.crf import LABELS, TAGS
from kg.nlp.lexicon import NOTHING_KNOWN
from kg.nlp.linear import Linear
from kg.nlp.network import Network, Text
from kg.nlp.recognizer import Candidate, Place
from kg.nlp.results import Results
from kg.nlp.roles import Roles
from kg.schema import Abbreviation, Label, Mention, Role
from kg.sources import example
from kg.training.abbreviations import train_abbreviations
from kg.training.batches import Collection
from kg.training.calibrate import calibrate
from kg.training.export import texts_graph, words_graph
from kg.training.fit import fit
from kg.training.gold import GoldPaper, GoldResult, Split, gold_doc, read_gold
from kg.training.lexicon import count_names, known_elsewhere
from kg.training.linear import fit_choice
from kg.training.pretrain import pretrain
from kg.training.results import train_results
from kg.training.roles import annotated_doc, train_roles
from kg.training.train import Settings, train
from kg.training.vectors import train_vectors
from kg.training.words import count_words

CONFIG = {"nlp": {"tokenizer": {"@tokenizers": "kg.Tokenizer.v1"}}}


@pytest.fixture(scope="module")
def papers():
    return list(kg.read(example.path()))


@pytest.fixture(scope="module")
def pipeline(papers):
    """A tokenizer with vectors of our abstracts: real floret training."""
    pipeline = spacy.blank("en", config=CONFIG)
    pipeline.vocab.vectors.from_bytes(train_vectors(pipeline.make_doc(paper.text) for paper in papers))
    return pipeline


@pytest.fixture(scope="module")
def words(pipeline, papers):
    return count_words(pipeline.make_doc(paper.text) for paper in papers)


def nothing(share):
    assert 0 <= share <= 1


def test_word_vectors_are_learned_from_papers(pipeline):
    """Words never seen have vectors too, by their parts."""
    vectors = pipeline.vocab.vectors
    assert (vectors.mode, vectors.shape) == ("floret", (50_000, 96))
    assert pipeline("SparseNetwork")[0].vector.any()


def test_words_are_counted(words, pipeline):
    strings = pipeline.vocab.strings
    assert {words.rows[strings[word]] for word in ("the", "of")} <= set(range(1, 10))
    assert words.spreads[strings["the"]] == 5  # of 56 papers, 32 or more
    assert strings["BERT"] not in words.rows  # rows are of words in lower case


def test_pretraining_learns_which_words_fit(pipeline, papers, words):
    """The loss falls: of 3,000 words drawn beside it the right one becomes likelier."""
    collection = Collection.of((pipeline.make_doc(paper.text) for paper in papers), words, pipeline.vocab, longest=40)
    losses: list[float] = []
    pretrain(collection, epochs=12, progress=nothing, on_loss=losses.append)
    per_epoch = np.array(losses).reshape(12, -1).mean(axis=1)
    assert per_epoch[-1] < per_epoch[0] - 0.03


def test_the_exported_network_computes_what_was_trained(gold, pipeline, words):
    """8-bit numbers give nearly the scores of torch's, for texts of different length side by side."""
    docs = [gold_doc(pipeline, paper) for paper in read_gold(gold)][:5]
    collection = Collection.of(docs, words, pipeline.vocab, longest=12, lexicon=count_names(docs))
    assert all(len(text.known.rates) for text in collection.texts)
    tagger = fit(collection, range(5), epochs=20, progress=nothing)
    with torch.no_grad():  # so little learned, the lexicon would hardly be heard
        for lstm in (tagger.second.forwards, tagger.second.backwards):
            lstm.weight_ih_l0[:, -TAGS:] *= 30
        expected = [scores.numpy() for scores in tagger(collection.batch(range(5)))]
    network = Network(pipeline.vocab, words, words_graph(tagger.word), texts_graph(tagger))
    texts: list[Text] = list(collection.texts)
    for found, wanted in zip(network.scores(texts), expected, strict=True):
        for column, text in enumerate(texts):
            length = len(text.orths)
            difference = found[:length, column] - wanted[column, :length]
            assert np.abs(difference).max() < 0.05 * np.abs(wanted).max()
    (known, _), (unknown, _) = (
        network.scores(some) for some in (texts, [text._replace(known=NOTHING_KNOWN) for text in texts])
    )
    assert np.abs(known - unknown).max() > 0.05 * np.abs(expected[0]).max()


def test_fitting_is_the_same_each_time(gold, pipeline, words):
    torch.set_num_threads(1)
    docs = [gold_doc(pipeline, paper) for paper in read_gold(gold)]
    collection = Collection.of(docs, words, pipeline.vocab, longest=100)
    one, other = (fit(collection, range(20), epochs=1, progress=nothing).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_name_known_from_other_papers_tells_nothing_of_its_own(gold, pipeline):
    """What is learned from must look like what is read later: a paper's names count only in the others."""
    papers = list(read_gold(gold))
    docs = [gold_doc(pipeline, paper) for paper in (papers[0], papers[1], papers[0])]
    own, other, _ = docs
    alone = count_names([own])
    assert len(alone.known(own).rates) == 4
    assert len(known_elsewhere(alone, own).rates) == 0
    rates = known_elsewhere(count_names(docs), own).by_range()
    assert rates.keys() == alone.known(own).by_range().keys()  # of the third, which is like the first
    assert {ent.text for ent in other.ents} & {ent.text for ent in own.ents}
    for ent in own.ents:
        assert rates[ent.start, ent.end].argmax() == LABELS.index(ent.label_)


def test_papers_with_nothing_in_common_know_nothing_of_each_other(pipeline):
    one, other = (pipeline.make_doc(text) for text in ("BERT reads.", "Nothing here."))
    one.ents = [one.char_span(0, 4, "METHOD")]
    for docs, doc in (([one], other), ([other], one), ([], one)):
        assert len(known_elsewhere(count_names(docs), doc).rates) == 0


def test_papers_count_where_a_string_stands_outside_of_longer_names(pipeline):
    """`neural network` in `graph neural network` is no paper in which it is not a name; unmarked, it is one."""
    text = "A graph neural network is a neural network."
    longer, shorter = (text.index("graph"), text.index(" is")), (text.rindex("neural"), len(text) - 1)
    docs = []
    for kept, names in ((text, [longer, shorter]), (text[: shorter[0]] + "thing.", [longer]), (text, [])):
        docs.append(pipeline.make_doc(kept))
        docs[-1].ents = [docs[-1].char_span(*name, "METHOD") for name in names]
    lexicon = count_names(docs)
    assert {tuple(row) for row in lexicon.counts.tolist()} == {(3, 2, 0, 0, 0), (2, 1, 0, 0, 0)}


def fixed_candidates(doc):
    """Candidates in place of a trained network's: each is right where its rate says so, whatever the network thinks."""
    return [
        Candidate(1, 0, (logit, 1, rate, 1.0), [Place(token.i, None, None, None)])
        for token, logit, rate in zip(doc, (1.0, 1.0, -1.0, -1.0) * 2, (0.9, 0.1) * 4, strict=True)
    ]


def test_how_likely_a_name_is_right_is_learned_from_all_that_speaks_for_it(monkeypatch):
    """And with papers that tell nothing apart, it is the network's own probability again."""
    text = "a b c d e f g h"
    taught = GoldPaper("1", "", text, tuple(Mention(text[i], Label.METHOD, i, i + 1) for i in range(0, 16, 4)))
    pipeline = load()
    recognizer = pipeline.get_pipe("kg_recognizer")
    monkeypatch.setattr(recognizer, "candidates", lambda docs, *_: ((doc, fixed_candidates(doc)) for doc in docs))
    monkeypatch.setattr(recognizer, "pipe", lambda docs, *_, **__: docs)
    calibrate(pipeline, [taught])
    assert recognizer.score((-1.0, 1, 0.9, 1.0)) > 0.9 > 0.1 > recognizer.score((1.0, 1, 0.1, 1.0))
    assert recognizer.score((-1e9, 1, 0.9, 1.0)) in (0.0, 1.0)  # no overflow
    calibrate(pipeline, [GoldPaper("1", "", text, ())])
    assert recognizer.score((0.0, 4, 0.9, 1.0)) == 0.5


def test_roles_are_learned_and_survive_the_disk(nlp, gold, tmp_path):
    papers = list(read_gold(gold))
    train_roles(nlp, Split(papers, papers[::20])).to_disk(tmp_path / "roles")
    doc = gold_doc(nlp, papers[0])
    for ent in doc.ents:
        ent._.role = None
    for step in (nlp.get_pipe("sentencizer"), nlp.get_pipe("kg_abbreviations"), Roles().from_disk(tmp_path / "roles")):
        doc = step(doc)
    assert [ent._.role for ent in doc.ents] == [mention.role for mention in papers[0].mentions]


STATED = "Paper\nNet{n} is ours. It reaches 9{n}.5% accuracy on Set{n}. It improves accuracy by 1.{n}% over Old{n} on Set{n}."


def stated(number):
    """A paper that states a result and a difference, of our own."""
    text = STATED.format(n=number)
    names = ((f"Net{number}", "METHOD", "proposed"), ("accuracy", "METRIC", None), (f"Set{number}", "DATASET", "used"))
    names += ((f"Old{number}", "METHOD", "compared"),)
    mentions = [
        Mention(name, Label(label), found.start(), found.end(), Role(role) if role else None)
        for name, label, role in names
        for found in re.finditer(name, text)
    ]
    mentions.sort(key=lambda mention: mention.start)
    result = GoldResult(f"Net{number}", f"Set{number}", "accuracy", f"9{number}.5")
    return GoldPaper(str(number), "Paper", text, tuple(mentions), results=(result,))


DEFINITIONS = ("Gradual Lattice Search (GLS)", "Hidden Motion Warping (HMW)", "Noisy Kernel Tuning (NKT)")


def defining(number, text):
    """A paper with a name and its abbreviation in brackets behind it, and with another name in brackets."""
    long, short = text.removesuffix(")").split(" (")
    text = f"Paper\nHere is {text}. It wins on Old Gnomes (MNIST)."
    mentions = [
        Mention(name, Label(label), text.index(name), text.index(name) + len(name))
        for name, label in ((long, "METHOD"), (short, "METHOD"), ("Old Gnomes", "METHOD"), ("MNIST", "DATASET"))
    ]
    return GoldPaper(str(number), "Paper", text, tuple(mentions), (Abbreviation(short, long),))


def test_abbreviations_are_learned_and_survive_the_disk(nlp, tmp_path):
    papers = [defining(number, text) for number, text in enumerate(DEFINITIONS * 4)]
    train_abbreviations(nlp, papers).to_disk(tmp_path / "abbreviations")
    learned = Abbreviations().from_disk(tmp_path / "abbreviations")
    assert learned(gold_doc(nlp, defining(9, "Wide Yellow Triangles (WYT)")))._.abbreviations == [
        ("WYT", "Wide Yellow Triangles")
    ]
    assert Abbreviations()(gold_doc(nlp, papers[0]))._.abbreviations == []  # nothing learned, nothing found


def test_results_are_learned_and_survive_the_disk(nlp, tmp_path):
    papers = [stated(number) for number in range(8)]
    train_results(nlp, Split(papers, papers[:1])).to_disk(tmp_path / "results")
    doc = Results().from_disk(tmp_path / "results")(annotated_doc(nlp, stated(9)))
    assert [row[:4] for row in doc._.results] == [("Net9", "Set9", "accuracy", "99.5")]


def test_papers_without_statements_teach_no_results(nlp):
    text = "Paper\nNet1 is ours. We report accuracy."
    metric = Mention("accuracy", Label.METRIC, text.index("accuracy"), text.index("accuracy") + len("accuracy"))
    results = train_results(nlp, Split([GoldPaper("1", "Paper", text, (metric,))], []))
    assert results(annotated_doc(nlp, stated(9)))._.results == []


def test_a_choice_goes_to_the_candidate_that_has_what_right_ones_had():
    usual, mark, other = (np.array([row]) for row in range(3))
    marked = np.concatenate([usual, mark])
    choices = [[usual, marked], [marked, usual, usual], [other, marked, marked]] * 5
    right = [[False, True], [True, False, False], [False, True, True]] * 5
    scorer = fit_choice(choices, right, 1.0, start=Linear(4))
    scores = [float(scorer.scores(rows)[0]) for rows in (usual, marked, other)]
    assert scores[1] > max(scores[0], scores[2])
    assert scorer.scores(np.array([3])) == 0  # in no candidate


def test_what_was_learned_before_stays_where_nothing_speaks_against_it():
    first, second, third = (np.array([row]) for row in range(3))
    before = fit_choice([[first, second], [second, third]] * 9, [[True, False]] * 18, 0.1, start=Linear(3))
    after = fit_choice([[first, second]] * 9, [[False, True]] * 9, 0.1, start=before)
    assert before.scores(first) > before.scores(second) > before.scores(third)
    assert after.scores(second) > after.scores(first) and after.scores(third) == before.scores(third)


def test_a_file_of_one_paper_is_too_little_to_learn_from(gold, papers, tmp_path):
    one = tmp_path / "one.jsonl"
    one.write_text(gold.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    with pytest.raises(SourceError, match=r"one\.jsonl: too few annotated papers"):
        train([one, gold], papers, tmp_path / "model", work=tmp_path / "work")
    assert not (tmp_path / "work").exists()


def test_training_gives_a_pipeline_that_learned(gold, papers, tmp_path):
    """The whole way, with real vectors and pretraining, on our own abstracts."""
    steps = set()
    settings = Settings(epochs=160, last_epochs=20)

    def refuse(step, share):
        raise AssertionError(f"{step} is done already")

    (tmp_path / "more").mkdir()
    more = tmp_path / "more" / gold.name
    more.write_text(gold.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    train(
        [gold, more],
        papers,
        tmp_path / "model",
        work=tmp_path / "work",
        dev=gold,
        settings=settings,
        progress=lambda step, share: steps.add(step),
    )
    load.cache_clear()  # it kept the pipeline of before its scores were written
    pipeline = load(tmp_path / "model")
    assert pipeline.meta["performance"]["mentions F1"] > 0.8
    hashes = pipeline.meta["trained_on"]["gold_sha256"]
    assert [(name, len(digest)) for name, digest in hashes] == [(gold.name, 64), (more.name, 64)]
    assert hashes[0] != hashes[1]
    assert {ent.text for ent in pipeline("Paper\nWe propose BERT, a network.").ents} == {"BERT"}
    assert {"vectors", "words", "language", "names", "names, first file"} <= steps
    # Again, from the steps that were kept: the same, at once.
    train([gold, more], papers, tmp_path / "again", work=tmp_path / "work", dev=gold, settings=settings, progress=refuse)
    weights = [(tmp_path / name / "kg_recognizer" / "weights").read_bytes() for name in ("model", "again")]
    assert weights[0] == weights[1]
    # The words of the texts stay out of what ships.
    assert "SparseNet" not in (tmp_path / "model" / "vocab" / "strings.json").read_text()
