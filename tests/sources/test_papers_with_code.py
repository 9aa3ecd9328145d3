"""Papers with Code's archived dumps, in their form, with texts of our own."""

import gzip
import json

import kg
from kg.errors import KgError
from kg.papers import collect

PAGE = "https://paperswithcode.com/paper/attention-is-all-you-need"
PAPER = {
    "paper_url": PAGE,
    "arxiv_id": "1706.03762",
    "nips_id": "7181",
    "openreview_id": None,
    "title": "Attention Is All You Need",
    "abstract": "We build a model of attention alone.",
    "short_abstract": "We build.",
    "url_abs": "http://arxiv.org/abs/1706.03762v5",
    "url_pdf": "http://arxiv.org/pdf/1706.03762v5.pdf",
    "proceeding": "NeurIPS 2017 12",
    "authors": ["Ashish Vaswani", "Noam Shazeer"],
    "tasks": ["Machine Translation"],
    "date": "2017-06-12",
    "conference_url_abs": None,
    "conference_url_pdf": None,
    "conference": "attention-is-all-you-need-1",
    "reproduces_paper": None,
    "methods": [
        {
            "name": "Label Smoothing",
            "full_name": "Label Smoothing",
            "description": "Not kept.",
            "introduced_year": 1985,
            "source_url": None,
            "source_title": None,
            "code_snippet_url": "",
            "main_collection": {"name": "Regularization", "description": "", "parent": None, "area": "General"},
        }
    ],
}
LINK = {
    "paper_url": PAGE,
    "paper_title": "Attention Is All You Need",
    "paper_arxiv_id": "1706.03762",
    "paper_url_abs": "http://arxiv.org/abs/1706.03762v5",
    "paper_url_pdf": "http://arxiv.org/pdf/1706.03762v5.pdf",
    "repo_url": "https://github.com/a/b",
    "is_official": True,
    "mentioned_in_paper": True,
    "mentioned_in_github": False,
    "framework": "tf",
}
ROW = {
    "code_links": [{"title": "a/b", "url": "https://github.com/a/b"}],
    "metrics": {"BLEU score": "41.0", "Params": "213M"},
    "model_links": [],
    "model_name": "Transformer Big",
    "paper_date": "2017-06-12",
    "paper_title": "Attention Is All You Need",
    "paper_url": "http://arxiv.org/abs/1706.03762v5",
    "uses_additional_data": False,
}
TABLE = {
    "categories": ["Natural Language Processing"],
    "datasets": [
        {
            "dataset": "WMT2014 English-French",
            "dataset_citations": [],
            "dataset_links": [],
            "description": "",
            "sota": {"metrics": ["BLEU score"], "rows": [ROW, ROW | {"paper_url": "", "paper_title": ""}]},
            "subdatasets": [],
        }
    ],
    "description": "",
    "source_link": None,
    "subtasks": [],
    "synonyms": [],
    "task": "Machine Translation",
}


def dump(path, records):
    path.write_bytes(gzip.compress(json.dumps(records, indent=1).encode()))
    return path


def read(*paths):
    skipped: list[KgError] = []
    return list(kg.read(paths, on_skip=skipped.append)), [str(error) for error in skipped]


def test_papers_keep_tasks_and_methods(tmp_path):
    (paper,), skipped = read(dump(tmp_path / "papers-with-abstracts.json.gz", [PAPER]))
    assert not skipped
    assert (paper.id, paper.published, paper.venue) == ("arxiv:1706.03762", "2017-06-12", "NeurIPS 2017 12")
    assert paper.extra == {
        "papers_with_code": PAGE,
        "tasks": ["Machine Translation"],
        "methods": [{"name": "Label Smoothing", "full_name": "Label Smoothing", "area": "General"}],
    }


def test_the_fields_of_others_are_kept(tmp_path):
    """As records of conferences name them."""
    theirs = {"title": "T", "summary": "We build.", "doi": "10.1000/x", "paper_url": "https://a.example/1", "track": "oral"}
    (paper,), skipped = read(dump(tmp_path / "theirs.json.gz", [theirs]))
    assert not skipped
    assert (paper.id, paper.abstract, paper.extra) == ("doi:10.1000/x", "We build.", {"track": "oral"})
    assert [link.url for link in paper.links] == ["https://a.example/1"]


def test_links_join_their_papers(tmp_path):
    links = [LINK, LINK | {"repo_url": "https://github.com/c/d", "is_official": False, "mentioned_in_paper": False}]
    sources = dump(tmp_path / "papers.json.gz", [PAPER]), dump(tmp_path / "links.json.gz", links)
    (paper,) = collect(read(*sources)[0])
    assert paper.abstract == PAPER["abstract"]
    assert {(link.url, str(link.role)) for link in paper.links} == {
        ("http://arxiv.org/abs/1706.03762v5", "other"),
        ("https://github.com/a/b", "code"),
        ("https://github.com/c/d", "other"),
    }


def test_results_join_their_papers(tmp_path):
    deeper = TABLE | {"datasets": [], "subtasks": [TABLE], "task": "Translation"}
    sources = dump(tmp_path / "papers.json.gz", [PAPER]), dump(tmp_path / "tables.json.gz", [deeper])
    listed, skipped = read(*sources)
    (paper,) = collect(listed)
    assert "2 results of 'Translation' name no paper" in skipped[0]
    assert paper.extra["tasks"] == ["Machine Translation"]
    assert paper.extra["results"][0] == {
        "task": "Machine Translation",
        "dataset": "WMT2014 English-French",
        "method": "Transformer Big",
        "metric": "BLEU score",
        "value": "41.0",
    }
    assert [link.url for link in paper.links if link.role == "code"] == ["https://github.com/a/b"]


def test_wrong_types_do_no_harm(tmp_path):
    for record in (PAPER, LINK, TABLE):
        odd = dict.fromkeys(record, 5)
        papers, skipped = read(dump(tmp_path / "a.json.gz", [record, odd, 5]))
        assert len(papers) in (1, 2)
        assert len(skipped) <= 2
