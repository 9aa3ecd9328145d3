"""Hugging Face papers pages as HTML, through `kg.read`: in the form of theirs, with entries of our own."""

import html
import json

import pytest

import kg
from kg.errors import KgError

DAILY = {
    "dateString": "October 31",
    "dailyPapers": [
        {
            "paper": {
                "id": "1706.03762",
                "authors": [{"_id": "1", "name": "Ashish Vaswani", "hidden": False}, {"_id": "2", "name": "Noam Shazeer"}],
                "publishedAt": "2017-06-12T17:57:34.000Z",
                "title": "Attention Is All You Need",
                "summary": 'We build a model\nof attention "alone" & A < B.',
                "upvotes": 12,
                "githubRepo": "https://github.com/a/b",
                "projectPage": "https://a.example/",
                "organization": {"name": "google", "fullname": "Google"},
            },
            "publishedAt": "2025-10-31T00:00:00.000Z",
            "title": "Attention Is All You Need",
            "summary": 'We build a model\nof attention "alone" & A < B.',
            "numComments": 1,
            "submittedBy": {"fullname": "Somebody"},
        },
        {"paper": {"id": "2", "title": "", "summary": "No title."}, "title": ""},
    ],
}
PAGE = """<!doctype html>
<html class=""><head><meta charset="utf-8"><title>Daily Papers - Hugging Face</title></head><body>
<div class="SVELTE_HYDRATER contents" data-target="MainHeader" data-props="{props}"></div>
<main><div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{data}">
<p>Get trending papers in your email inbox!</p>
<article class="relative"><a href="/papers/1706.03762"></a>
<div><h3 class="mb-1"><a href="/papers/1706.03762">Attention Is
  All You Need</a></h3><p>We build a model of attention &amp; more.</p>
<a href="https://github.com/a/b">code</a><time datetime="2017-06-12T17:57:34">Jun 12</time></div></article>
<article><h3><a href="https://huggingface.co/papers/1412.6980">Adam</a></h3></article>
</div></main>
"""


def read(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    skipped: list[KgError] = []
    papers = list(kg.read(path, on_skip=skipped.append))
    return papers, [str(error).replace(str(path), "FILE") for error in skipped]


def page(data, props="{&quot;a&quot;:1}"):
    return PAGE.replace("{data}", html.escape(data)).replace("{props}", props)


def test_the_data_of_the_page(tmp_path):
    (paper,), skipped = read(tmp_path / "papers.html", page(json.dumps(DAILY)))
    assert (paper.id, paper.title, paper.published) == ("arxiv:1706.03762", "Attention Is All You Need", "2017-06-12")
    assert paper.abstract == 'We build a model of attention "alone" & A < B.'
    assert (paper.authors, paper.upvotes) == (("Ashish Vaswani", "Noam Shazeer"), 12)
    assert (paper.organization, paper.source) == ("Google", "papers.html:1")
    assert {link.url: str(link.role) for link in paper.links} == {
        "https://github.com/a/b": "code",
        "https://a.example/": "project",
    }
    assert skipped[0].startswith("FILE:2: no title")


@pytest.mark.parametrize("data", ["", "{", "[]", "[" * 100_000])
def test_the_articles_where_the_data_is_gone(tmp_path, data):
    (attention, adam), skipped = read(tmp_path / "a.html", page(data))
    assert not skipped
    assert (attention.id, attention.title, attention.published) == (
        "arxiv:1706.03762",
        "Attention Is All You Need",
        "2017-06-12",
    )
    assert attention.abstract == "We build a model of attention & more."
    assert [link.url for link in attention.links] == ["https://github.com/a/b"]
    assert (adam.id, adam.abstract) == ("arxiv:1412.6980", "")


def test_a_page_of_one_paper(tmp_path):
    papers, _ = read(tmp_path / "a.html", page(json.dumps({"paper": DAILY["dailyPapers"][0]["paper"], "comments": []})))
    assert [paper.id for paper in papers] == ["arxiv:1706.03762"]


@pytest.mark.parametrize("text", ["<html>", "<!DOCTYPE html><p>" + "<div>" * 1_000_000, b"<html>\xff\x00<article"])
def test_other_pages_are_one_line(tmp_path, text):
    papers, skipped = read(tmp_path / "a.html", text)
    assert not papers
    assert len(skipped) == 1


def test_a_month_of_papers_in_one_attribute(tmp_path):
    many = {"dailyPapers": [{"id": f"1706.{number:05}", "title": "T", "summary": "x" * 20_000} for number in range(600)]}
    assert len(read(tmp_path / "a.html", page(json.dumps(many)))[0]) == 600
