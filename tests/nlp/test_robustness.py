"""Any text at all is read, and what is found is where it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.nlp import analyse
from kg.papers import make_paper

PIECES = [
    *"We propose SparseNet , a network ( BERT ) trained on ImageNet with 81.3 % top-1 accuracy . \n".split(" "),
    "graph neural network (GNN)",
    "https://github.com/a/b_c.",
    "\\emph{BERT}~(B)",
    "$\\alpha$-VAE",
    "&lt;b&gt;",
    "<p>GAN</p>",
    "&amp;",
    "ﬁne-tuning",
    "—",
    "‐",
    "\u202eשלום BERT\u202c",
    "图像分类",
    "e\u0301",
    "👩‍💻",
    "\x00",
    "\x1b[0m",
    "\ud800",
    "\u2028",
    "\r\n",
    "\t",
]


def spans(extraction):
    yield from ((m.text, m.start, m.end) for m in extraction.mentions)
    yield from ((result.value, result.start, result.end) for result in extraction.results)


@settings(max_examples=80)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=60), st.sampled_from(["", " ", "  "]))
def test_offsets_hold_for_any_text(pieces, between):
    paper = make_paper("On BERT and ImageNet", between.join(pieces))
    (extraction,) = analyse([paper])
    assert all(paper.text[start:end] == text for text, start, end in spans(extraction))
    assert all(link.start < link.end <= len(paper.text) for link in extraction.links)
    ends = [0, *(mention.end for mention in extraction.mentions)]
    assert all(end <= mention.start for end, mention in zip(ends, extraction.mentions, strict=False))


@pytest.mark.parametrize(
    "abstract",
    [
        "",
        "BERT",
        "x" * 100_000,
        "BERT " * 20_000,
        "We train BERT on ImageNet. " * 4_000,
        " ".join(f"name{number}" for number in range(15_000)),
        "\n\n\n",
        "图像分类" * 50,
        "no full stop but a variational autoencoder and a graph neural network on CIFAR-10 and so on",
    ],
    ids=["empty", "word", "letters", "words", "sentences", "distinct", "lines", "Chinese", "unended"],
)
def test_odd_abstracts_are_read_too(abstract):
    paper = make_paper("A title", abstract)
    (extraction,) = kg.extract([paper])
    assert all(paper.text[start:end] == text for text, start, end in spans(extraction))


def test_a_long_text_is_read_to_its_end():
    (extraction,) = kg.extract([make_paper("A title", "Nothing is said here. " * 2_000 + "We evaluate on ImageNet.")])
    assert [mention.text for mention in extraction.mentions] == ["ImageNet"]
