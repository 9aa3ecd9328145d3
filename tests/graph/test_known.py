"""The curated list of names is consistent: what it says of one name it does not also say of another."""

import csv
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import kg.graph
from kg.errors import KgError
from kg.graph.known import read_known
from kg.graph.names import fold
from kg.schema import Label

KINDS = ("method", "dataset", "task", "metric")
PATH = Path(kg.graph.__file__).with_name("known.csv")

with PATH.open(encoding="utf-8", newline="") as file:
    READER = csv.DictReader(file)
    ENTRIES = list(READER)


def names(entry):
    """The name and its aliases."""
    return [entry["name"], *filter(None, entry["aliases"].split(" | "))]


def test_the_columns():
    assert READER.fieldnames == ["kind", "name", "aliases", "homepage", "better", "exact_match"]
    assert all(None not in entry and None not in entry.values() for entry in ENTRIES)


def test_there_are_enough():
    assert len(ENTRIES) >= 350
    assert {entry["kind"] for entry in ENTRIES} == set(KINDS)


def test_sorted_by_kind_and_name():
    order = [(entry["kind"], entry["name"].casefold()) for entry in ENTRIES]
    assert order == sorted(order)


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_stands_for_two_things(kind):
    folded = Counter(fold(name) for entry in ENTRIES if entry["kind"] == kind for name in names(entry))
    assert [name for name, count in folded.items() if count > 1] == []


def test_names_are_trimmed():
    assert [name for entry in ENTRIES for name in names(entry) if name != " ".join(name.split()) or "|" in name] == []


def test_only_metrics_have_a_better():
    assert {entry["better"] for entry in ENTRIES if entry["kind"] == "metric"} == {"high", "low", ""}
    assert {entry["better"] for entry in ENTRIES if entry["kind"] != "metric"} == {""}


def test_homepages_are_addresses():
    pages = [urlsplit(entry["homepage"]) for entry in ENTRIES if entry["homepage"]]
    assert pages
    assert [page.geturl() for page in pages if page.scheme not in ("http", "https") or "." not in page.netloc] == []


@pytest.mark.parametrize(
    ("variant", "base"),
    [
        ("CIFAR-10", "CIFAR"),
        ("GPT-3.5", "GPT-3"),
        ("ImageNet-1K", "ImageNet"),
        ("Kinetics-400", "Kinetics"),
        ("Llama 2", "LLaMA"),
        ("ResNet-50", "ResNet"),
        ("SQuAD 2.0", "SQuAD"),
    ],
)
def test_versions_and_sizes_are_entries_of_their_own(variant, base):
    assert {variant, base} <= {entry["name"] for entry in ENTRIES}


@pytest.mark.parametrize("page", ["zigzag.example", "http://[zigzag/", "https://zig zag.example"])
def test_a_page_that_leads_nowhere_is_refused_with_its_line(tmp_path, page):
    path = tmp_path / "names.csv"
    # A line separator of Unicode ends no line of a table.
    path.write_text(f'kind,name,homepage\ndataset,"Zig\u2028Zag",\nmethod,ZigZag,{page}\n', encoding="utf-8")
    with pytest.raises(KgError, match=r"names\.csv:3: .* is no web address"):
        read_known(path)


def test_lists_may_come_from_any_system(tmp_path):
    path = tmp_path / "names.csv"
    for end in ("\n", "\r\n", "\r"):
        path.write_bytes("\ufeffkind,name,aliases\ndataset,Zigzag\x85Set,ZZ\n".replace("\n", end).encode())
        assert read_known(path).get((Label.DATASET, "zz")).name == "Zigzag\x85Set"
