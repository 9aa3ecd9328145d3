from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.names import bases, fold, members
from kg.graph.resolve import Resolver
from kg.papers import make_paper
from kg.schema import Abbreviation, Extraction, Label, Mention


def extraction(title, *names, label=Label.METHOD, **abbreviations):
    """A paper with these names in it; spans do not matter here."""
    mentions = tuple(Mention(name, label, 0, len(name)) for name in names)
    return Extraction(make_paper(title), mentions, tuple(Abbreviation(*pair) for pair in abbreviations.items()))


def keys(extractions, label=Label.METHOD):
    """The entities of each paper's names."""
    resolver = Resolver(extractions)
    return [[resolver.resolve(e.paper.id, label, m.text)[0].key for m in e.mentions] for e in extractions]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Transformer", "transformers"),
        ("CIFAR-10", "CIFAR10"),
        ("ImageNet-1K", "imagenet-1k"),
        ("cross-entropy", "cross entropy"),
        ("the Pile", "Pile"),
        ("LSTMs", "LSTM"),
        ("memories", "Memory"),
        ("ﬁne-tuning", "fine-tuning"),
        ("WMT'14", "WMT14"),
    ],
)
def test_spellings_of_one_name(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPT-2", "GPT-3"),
        ("CIFAR-10", "CIFAR-100"),
        ("WMT14", "WMT16"),
        ("C", "C++"),
        ("C++", "C#"),
        ("GPT-3.5", "GPT-35"),
        ("Llama 2 7B", "Llama 27B"),
        ("MAS", "MA"),
        ("A*", "A"),
    ],
)
def test_names_that_are_not_one(one, other):
    assert fold(one) != fold(other)


@given(st.text())
def test_any_name_folds_to_something(name):
    assert bool(fold(name)) or not name.strip()


def test_a_series_counts_for_its_members():
    assert members("CIFAR-10/100") == ("CIFAR-10", "CIFAR-100")
    assert members("TCP/IP") == ("TCP/IP",)
    assert members("1/2") == ("1/2",)


def test_the_label_is_the_most_frequent_full_spelling():
    papers = [
        extraction("a", "long short-term memory", "LSTM", LSTM="long short-term memory"),
        extraction("b", "Long Short-Term Memory", "LSTM", "LSTM"),
        extraction("c", "Long Short-Term Memory"),
    ]
    (entity,) = Resolver(papers).resolve(papers[1].paper.id, Label.METHOD, "LSTM")
    assert (entity.key, entity.label) == ("method:long-short-term-memory", "Long Short-Term Memory")
    assert entity.aliases == {"LSTM": 3, "long short-term memory": 1}


def test_an_undefined_abbreviation_goes_where_most_papers_send_it():
    defined = [extraction(f"d{n}", "graph network", "GN", GN="graph network") for n in range(3)]
    *_, undefined = keys([*defined, extraction("u", "GN")])
    assert undefined == ["method:graph-network"]


def test_an_ambiguous_abbreviation_stays_by_itself_where_it_is_undefined():
    one = extraction("a", "graph network", "GN", GN="graph network")
    other = extraction("b", "group normalization", "GN", GN="group normalization")
    assert keys([one, other, extraction("u", "GN")]) == [
        ["method:graph-network", "method:graph-network"],
        ["method:group-normalization", "method:group-normalization"],
        ["method:gn"],
    ]


def test_a_method_and_a_dataset_of_one_name_stay_two():
    papers = [extraction("a", "X"), extraction("b", "X", label=Label.DATASET)]
    resolver = Resolver(papers)
    assert resolver.resolve("", Label.METHOD, "X")[0].key == "method:x"
    assert resolver.resolve("", Label.DATASET, "X")[0].key == "dataset:x"


def test_names_with_one_slug_get_a_hash_each():
    (found,) = keys([extraction("a", "C", "C++", "C#", "++")])
    assert len(set(found)) == 4
    assert all(key.startswith("method:c-") for key in found[:3])


def test_the_order_of_papers_does_not_matter():
    papers = [
        extraction("a", "graph network", "GN", GN="graph network"),
        extraction("b", "group normalization", "GN", "C", "C++", GN="group normalization"),
        extraction("c", "GN", "graph networks"),
    ]
    found = [dict(zip((e.paper.title for e in order), keys(order), strict=True)) for order in permutations(papers)]
    assert all(each == found[0] for each in found)
