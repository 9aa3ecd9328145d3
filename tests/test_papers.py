from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.papers import clean, collect, identify, make_paper, merge, partial_date, slug
from kg.schema import Link, LinkRole, Paper

any_text = st.text(st.characters())  # lone surrogates among them


@given(any_text)
def test_cleaning_keeps_offsets_and_leaves_nothing_that_xml_forbids(text):
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    cleaned.encode()  # no lone surrogate is left
    assert all(new in (old, "\N{REPLACEMENT CHARACTER}") for old, new in zip(text, cleaned, strict=True))
    assert clean(cleaned) == cleaned


@given(any_text)
def test_any_title_gives_an_identifier(title):
    assert make_paper(title).id.startswith("paper:")


def test_the_strongest_identifier_wins():
    assert identify("Adam", arxiv="1412.6980", doi="10.1000/x") == "arxiv:1412.6980"
    assert identify("Adam", doi="10.1000/x") == "doi:10.1000/x"
    assert identify("Adam").startswith("paper:adam-")


def test_titles_that_differ_in_case_and_punctuation_are_one_paper():
    assert len(collect([make_paper("Mask R-CNN"), make_paper("mask r cnn!")])) == 1


def test_titles_without_letters_are_not_merged_with_each_other():
    assert len(collect([make_paper("???"), make_paper("!!!")])) == 2


def test_a_paper_met_with_and_without_identifier_is_one():
    (paper,) = collect([make_paper("Adam", "We introduce Adam."), make_paper("Adam", arxiv="1412.6980", upvotes=3)])
    assert (paper.id, paper.abstract, paper.upvotes) == ("arxiv:1412.6980", "We introduce Adam.", 3)


def test_no_identifier_is_lost_where_records_merge():
    records = [make_paper("Adam", doi="10.1000/x"), make_paper("Adam", arxiv="1412.6980"), make_paper("Adam")]
    for order in permutations(records):
        (paper,) = collect(order)
        assert (paper.id, paper.extra) == ("arxiv:1412.6980", {"doi": "10.1000/x"})


def test_two_arxiv_papers_of_one_title_stay_two():
    papers = [make_paper("A Survey", arxiv="2001.00001"), make_paper("A Survey", arxiv="2002.00002"), make_paper("A survey")]
    assert len(collect(papers)) == 3


def test_two_dois_of_one_paper_contradict_nothing():
    records = [make_paper("Adam", arxiv="1412.6980", doi=doi) for doi in ("10.1000/a", "10.1000/b")]
    papers = collect([*records, make_paper("ADAM")])
    assert [paper.id for paper in papers] == ["arxiv:1412.6980"]
    assert collect(papers) == papers


def test_a_shared_doi_makes_one_paper_of_two_titles():
    papers = [make_paper("Adam", arxiv="1412.6980", doi="10.1000/x"), make_paper("Adam: A Method", doi="10.1000/x")]
    assert [paper.id for paper in collect(papers)] == ["arxiv:1412.6980"]


def test_a_doi_that_is_none_makes_no_papers_one():
    papers = [make_paper("Adam", extra={"doi": "N/A"}), make_paper("Dropout", extra={"doi": "N/A"})]
    assert collect(papers) == papers


def test_what_is_no_doi_gives_way_to_one():
    placeholder = {"doi": "N/A"}
    assert make_paper("Adam", arxiv="1412.6980", doi="10.1000/adam", extra=placeholder).extra["doi"] == "10.1000/adam"
    records = [
        make_paper("Adam", "An optimizer.", extra=placeholder),
        make_paper("Adam", arxiv="1412.6980", doi="10.1000/adam"),
    ]
    assert [paper.extra["doi"] for paper in collect(records)] == ["10.1000/adam"]


@pytest.mark.parametrize("wrong", [{"id": "hf:1"}, {"id": "method:bert"}, {"published": "June 2017"}])
def test_a_paper_that_would_break_the_graph_cannot_be_made(wrong):
    with pytest.raises(ValueError):
        Paper(**{"id": "paper:1", "title": "T"} | wrong)


def test_identifiers_stay_short_enough_for_addresses():
    assert len(make_paper("word " * 50_000).id) < 250


def test_merging_does_not_depend_on_order():
    records = [
        make_paper("Adam", "Short.", published="2014", authors=["D. Kingma"]),
        make_paper("ADAM", "A longer abstract.", extra={"track": "oral"}),
        make_paper("Adam", arxiv="1412.6980", published="2014-12-22", links=[Link("https://a.org", LinkRole.CODE)]),
    ]
    merged = {repr(merge(order)) for order in permutations(records)}
    assert len(merged) == 1
    paper = merge(records)
    assert (paper.title, paper.abstract, paper.published) == ("ADAM", "A longer abstract.", "2014-12-22")
    assert paper.authors == ("D. Kingma",)
    assert paper.extra == {"track": "oral"}


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2017", "2017"),
        ("2014.0", "2014"),
        ("2017-06", "2017-06"),
        ("June 12, 2017", "2017-06-12"),
        ("2017-06-12T17:57:34Z", "2017-06-12"),
        ("0001-01-01T00:00:00", "0001-01-01"),
    ],
)
def test_dates_keep_their_precision(text, date):
    assert partial_date(text) == date


@pytest.mark.parametrize("text", ["", "soon", "June 12", "2017-13-45", "99999999999999"])
def test_what_names_no_year_is_no_date(text):
    assert partial_date(text) is None


@given(any_text)
def test_slugs_hold_letters_digits_and_single_hyphens_only(text):
    assert all(part.isalnum() for part in slug(text).split("-") if slug(text))
