"""Hugging Face papers pages (huggingface.co/papers) saved or fetched as HTML, parsed by lxml, which bounds its depth.

The page carries its papers as JSON in an attribute `data-props`; where a browser has thrown that away, its articles are read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kg.errors import RecordError, SourceError
from kg.papers import arxiv_id
from kg.schema import Paper
from kg.sources.files import TextFile
from kg.sources.hub_papers import paper_from_hub

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HTML = re.compile(r"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(r"/papers/(\S+)")


def matches(head: str) -> bool:
    """Whether a text begins as HTML does."""
    return _HTML.match(head) is not None


def read(file: TextFile) -> Iterator[Paper | RecordError]:
    """Yields the listed papers in the order of the page, numbered from 1.

    Raises:
        SourceError: The page lists none.
    """
    from lxml.html import HTMLParser, document_fromstring

    # A byte that is none of its encoding's is shown as browsers show it.
    text = re.sub("[\0\udc00-\udfff]", "\N{REPLACEMENT CHARACTER}", file.text())
    page = document_fromstring(text.encode(), parser=HTMLParser(encoding="utf-8", huge_tree=True))
    listed = list(_embedded(page)) or list(map(_from_article, page.iter("article")))
    if not listed:
        raise SourceError("no papers on this page", at=file.at(), remedy="save a page of huggingface.co/papers")
    for number, fields in enumerate(listed, start=1):
        try:
            yield paper_from_hub(fields, file.at(number), file.provenance(number))
        except RecordError as error:
            yield error


def _embedded(page: "HtmlElement") -> Iterator[Mapping[str, Any]]:
    for properties in page.xpath("//@data-props"):
        try:
            yield from _listed(json.loads(properties))
        except (ValueError, RecursionError):
            continue  # other elements' properties are none of our business


def _listed(value: object) -> Iterator[Mapping[str, Any]]:
    """The papers at any depth: the page's own lists of them are named differently from view to view."""
    if isinstance(value, list):
        for item in value:
            yield from _listed(item)
    elif isinstance(value, Mapping):
        inner = value.get("paper", value)
        if isinstance(inner, Mapping) and isinstance(inner.get("summary"), str) and "id" in inner:
            yield value
        else:
            yield from _listed(list(value.values()))


def _from_article(article: "HtmlElement") -> Mapping[str, Any]:
    addresses = article.xpath(".//a/@href")
    pages = [found[1] for address in addresses if (found := _PAGE.search(address))]
    return {
        "id": next((id for page in pages if (id := arxiv_id(page))), None),
        "title": next((heading.text_content() for heading in article.iter("h1", "h2", "h3", "h4")), ""),
        "summary": max((paragraph.text_content() for paragraph in article.iter("p")), key=len, default=""),
        "publishedAt": next(iter(article.xpath(".//time/@datetime")), None),
        "githubRepo": next((address for address in addresses if "//github.com/" in address), None),
    }
