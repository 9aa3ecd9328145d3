"""Records with named fields, as JSON objects and table rows give them, read as papers."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kg.errors import Location, RecordError
from kg.papers import arxiv_id, clean, doi, make_paper, partial_date
from kg.schema import Link, LinkRole, Paper

# The usual names of each field, the first found wins; compared without case, `-` and space as `_`.
_FIELDS = {
    "title": ("title", "paper_title"),
    "abstract": ("abstract", "summary", "paper_abstract", "description"),
    "authors": ("authors", "author", "creators"),
    "published": ("published", "date", "publication_date", "published_at", "publishedat", "submitted", "year"),
    "venue": ("venue", "conference", "journal", "journal_ref", "booktitle"),
    "organization": ("organization", "organisation", "affiliation"),
    "upvotes": ("upvotes",),
    "arxiv": ("arxiv_id", "arxiv", "eprint"),
    "doi": ("doi",),
    "id": ("id", "paper_id"),
}
_LINK_FIELDS = {
    LinkRole.CODE: ("code", "code_url", "github", "repository", "repo_url"),
    LinkRole.PROJECT: ("project", "project_page", "project_url", "homepage"),
    LinkRole.OTHER: ("url", "link", "urls", "links", "url_abs", "paper_url"),
}
TITLE_NAMES = frozenset(_FIELDS["title"])
_WEB = re.compile(r"https?://\S+")


def paper_from_record(record: object, at: Location, source: str) -> Paper:
    """Reads one record; `at` is named in errors, `source` is kept in the paper.

    Fields that no paper attribute takes are kept in `extra`, as are values that don't fit theirs.
    Raises `RecordError` where there is no title.

    >>> record = {"title": "Adam", "summary": "We ...", "id": "1412.6980v9", "year": 2014, "track": "oral"}
    >>> paper = paper_from_record(record, Location("papers.jsonl", 1), "papers.jsonl:1")
    >>> paper.id, paper.published, paper.extra
    ('arxiv:1412.6980', '2014', {'track': 'oral'})
    """
    if not isinstance(record, Mapping):
        raise RecordError(f"a {type(record).__name__}, not an object with fields", at=at, remedy='write {"title": …}')
    try:
        fields = _Fields(record)
    except RecursionError:
        raise RecordError("nested too deeply", at=at, remedy="give the fields of papers") from None
    title, abstract = fields.text("title"), fields.text("abstract")
    if not title:
        raise RecordError("no title", at=at, remedy="name the field `title`; found: " + (", ".join(map(str, record)) or "none"))
    arxiv, digital_object = fields.identifiers()
    links = fields.links()
    return make_paper(
        title,
        abstract or "",
        arxiv=arxiv,
        doi=digital_object,
        authors=fields.authors(),
        published=fields.parsed("published", partial_date),
        venue=fields.text("venue"),
        organization=fields.text("organization"),
        upvotes=fields.parsed("upvotes", _count),
        links=links,
        source=source,
        extra=fields.rest(),
    )


def field_name(name: str) -> str:
    """A field's name as the tables above spell it.

    >>> field_name("Paper Title")
    'paper_title'
    """
    return re.sub(r"[\s-]", "_", name.strip().lower())


def spoken(name: str) -> str:
    """A name in the order in which it is spoken.

    >>> spoken("Lovelace, Ada"), spoken("King, Martin, Jr.")
    ('Ada Lovelace', 'Martin King Jr.')
    """
    surname, *rest = (part.strip() for part in name.split(","))
    return " ".join(filter(None, [*rest[:1], surname, *rest[1:]]))


def as_mapping(value: object) -> Mapping[str, Any]:
    """The value, if it is an object with fields, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: object) -> list[Any]:
    """The value, if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


class _Fields:
    """A record's values by the field they stand for; what is taken is crossed off, the rest remains."""

    def __init__(self, record: Mapping[Any, Any]):
        plain = {clean(str(name)): _plain(value) for name, value in record.items()}
        self._left = {name: value for name, value in plain.items() if not _is_missing(value)}
        self._spelled = {field_name(name): name for name in self._left}

    def _names(self, aliases: tuple[str, ...]) -> Iterator[str]:
        names = (self._spelled[alias] for alias in aliases if alias in self._spelled)
        return (name for name in names if name in self._left)

    def text(self, field: str) -> str | None:
        """A field's text as it is; numbers are written out, anything deeper or blank is left for `extra`."""
        found: str | None = self.parsed(field, lambda text: text)
        return found

    def parsed(self, field: str, parse: Callable[[str], Any]) -> Any:
        """A field's text read by a function; where that gives None the raw value is left for `extra`."""
        for name in self._names(_FIELDS[field]):
            value = self._left[name]
            if field in ("arxiv", "id", "doi") and isinstance(value, float):
                continue  # 2305.14310 as a number has lost its last digit
            if isinstance(value, str | int | float) and (found := parse(str(value))) is not None:
                del self._left[name]
                return found
        return None

    def identifiers(self) -> tuple[str | None, str | None]:
        """The arXiv identifier and the DOI, from their own fields, `id`, or an address."""
        arxiv = self.parsed("arxiv", arxiv_id) or self.parsed("id", arxiv_id) or self.parsed("doi", arxiv_id)
        digital_object = self.parsed("doi", doi) or self.parsed("id", doi)
        for name in self._names(_LINK_FIELDS[LinkRole.OTHER]):
            address = str(self._left[name])
            arxiv = arxiv or ("arxiv.org/" in address and arxiv_id(address)) or None
            digital_object = digital_object or ("doi.org/" in address and doi(address)) or None
        return arxiv, digital_object

    def authors(self) -> list[str]:
        """Names from a list of strings or of objects with a `name`, or from one string."""
        for name in self._names(_FIELDS["authors"]):
            value = self._left[name]
            listed = _split_authors(value) if isinstance(value, str) else value
            if not isinstance(listed, list):
                continue
            names = [author.get("name") if isinstance(author, Mapping) else author for author in listed]
            if all(isinstance(author, str) for author in names):
                del self._left[name]
                return [str(author).strip() for author in names if str(author).strip()]
        return []

    def links(self) -> list[Link]:
        """Web addresses in the fields known for them."""
        found: list[Link] = []
        for role, aliases in _LINK_FIELDS.items():
            for name in list(self._names(aliases)):
                value = self._left[name]
                addresses = value if isinstance(value, list) else [value]
                if all(isinstance(address, str) and _WEB.fullmatch(address.strip()) for address in addresses):
                    del self._left[name]
                    found.extend(Link(address.strip(), role) for address in addresses)
        return found

    def rest(self) -> dict[str, Any]:
        return dict(self._left)


def _is_missing(value: object) -> bool:
    return value in (None, [], {}) or (isinstance(value, str) and not value.strip())


def _plain(value: object) -> Any:
    """A value as JSON can hold it: texts cleaned, numbers that are none as None, anything unknown written out."""
    if isinstance(value, Mapping):
        return {clean(str(name)): _plain(item) for name, item in value.items()}
    if isinstance(value, set | frozenset):
        return [_plain(item) for item in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int) else clean(str(value))


def _split_authors(names: str) -> list[str]:
    if ";" in names:
        return names.split(";")
    return [author for group in re.split(r",?\s+and\s+", names) for author in _split_at_commas(group)]


def _split_at_commas(names: str) -> list[str]:
    parts = names.split(",")
    # A comma divides names only where each part looks like a full one: not in "Doe, Jane".
    return parts if all(" " in part.strip() for part in parts) else [names]


def _count(text: str) -> int | None:
    found = re.fullmatch(r"\s*(\d{1,12})(?:\.0)?\s*", text)
    return int(found[1]) if found else None
