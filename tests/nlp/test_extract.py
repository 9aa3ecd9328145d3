"""The shipped pipeline on sentences of our own, and its rules on names that we put into a document by hand."""

import pytest
from spacy.tokens import Doc, Span

import kg
from kg.nlp import STEPS, fingerprint
from kg.nlp.roles import is_own
from kg.papers import make_paper

ABSTRACT = (
    "We propose SparseNet, a convolutional neural network trained with stochastic gradient descent. "
    "On ImageNet, SparseNet reaches 81.3% top-1 accuracy, while ResNet-50 stays at 76.1%. "
    "We also evaluate image classification on CIFAR-10. Code is available at https://github.com/a/sparse_net."
)


@pytest.fixture(scope="module")
def found() -> kg.Extraction:
    (extraction,) = kg.extract([make_paper("SparseNet: Fast Image Classification", ABSTRACT)])
    return extraction


def named(extraction, label):
    return {mention.text for mention in extraction.mentions if mention.label == label}


def test_the_model_reads_a_plain_abstract(found):
    assert {"SparseNet", "ResNet-50", "stochastic gradient descent"} <= named(found, "METHOD")
    assert {"ImageNet", "CIFAR-10"} <= named(found, "DATASET")
    assert "image classification" in named(found, "TASK")
    assert "top-1 accuracy" in named(found, "METRIC")


def test_roles_are_those_of_the_text(found):
    roles = {(mention.text, str(mention.role)) for mention in found.mentions}
    assert ("SparseNet", "proposed") in roles
    assert ("ImageNet", "used") in roles


def test_only_methods_and_datasets_have_roles(found):
    assert all((mention.role is not None) == (mention.label in ("METHOD", "DATASET")) for mention in found.mentions)


def test_every_occurrence_of_a_name_is_a_mention(found):
    text = found.paper.text
    assert sum(mention.text == "SparseNet" for mention in found.mentions) == text.count("SparseNet")


def test_every_mention_has_a_score_the_same_wherever_the_name_stands(found):
    assert all(0 < mention.score <= 1 for mention in found.mentions)
    assert len({mention.score for mention in found.mentions if mention.text == "SparseNet"}) == 1


def test_results_carry_method_dataset_and_place(found):
    result = next(result for result in found.results if result.value == "81.3")
    assert (result.method, result.dataset, result.metric) == ("SparseNet", "ImageNet", "top-1 accuracy")
    assert (result.number, result.percent) == (81.3, True)
    assert found.paper.text[result.start : result.end] == "81.3"


def test_nothing_in_an_address_is_a_mention(found):
    (link,) = found.links
    assert link.url == "https://github.com/a/sparse_net"
    assert not any(mention.start < link.end and link.start < mention.end for mention in found.mentions)


@pytest.mark.parametrize(("kept", "known"), [(10**9, True), (0, False)])
def test_words_of_the_first_papers_are_kept_and_later_ones_forgotten(nlp, monkeypatch, kept, known):
    """So that the tokenizer is fast, and memory does not grow with the papers; what is found is the same."""
    monkeypatch.setattr(kg.nlp, "_WORDS_KEPT", kept)
    word = f"Blorptron{kept}"
    (extraction,) = kg.extract([make_paper(f"{word}: A Transformer", f"We propose {word}, trained on ImageNet.")])
    assert [mention.text for mention in extraction.mentions] == [word, "Transformer", word, "ImageNet"]
    assert (word in nlp.vocab.strings) == known


def test_a_paper_met_twice_is_read_once_in_the_order_first_met():
    papers = [make_paper("B"), make_paper("A"), make_paper("b")]
    assert [extraction.paper.title for extraction in kg.extract(papers)] == ["B", "A"]


def test_processes_do_not_change_what_is_found():
    papers = [make_paper(f"SparseNet {number}", ABSTRACT) for number in range(70)]  # several batches
    assert list(kg.extract(papers, jobs=2)) == list(kg.extract(papers))


def annotated(nlp, text, **spans):
    """A document with entities where we say, run through the steps behind the recognizer."""
    doc = nlp.make_doc(text)
    doc.ents = [doc.char_span(text.index(name), text.index(name) + len(name), label) for name, label in spans.items()]
    after = [name for name, _ in STEPS][2:]
    doc._.urls = []
    for name in after:
        doc = nlp.get_pipe(name)(doc)
    return doc


@pytest.mark.parametrize(
    "text",
    ["graph network (GN)", "graph network~(GN)", "GN (graph network)", "“graph network” [GN]", "graph network model (GN)"],
)
def test_abbreviations_on_either_side_of_a_bracket(nlp, text):
    doc = annotated(nlp, f"We use a {text} here.", **{"graph network": "METHOD", "GN": "METHOD"})
    assert doc._.abbreviations == [("GN", "graph network")]


def test_a_title_that_begins_with_an_abbreviation(nlp):
    doc = annotated(nlp, "GN: graph network for all\nWe use GN.", **{"graph network": "METHOD", "GN": "METHOD"})
    assert doc._.abbreviations == [("GN", "graph network")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We use image classification (ImageNet) here.", ["image classification", "ImageNet"]),
        ("We use a graph network and a generative Newton step.", ["graph network", "generative Newton step"]),
        ("An LM is one of many LMs.", ["LM", "LMs"]),
    ],
)
def test_names_that_are_not_short_for_each_other(nlp, text, names):
    assert annotated(nlp, text, **dict.fromkeys(names, "METHOD"))._.abbreviations == []


