"""OpenAlex works, through `kg.read`."""

import gzip
import json

import kg
from kg.errors import KgError

WORK = {
    "id": "https://openalex.org/W2963403868",
    "doi": "https://doi.org/10.48550/ARXIV.1706.03762",
    "title": "Attention Is All You Need",
    "display_name": "Attention Is All You Need",
    "publication_year": 2017,
    "publication_date": "2017-06-12",
    "type": "article",
    "language": "en",
    "cited_by_count": 1,
    "is_retracted": False,
    "primary_location": {"source": {"display_name": "arXiv"}, "landing_page_url": "http://arxiv.org/abs/1706.03762"},
    "locations": [{"landing_page_url": "http://arxiv.org/abs/1706.03762"}, {"landing_page_url": None}],
    "authorships": [{"author": {"display_name": "Ashish Vaswani"}}, {"author": {}, "raw_author_name": "N. Shazeer"}],
    "topics": [{"display_name": "Natural Language Processing"}],
    "abstract_inverted_index": {"Attention": [0, 3], "is": [1], "all:": [2]},
}


def read(path, content):
    path.write_bytes(content)
    skipped: list[KgError] = []
    return list(kg.read(path, on_skip=skipped.append)), [str(error) for error in skipped]


def test_works_line_by_line(tmp_path):
    lines = [json.dumps(WORK | {"doi": "https://doi.org/10.1000/X"}), json.dumps(WORK | {"abstract_inverted_index": None})]
    (paper, bare), skipped = read(tmp_path / "works.gz", gzip.compress("\n".join(lines).encode()))
    assert not skipped
    assert (paper.id, paper.extra["doi"], bare.id) == ("arxiv:1706.03762", "10.1000/x", "arxiv:1706.03762")
    assert (paper.abstract, bare.abstract) == ("Attention is all: Attention", "")
    assert (paper.authors, paper.venue, paper.published) == (("Ashish Vaswani", "N. Shazeer"), "arXiv", "2017-06-12")
    assert paper.extra["openalex"] == "https://openalex.org/W2963403868"
    assert paper.extra["topics"] == ["Natural Language Processing"]


def test_a_saved_answer_lists_works(tmp_path):
    answer = {"meta": {"count": 2}, "results": [WORK, {"id": "https://openalex.org/W1", "title": None}]}
    papers, skipped = read(tmp_path / "works.json", json.dumps(answer).encode())
    assert [paper.title for paper in papers] == ["Attention Is All You Need"]
    assert "no title" in skipped[0]


def test_wrong_types_do_no_harm(tmp_path):
    odd = dict.fromkeys(WORK, 5) | {"id": WORK["id"], "title": "A", "abstract_inverted_index": {"a": ["x", 1, None], "b": 2}}
    papers, _ = read(tmp_path / "a.jsonl", json.dumps(odd).encode())
    assert (papers[0].title, papers[0].abstract) == ("A", "a")
