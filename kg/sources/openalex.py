"""OpenAlex works, one JSON object a line or a saved answer of its interface (https://docs.openalex.org/api-entities/works)."""

import re
from collections.abc import Iterator, Mapping

from kg.errors import Location, RecordError
from kg.papers import arxiv_id
from kg.schema import Paper
from kg.sources import json_records
from kg.sources.files import TextFile
from kg.sources.records import as_list, as_mapping, paper_from_record

_WORK = re.compile(r'"abstract_inverted_index"\s*:|"id"\s*:\s*"https://openalex\.org/W')
# What a work tells that no field of ours takes; the rest of its hundred fields is looked up by its id.
_KEPT = ("type", "language", "cited_by_count", "is_retracted")


def matches(head: str) -> bool:
    """Whether a text that begins so is JSON with OpenAlex works."""
    return json_records.matches(head) and _WORK.search(head) is not None


def read(file: TextFile) -> Iterator[Paper | RecordError]:
    """Yields one paper a work."""
    for found in json_records.values(file):
        if isinstance(found, RecordError):
            yield found
            continue
        value, line = found
        results = value.get("results") if isinstance(value, Mapping) else None
        for work in results if isinstance(results, list) else [value]:
            try:
                yield paper_from_work(work, file.at(line), file.provenance(line))
            except RecordError as error:
                yield error


def paper_from_work(work: object, at: Location, source: str) -> Paper:
    """Reads one work; raises `RecordError` where it has no title."""
    if not isinstance(work, Mapping):
        raise RecordError(f"a {type(work).__name__}, not a work", at=at, remedy="give works as OpenAlex does")
    primary = as_mapping(work.get("primary_location"))
    addresses = [str(as_mapping(place).get("landing_page_url") or "") for place in as_list(work.get("locations"))]
    record = {
        "title": work.get("title") or work.get("display_name"),
        "abstract": _abstract(work.get("abstract_inverted_index")),
        "authors": [_author(each) for each in as_list(work.get("authorships"))],
        "published": work.get("publication_date") or work.get("publication_year"),
        "venue": as_mapping(primary.get("source")).get("display_name"),
        "doi": work.get("doi"),
        "arxiv_id": next((found for text in addresses if "arxiv.org/" in text and (found := arxiv_id(text))), None),
        "openalex": work.get("id"),
        "topics": [as_mapping(topic).get("display_name") for topic in as_list(work.get("topics"))],
    }
    return paper_from_record(record | {name: work.get(name) for name in _KEPT}, at, source)


def _abstract(inverted: object) -> str:
    """The text of an index from words to their positions.

    >>> _abstract({"the": [0, 2], "cat,": [1], "dog": [3]})
    'the cat, the dog'
    """
    places = ((place, str(word)) for word, places in as_mapping(inverted).items() for place in as_list(places))
    return " ".join(word for _, word in sorted(place for place in places if isinstance(place[0], int)))


def _author(authorship: object) -> str:
    fields = as_mapping(authorship)
    return str(as_mapping(fields.get("author")).get("display_name") or fields.get("raw_author_name") or "")
