"""Where papers can be read about: the page behind each of their identifiers."""

from collections.abc import Mapping
from typing import Any

from kg.papers import kept_doi


def paper_pages(node: str, data: Mapping[str, Any]) -> list[str]:
    """The addresses of a paper's pages at arXiv and of its DOI.

    >>> paper_pages("arxiv:1706.03762", {"extra": {"doi": "10.1000/x"}})
    ['https://arxiv.org/abs/1706.03762', 'https://doi.org/10.1000/x']
    """
    scheme, _, name = node.partition(":")
    prefixes = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/"}
    pages = [prefixes[scheme] + name] if scheme in prefixes else []
    digital_object = kept_doi(data.get("extra", {}))
    return [*pages, prefixes["doi"] + digital_object] if digital_object else pages
