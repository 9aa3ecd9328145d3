"""OpenAlex, asked by pyalex (the extra `openalex`).

The query is words, or a filter as its manual has it (https://docs.openalex.org/api-entities/works/filter-works):
`openalex:knowledge graph`, `openalex:filter=publication_year:2024,type:article`. It asks for an e-mail address
(`Options.email`) and answers those faster who give one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.errors import Location, RecordError, SourceError
from kg.schema import Paper
from kg.sources.extras import needs
from kg.sources.network import Patient, mount, unreachable
from kg.sources.openalex import paper_from_work
from kg.sources.options import Options

if TYPE_CHECKING:
    import pyalex

_PAGE_SIZE = 200
_FILTER = "filter="


def search(query: str, options: Options) -> Iterator[Paper | RecordError]:
    """Yields the papers that a query finds, the best first."""
    with needs("openalex"):
        import pyalex
    import requests

    source = f"openalex:{query}"
    pyalex.config.email = options.email
    pages = _asked(query, source).paginate(per_page=min(_PAGE_SIZE, options.limit), n_max=options.limit)
    mount(pages._session, Patient())  # pyalex sets no time-out
    number = 0
    try:
        for page in pages:
            for work in page[: options.limit - number]:
                number += 1
                at = Location(source, number)
                try:
                    yield paper_from_work(work, at, str(at))
                except RecordError as error:
                    yield error
    except (requests.RequestException, ValueError, KeyError) as error:  # also an answer that is not as documented
        raise unreachable(source, error) from None


def _asked(query: str, source: str) -> "pyalex.Works":
    import pyalex

    if not query.startswith(_FILTER):
        return pyalex.Works().search(query)
    pairs = [pair.partition(":") for pair in query.removeprefix(_FILTER).split(",")]
    if not all(name.strip() and value.strip() for name, _, value in pairs):
        raise SourceError("no filter", at=Location(source), remedy="write filter=NAME:VALUE,NAME:VALUE")
    # Given as a list, a name may be repeated; `filter` would join its values by `+`, which not every filter knows.
    return pyalex.Works({"filter": [f"{name.strip()}:{value.strip()}" for name, _, value in pairs]})
