"""arXiv's XML: Atom as its search interface answers, and OAI-PMH in the forms arXiv, arXivRaw and oai_dc.

Read by defusedxml: entities are not expanded, and nothing that a document names is fetched.
"""

import re
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from kg.errors import Location, RecordError, SourceError
from kg.schema import Paper
from kg.sources.files import MAX_RECORD_CHARS, TextFile
from kg.sources.records import paper_from_record, spoken

_ROOT = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\])?>\s*)*)<(?:\w+:)?(?:feed|OAI-PMH)\b", re.DOTALL
)


def matches(head: str) -> bool:
    """Whether a text's first element is a feed or an answer of OAI-PMH."""
    return _ROOT.match(head) is not None


def read(file: TextFile) -> Iterator[Paper | RecordError]:
    """Yields one paper an entry or record; what is withdrawn, or an answer that is an error, is reported."""
    from defusedxml.ElementTree import iterparse

    with file.open() as stream:
        source = _Lines(file, stream)
        try:
            root, begun = None, 1
            for event, element in iterparse(source, events=("start", "end")):
                root = element if root is None else root
                kind = _local(element)
                if kind not in ("entry", "record", "error"):
                    continue
                if event == "start":
                    begun = source.line
                    continue
                try:
                    yield _PAPERS[kind](element, file.at(begun), file.provenance(begun))
                except RecordError as error:
                    yield error
                root.clear()
                source.since_record = 0
        except ParseError as error:
            reason = f"not XML: {error.msg}; nothing is read from here on"
            yield RecordError(reason, at=file.at(source.line), remedy="see whether the file was cut")
        except (ValueError, LookupError) as error:  # what defusedxml forbids, an encoding that expat does not know
            raise SourceError(f"refused: {error!r}", at=file.at(source.line), remedy="save it without entities") from None


class _Lines:
    """Gives the parser a line at a time, so that the line of each element is known."""

    def __init__(self, file: TextFile, stream: IO[bytes]):
        self._file, self._stream = file, stream
        self.line, self._ended = 0, True
        self.since_record = 0

    def read(self, size: int = -1, /) -> bytes:
        part = self._stream.readline(size)
        self.line += self._ended
        self._ended = part.endswith(b"\n")
        self.since_record += len(part)
        if self.since_record > MAX_RECORD_CHARS:
            reason = f"more than {MAX_RECORD_CHARS:,} bytes without a record"
            raise SourceError(reason, at=self._file.at(self.line), remedy="give a feed of papers")
        return part


def _from_entry(entry: Element, at: Location, source: str) -> Paper:
    address = _text(entry, "id")
    if "/api/errors" in address:
        raise RecordError(f"arXiv answered: {_text(entry, 'summary')}", at=at, remedy="ask again")
    record = {
        "id": address,
        "title": _text(entry, "title"),
        "abstract": _text(entry, "summary"),
        "authors": [_text(author, "name") for author in _children(entry, "author")],
        "published": _text(entry, "published"),
        "venue": _text(entry, "journal_ref"),
        "doi": _text(entry, "doi"),
        "comment": _text(entry, "comment"),
        "categories": [category.get("term", "") for category in _children(entry, "category")],
    }
    return paper_from_record(record, at, source)


def _from_record(record: Element, at: Location, source: str) -> Paper:
    header = _children(record, "header")
    identifier = _text(header[0], "identifier") if header else ""
    if header and header[0].get("status") == "deleted":
        raise RecordError(f"{identifier} was deleted", at=at, remedy="nothing to do: its source withdrew it")
    for metadata in _children(record, "metadata"):
        for described in metadata:
            fields = _dublin_core(described) if _local(described) == "dc" else _own(described)
            return paper_from_record(fields, at, source)
    raise RecordError(f"{identifier} has no metadata", at=at, remedy="fetch it again")


def _own(described: Element) -> dict[str, Any]:
    """The fields of `arXiv` and `arXivRaw` (https://info.arxiv.org/help/oa/metadataPolicy.html)."""
    authors = _children(described, "authors")
    named = [_name(author) for each in authors for author in _children(each, "author")]
    dates = [_text(version, "date") for version in _children(described, "version")]
    return {
        "arxiv_id": _text(described, "id"),
        "title": _text(described, "title"),
        "abstract": _text(described, "abstract"),
        "authors": named or _text(described, "authors"),
        "published": _text(described, "created") or next(iter(dates), ""),
        "venue": _text(described, "journal-ref"),
        "doi": _text(described, "doi"),
        "comment": _text(described, "comments"),
        "categories": _text(described, "categories").split(),
        "license": _text(described, "license"),
    }


def _dublin_core(described: Element) -> dict[str, Any]:
    identifiers = [_plain(each) for each in _children(described, "identifier")]
    return {
        "id": next((text for text in identifiers if "arxiv.org/" in text), ""),
        "doi": next((text for text in identifiers if text.startswith("doi:")), ""),
        "title": _text(described, "title"),
        "abstract": _text(described, "description"),  # comments follow as further descriptions
        "authors": [spoken(_plain(each)) for each in _children(described, "creator")],
        "published": min((_plain(each) for each in _children(described, "date")), default=""),
        "subjects": [_plain(each) for each in _children(described, "subject")],
    }


def _from_error(error: Element, at: Location, source: str) -> Paper:
    raise RecordError(f"the server answered {error.get('code')}: {_plain(error)}", at=at, remedy="ask again")


_PAPERS = {"entry": _from_entry, "record": _from_record, "error": _from_error}


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element if _local(child) == name]


def _plain(element: Element) -> str:
    """An element's text in one line: arXiv wraps its texts."""
    return " ".join("".join(element.itertext()).split())


def _text(element: Element, name: str) -> str:
    return next((_plain(child) for child in _children(element, name)), "")


def _name(author: Element) -> str:
    return " ".join(filter(None, (_text(author, part) for part in ("forenames", "keyname", "suffix"))))
