"""Hugging Face papers, asked by huggingface_hub (the extra `hf`).

`hf:2025-10-31` is a day's list, `hf:2025-W44` a week's, `hf:2025-10` a month's; anything else is searched for.
"""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from kg.errors import Location, RecordError
from kg.schema import Paper
from kg.sources.extras import needs
from kg.sources.hub_papers import paper_from_hub
from kg.sources.network import BUSY, TIMEOUT_SECONDS, patiently, unreachable
from kg.sources.options import Options

if TYPE_CHECKING:
    from huggingface_hub.hf_api import PaperInfo

_PERIODS = {"date": r"\d{4}-\d\d-\d\d", "week": r"\d{4}-W\d\d", "month": r"\d{4}-\d\d"}
_PAGE_SIZE = 100
_MOST_FOUND = 120  # what a search gives at most


def search(query: str, options: Options) -> Iterator[Paper | RecordError]:
    """Yields the papers of a day, week or month, or those that a query finds."""
    with needs("hf"):
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]
        from huggingface_hub.utils import get_session  # type: ignore[attr-defined]

    api = HfApi(token=False)
    get_session().timeout = TIMEOUT_SECONDS  # it has none of its own
    period = next(({name: query} for name, form in _PERIODS.items() if re.fullmatch(form, query)), None)

    def page(number: int) -> list["PaperInfo"]:
        if period:
            return list(api.list_daily_papers(**period, p=number, limit=_PAGE_SIZE))  # type: ignore[arg-type]
        return list(api.list_papers(query=query, limit=min(options.limit, _MOST_FOUND))) if number == 0 else []

    source = f"hf:{query}"
    try:
        yield from _papers(page, source, options.limit)
    except (HTTPError, OSError, ValueError, TypeError) as error:
        raise unreachable(source, error) from None


def _papers(page: Callable[[int], list["PaperInfo"]], source: str, limit: int) -> Iterator[Paper | RecordError]:
    """Asks for pages until one is empty, as that alone says that there are no more."""
    given = 0
    for number in range(limit):
        listed = patiently(lambda number=number: page(number), _is_worth_another_try)  # type: ignore[misc]
        if not listed:
            return
        for found in listed[: limit - given]:
            given += 1
            at = Location(source, given)
            try:
                yield paper_from_hub(_fields(found), at, str(at))
            except RecordError as error:
                yield error
        if given >= limit:
            return


def _is_worth_another_try(error: Exception) -> bool:
    from huggingface_hub.errors import HfHubHTTPError, HTTPError  # type: ignore[attr-defined]

    if isinstance(error, HfHubHTTPError):
        return error.response.status_code in BUSY
    return isinstance(error, HTTPError)


def _fields(found: "PaperInfo") -> dict[str, Any]:
    """The fields as the service's answer has them."""
    return {
        "id": found.id,
        "title": found.title,
        "summary": found.summary,
        "authors": [author.name for author in found.authors or ()],
        "publishedAt": f"{found.published_at:%Y-%m-%d}" if found.published_at else None,
        "upvotes": found.upvotes,
        "organization": found.organization.fullname if found.organization else None,
        "githubRepo": found.github_repo,
        "projectPage": found.project_page,
        "ai_keywords": found.ai_keywords,
    }
