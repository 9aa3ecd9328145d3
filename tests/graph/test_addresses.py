import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.addresses import address
from kg.graph.assemble import assemble
from kg.papers import make_paper
from kg.schema import Extraction, Link, LinkRole


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.org/b", "https://a.org/b"),
        ("https://www.a.org/b", "https://a.org/b"),
        ("https://A.org/b", "https://a.org/b"),
        ("https://a.org/b/", "https://a.org/b"),
        ("https://a.org:443/b", "https://a.org/b"),
        ("https://a.org/b#top", "https://a.org/b"),
        ("a.github.io", "https://a.github.io/"),
        ("https://github.com/A/B.git", "https://github.com/a/b"),
        ("https://github.com/A/B.git/", "https://github.com/a/b"),
    ],
)
def test_one_address(one, other):
    assert address(one) == address(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.org/b", "https://a.org/B"),
        ("https://a.org/b?v=1", "https://a.org/b?v=2"),
        ("https://a.org/b", "https://b.org/b"),
        ("https://github.com/a/b", "https://github.com/a/b/tree/main"),
        ("ftp://a.org/b", "https://a.org/b"),
    ],
)
def test_two_addresses(one, other):
    assert address(one).folded != address(other).folded


@pytest.mark.parametrize(
    ("url", "owner", "repository"),
    [
        ("https://github.com/a/b/tree/main/c", "a", "b"),
        ("https://github.com/a", "a", None),
        ("https://huggingface.co/datasets/a/b", "a", "b"),
        ("https://huggingface.co/a/b", "a", "b"),
        ("https://huggingface.co/datasets", None, None),
        ("https://github.com", None, None),
        ("https://a.org/b/c", None, None),
    ],
)
def test_owner_and_repository(url, owner, repository):
    assert (address(url).owner, address(url).repository) == (owner, repository)


@given(st.text(max_size=40).map("https://{}".format) | st.text(max_size=40))
def test_any_text_has_a_folded_form_that_folds_to_itself(url):
    folded = address(url).folded
    assert address(folded).folded == folded


def test_links_of_metadata_join_those_of_the_text():
    paper = make_paper("A", "B", links=[Link("http://github.com/a/b/", LinkRole.CODE)])
    graph = assemble([Extraction(paper, links=(Link("https://github.com/A/B", LinkRole.CODE, 0, 1),))])
    (key,) = (node for node in graph if node.startswith("url:"))
    assert [*graph.get_edge_data(paper.id, key)] == ["has_code"]
    assert graph.nodes[key] == {
        "kind": "url",
        "label": "http://github.com/a/b/",
        "url": "http://github.com/a/b/",
        "host": "github.com",
        "owner": "a",
        "repository": "b",
        "aliases": {"https://github.com/A/B": 1},
        "papers": 1,
    }