@pytest.mark.parametrize("found", ["trainable graph retrieval network", "retrieval network", "trainable graph", None])
def test_the_letters_of_an_abbreviation_mend_the_borders_of_its_long_form(nlp, found):
    """In all places, and with the label of the short form."""
    text = "A trainable graph retrieval network (GRN) is new. A graph retrieval network is fast, and so is retrieval network 2."
    doc = annotated(nlp, text, GRN="METHOD", **({found: "TASK"} if found else {}))
    assert doc._.abbreviations == [("GRN", "graph retrieval network")]
    assert [(ent.text, ent.label_) for ent in doc.ents][:2] == [("graph retrieval network", "METHOD"), ("GRN", "METHOD")]
    assert [ent.text for ent in doc.ents].count("graph retrieval network") == 2


@pytest.mark.parametrize(
    "text", ["RGB-D Video Net (DVN) is new.", "We build on Deep [1] Video Net (DVN) here.", "Deep\n\nVideo Net (DVN)"]
)
def test_no_part_of_a_word_and_nothing_beyond_a_bracket_is_a_long_form(nlp, text):
    doc = annotated(nlp, text, DVN="METHOD")
    assert doc._.abbreviations == [] and [ent.text for ent in doc.ents] == ["DVN"]


def test_both_forms_of_a_pair_are_names_in_the_end(nlp):
    text = "We present a Deep Graph Network (GN) and later Deep Graph Network (DGN) here."
    doc = annotated(nlp, text, GN="METHOD", DGN="METHOD")
    assert {name for pair in doc._.abbreviations for name in pair} <= {ent.text for ent in doc.ents}
    assert ("DGN", "Deep Graph Network") in doc._.abbreviations


def test_a_name_is_short_for_one_string_alone(nlp):
    names = ("Graph Network", "graph network", "GN")
    doc = annotated(nlp, "Graph Network for all\nThe graph network (GN) is ours.", **dict.fromkeys(names, "METHOD"))
    assert doc._.abbreviations == [("GN", "graph network")]


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("It has an accuracy of 92.1% on MNIST.", ["92.1"]),
        ("It reaches 92.1%, 93.4% and 95.2% accuracy.", ["92.1", "93.4", "95.2"]),
        ("It improves accuracy by 2.1%.", []),
        ("It has an accuracy of 92.1% after 3.5 days of training.", ["92.1"]),
        ("It improves accuracy by up to 2.1%, from 90.0% to 92.1%.", ["92.1"]),
        ("It lifts accuracy (90.0% → 92.1%).", ["92.1"]),
        ("Its accuracy is 92.1%, compared with 97.0% of humans.", ["92.1"]),
        ("A gain of 3.0% accuracy over the baseline.", []),
        ("It yields a 5.1% accuracy improvement.", []),
        ("5.1% accuracy improvement is seen.", []),
        ("92.1% accuracy is what we do more", ["92.1"]),
        ("We show (1) better accuracy and (2) less cost.", []),
        ("It reaches an accuracy of 93.1% over all of the 22 benchmarks.", ["93.1"]),
    ],
)
def test_results_are_values_and_not_differences(nlp, sentence, values):
    assert [row[3] for row in annotated(nlp, sentence, accuracy="METRIC")._.results] == values


def test_values_and_datasets_in_a_row_belong_together(nlp):
    text = "It has an accuracy of 98.2% and 91.0% on MNIST and CIFAR-10, respectively."
    doc = annotated(nlp, text, accuracy="METRIC", MNIST="DATASET", **{"CIFAR-10": "DATASET"})
    assert [(row[1], row[3]) for row in doc._.results] == [("MNIST", "98.2"), ("CIFAR-10", "91.0")]


def test_the_only_dataset_of_a_paper_is_meant_where_none_is_named(nlp):
    doc = annotated(nlp, "We work on MNIST. We reach an accuracy of 98.2%.", accuracy="METRIC", MNIST="DATASET")
    assert [(row[1], row[3]) for row in doc._.results] == [("MNIST", "98.2")]


def test_a_result_is_of_the_method_that_the_sentence_is_about(nlp):
    text = "We release MNIST. ResNet reaches an accuracy of 98.2% on MNIST."
    doc = annotated(nlp, text, accuracy="METRIC", MNIST="DATASET", ResNet="METHOD")
    assert [row[0] for row in doc._.results] == ["ResNet"]


def test_what_is_found_survives_spacy_serialization(nlp):
    doc = nlp(f"SparseNet\n{ABSTRACT}")
    restored = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [list(row) for row in restored._.results] == [list(row) for row in doc._.results]
    assert [ent._.role for ent in restored.ents] == [ent._.role for ent in doc.ents]
    assert all(isinstance(ent, Span) for ent in restored.ents)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("BERT: a title\nWe like it.", True),
        ("A title\nWe propose a novel BERT, a network.", True),
        ("A title\nThis paper introduces the BERT (a network).", True),
        ("On BERT\nWe present BERT to all.", True),
        ("A title\nWe propose networks beside BERT, a network.", False),
        ("A title\nOthers propose BERT to all.", False),
    ],
)
def test_what_a_paper_calls_its_own_is_proposed(nlp, text, own):
    doc = nlp.make_doc(text)
    start = 0 if text.startswith("BERT") else text.rindex("BERT")
    doc.ents = [doc.char_span(start, start + 4, "METHOD")]
    assert is_own(doc.ents[0], doc.text) == own


@pytest.mark.parametrize("library", ["numpy", "onnxruntime", "spacy", "tldextract"])
def test_another_version_of_a_library_below_makes_another_pipeline(nlp, tmp_path, monkeypatch, library):
    before = fingerprint(nlp)
    (tmp_path / f"{library}-0.dist-info").mkdir()
    (tmp_path / f"{library}-0.dist-info" / "METADATA").write_text(f"Name: {library}\nVersion: 0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert fingerprint(nlp) != before
