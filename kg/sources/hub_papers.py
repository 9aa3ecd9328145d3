"""Papers as Hugging Face describes them: in its pages' data and in the answers of its interface."""

from collections.abc import Mapping
from typing import Any

from kg.errors import Location
from kg.schema import Paper
from kg.sources.records import paper_from_record


def paper_from_hub(listed: Mapping[str, Any], at: Location, source: str) -> Paper:
    """Reads a paper, or an entry of a day's list with the paper in it; raises `RecordError` where there is no title."""
    inner = listed.get("paper")
    described = {**listed, **inner} if isinstance(inner, Mapping) else listed
    organization = described.get("organization")
    record = {
        "arxiv_id": described.get("id"),
        "title": _line(described.get("title")),
        "abstract": _line(described.get("summary")),
        "authors": described.get("authors"),
        "published": described.get("publishedAt"),
        "upvotes": described.get("upvotes"),
        "organization": organization.get("fullname") if isinstance(organization, Mapping) else organization,
        "code": described.get("githubRepo"),
        "project": described.get("projectPage"),
        "keywords": described.get("ai_keywords"),
    }
    return paper_from_record(record, at, source)


def _line(text: object) -> object:
    return " ".join(text.split()) if isinstance(text, str) else text
