import pytest

import kg
from kg.sources.files import TextFile
from kg.sources.hf_page import read
from kg.sources.options import Options

PLAIN = """Get trending papers in your email inbox once a day!
Get trending papers in your email inbox!
SubscribeMask R-CNN
We extend Faster R-CNN by a branch for masks \\eg for \\textit{COCO}.
A Second Paper
Its abstract.
"""

BLOCKS = """new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Oct 31

First Paper

Its abstract,
on two lines.

  • 6 authors
·
Jul 9, 2020

Second Paper

Another abstract.

someorg Some Org
·
Sep 30 21

Third Paper

No byline here.

·
May 4, 2023 1
"""


def papers(text, **options):
    return list(read(TextFile.from_bytes(text.encode(), "folder/page.txt", Options(**options))))


def test_plain_layout():
    first, second = papers(PLAIN)
    assert first.title == "Mask R-CNN"
    assert first.abstract == "We extend Faster R-CNN by a branch for masks \\eg for \\textit{COCO}."
    assert first.source == "page.txt:3"
    assert (second.title, second.source) == ("A Second Paper", "page.txt:5")


def test_blocks_layout():
    first, second, third = papers(BLOCKS)
    assert (first.title, first.abstract) == ("First Paper", "Its abstract,\non two lines.")
    assert (first.published, first.upvotes, first.organization) == ("2020-07-09", None, None)
    assert (second.upvotes, second.organization) == (21, "someorg Some Org")
    assert (third.published, third.upvotes, third.organization) == ("2023-05-04", 1, None)


def test_a_date_without_year_is_of_the_year_past_the_greatest_printed():
    assert papers(BLOCKS)[1].published == "2024-09-30"


def test_a_caller_knows_the_year_better():
    assert papers(BLOCKS, year=2025)[1].published == "2025-09-30"


def test_a_page_of_this_year_only_has_no_year_to_tell():
    page = BLOCKS.replace(", 2020", "").replace(", 2023", "")
    assert [paper.published for paper in papers(page)] == [None, None, None]


def test_a_title_without_abstract_at_the_end_is_reported():
    *found, error = papers(PLAIN + "A Lonely Title\n")
    assert len(found) == 2
    assert str(error).startswith("folder/page.txt:7: no abstract after the title 'A Lonely Title'")


def test_a_title_without_abstract_in_the_middle_shifts_nothing():
    first, error, last = papers(PLAIN.replace("A Second", "A Lonely Title\nA Second"))
    assert (first.title, last.title) == ("Mask R-CNN", "A Second Paper")
    assert "no abstract after the title 'A Lonely Title'" in str(error)


@pytest.mark.parametrize("head", ["Subscribe\nMask", "Mask"])
def test_the_first_title_need_not_be_glued(head):
    assert [paper.title for paper in papers(PLAIN.replace("SubscribeMask", head))] == ["Mask R-CNN", "A Second Paper"]


def test_large_counts_and_titles_like_dates():
    page = (
        BLOCKS.replace("6 authors", "1,024 authors").replace("Jul 9, 2020", "Jul 9, 2020 1.2k").replace("Second Paper", "Phi 3")
    )
    assert [(paper.title, paper.upvotes) for paper in papers(page)] == [
        ("First Paper", 1200),
        ("Phi 3", 21),
        ("Third Paper", 1),
    ]


def test_a_date_line_that_is_none_is_reported():
    *found, error = papers(BLOCKS.replace("May 4, 2023 1", "May 4, 2023 1.2.3"))
    assert len(found) == 2
    assert "no date after the title 'Third Paper'" in str(error)


def test_a_cut_off_page_is_reported():
    *found, error = papers(BLOCKS + "\nA Fourth\n\nWhose date was cut off.\n")
    assert len(found) == 3
    assert "no date after the title 'A Fourth'" in str(error)


@pytest.mark.parametrize("text", [PLAIN, BLOCKS])
def test_content_tells_the_reader(tmp_path, text):
    page = tmp_path / "misnamed.json"
    page.write_text(text, encoding="utf-8")
    assert next(kg.read(page)).abstract


def test_the_four_seed_pages(shared):
    """Listings as the pages print them, and papers by distinct title, in file order."""
    pages = sorted((shared / "seeds").glob("*.txt"))
    listings = [list(kg.read(page)) for page in pages]
    assert [len(listed) for listed in listings] == [119, 254, 228, 102]
    from kg.papers import collect

    seen = [len(collect(paper for listed in listings[: n + 1] for paper in listed)) for n in range(4)]
    assert [after - before for before, after in zip([0, *seen], seen, strict=False)] == [119, 232, 193, 89]
    assert all(paper.title and len(paper.abstract) > 200 for listed in listings for paper in listed)
    assert {paper.published[:4] for paper in listings[3]} <= {str(year) for year in range(2015, 2026)}
