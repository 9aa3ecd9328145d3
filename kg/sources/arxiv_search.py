"""arXiv's search, asked by the package `arxiv` (the extra `arxiv`), which keeps to the three seconds between requests.

The query is as arXiv's manual has it (https://info.arxiv.org/help/api/user-manual.html#query_details), or identifiers:
`arxiv:cat:cs.CL AND ti:"knowledge graph"`, `arxiv:1706.03762,1810.04805`.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.errors import Location, RecordError
from kg.papers import arxiv_id
from kg.schema import Paper
from kg.sources.extras import needs
from kg.sources.network import RETRIES, Patient, mount, unreachable
from kg.sources.options import Options
from kg.sources.records import paper_from_record

if TYPE_CHECKING:
    import arxiv

_PAGE_SIZE = 200


def search(query: str, options: Options) -> Iterator[Paper | RecordError]:
    """Yields the papers that a query finds, the best first."""
    with needs("arxiv"):
        import arxiv
    import requests

    parts = re.split(r"[\s,]+", query.strip())
    ids = parts if all(map(arxiv_id, parts)) else []
    asked = arxiv.Search(query="" if ids else query, id_list=ids, max_results=options.limit)
    client = arxiv.Client(page_size=min(_PAGE_SIZE, options.limit), num_retries=RETRIES)
    mount(client._session, Patient(retries=0))  # it retries by itself, but would wait for ever
    source = f"arxiv:{query}"
    try:
        for number, result in enumerate(client.results(asked), start=1):
            at = Location(source, number)
            try:
                yield _paper(result, at, str(at))
            except RecordError as error:
                yield error
    except (arxiv.ArxivError, requests.RequestException) as error:
        raise unreachable(source, error) from None


def _paper(result: "arxiv.Result", at: Location, source: str) -> Paper:
    record = {
        "id": result.entry_id,
        "title": " ".join(result.title.split()),
        "abstract": " ".join(result.summary.split()),
        "authors": [author.name for author in result.authors],
        "published": f"{result.published:%Y-%m-%d}" if result.published else None,
        "venue": result.journal_ref,
        "doi": result.doi,
        "comment": result.comment,
        "categories": result.categories,
    }
    return paper_from_record(record, at, source)
