from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.graph.known import Known, KnownEntity
from kg.graph.names import bases, fold, members
from kg.graph.resolve import AbbreviationRules, Resolver
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


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("Llama 2 7B", ["Llama 2", "Llama"]),
        ("ViT-L/14", ["ViT"]),
        ("ResNet-50", ["ResNet"]),
        ("ImageNet-1k", ["ImageNet"]),
        ("SQuAD2.0", ["SQuAD2", "SQuAD"]),
        ("Llama 3.1", ["Llama 3", "Llama"]),
        ("YOLOv3", ["YOLO"]),
        ("T5-large", ["T5"]),
        ("GPT-4o mini", ["GPT-4o", "GPT"]),
        ("WMT'14", ["WMT"]),
        ("S4", []),
        ("A3C", []),
        ("word2vec", []),
        ("U-Net", []),
        ("Q-learning", []),
    ],
)
def test_what_a_name_may_be_a_version_or_size_of(name, of):
    assert list(bases(name)) == of


@given(st.text())
def test_bases_are_shorter_and_shorter(name):
    lengths = [len(name), *map(len, bases(name))]
    assert lengths == sorted(set(lengths), reverse=True)


def test_a_variant_is_linked_to_the_nearest_that_papers_name():
    papers = [extraction("a", "Llama 2 7B", "Llama", "Llama 3"), extraction("b", "Llama 2", label=Label.DATASET)]
    of = {entity.key: entity.variant_of for entity in Resolver(papers).entities()}
    assert of == {
        "method:llama": None,
        "method:llama-2-7b": "method:llama",
        "method:llama-3": "method:llama",
        "dataset:llama-2": None,
    }


def test_known_names_come_before_what_papers_say_of_others():
    known = Known.of([KnownEntity(Label.METHOD, "BERT", ("bidirectional encoder",), source="known.csv")])
    papers = [extraction("a", "bidirectional encoder", "BERT", BERT="bidirectional encoder"), extraction("b", "BERTs")]
    (entity,) = Resolver(papers, known).resolve(papers[0].paper.id, Label.METHOD, "BERT")
    assert (entity.key, entity.aliases) == ("method:bert", {"BERTs": 1, "bidirectional encoder": 1})
    assert entity.reasons == {"BERTs": ("spelling",), "bidirectional encoder": ("listed in known.csv",)}


def test_what_a_paper_defines_comes_before_what_is_known():
    known = Known.of([KnownEntity(Label.METHOD, "convolutional neural network", ("CNN",))])
    papers = [extraction("a", "condensed nearest neighbour", "CNN", CNN="condensed nearest neighbour"), extraction("b", "CNN")]
    assert keys(papers)[0] == ["method:condensed-nearest-neighbour"] * 2
    (entity,) = Resolver(papers, known).resolve(papers[1].paper.id, Label.METHOD, "CNN")
    assert entity.key == "method:convolutional-neural-network"


@given(st.text())
@example("\N{ACUTE ACCENT}")
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


def test_a_lower_case_word_is_no_abbreviation():
    defined = extraction("d", "time transformer", "TRANSFORMER", TRANSFORMER="time transformer")
    assert keys([defined, extraction("u", "Transformer")])[1] == ["method:transformer"]


def test_one_paper_alone_does_not_say_what_many_mean():
    defined = extraction("d", "augmented realm", "AR", AR="augmented realm")
    few, many = [[defined, *(extraction(f"u{n}", "AR") for n in range(count))] for count in (10, 30)]
    assert keys(few)[1] == ["method:augmented-realm"]
    assert keys(many)[1] == ["method:ar"]


def test_how_many_papers_decide_can_be_set():
    papers = [extraction("d", "graph network", "GN", GN="graph network"), extraction("u", "GN")]
    strict = Resolver(papers, rules=AbbreviationRules(papers=2))
    assert strict.resolve(papers[1].paper.id, Label.METHOD, "GN")[0].key == "method:gn"


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
