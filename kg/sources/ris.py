"""RIS, as reference managers and publishers' sites export it, read by rispy."""

import re
from collections.abc import Iterator

from kg.errors import Location, RecordError
from kg.schema import Paper
from kg.sources.files import Line, TextFile
from kg.sources.records import paper_from_record, spoken

_TYPE = re.compile("TY  -")
_END = re.compile("ER  -")
# rispy's names of tags for ours; of those that stand for one thing, the first found counts.
_FIELDS = {
    "title": ("title", "primary_title"),
    "abstract": ("abstract", "notes_abstract"),
    "authors": ("authors", "first_authors"),
    "date": ("date", "publication_year", "year"),
    "venue": ("secondary_title", "journal_name", "alternate_title3", "alternate_title1", "alternate_title2"),
    "doi": ("doi",),
    "urls": ("urls",),
}


def matches(head: str) -> bool:
    """Whether the first line that is not blank gives a record's type."""
    return _TYPE.match(head.lstrip()) is not None


def read(file: TextFile) -> Iterator[Paper | RecordError]:
    """Yields one paper a record; a record without end ends where the next begins."""
    for lines in _records(file):
        line = lines[0].at.line or 0
        try:
            yield _paper([line.text for line in lines], file.at(line), file.provenance(line))
        except RecordError as error:
            yield error


def _records(file: TextFile) -> Iterator[list[Line]]:
    record: list[Line] = []
    for line in file.lines():
        if _TYPE.match(line.raw) and record:
            yield record
            record = []
        if record or line.raw.strip():
            record.append(line)
    if record:
        yield record


def _paper(lines: list[str], at: Location, source: str) -> Paper:
    import rispy

    ended = [*(line for line in lines if line.strip() and not _END.match(line)), "ER  - "]
    try:
        read = rispy.loads("\n".join(ended))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"not RIS: {error!r}", at=at, remedy="export it again") from None
    fields = dict(read[0]) if read else {}
    record = {}
    for name, aliases in _FIELDS.items():
        found = [fields.pop(alias) for alias in aliases if alias in fields]
        if found:
            record[name] = found[0]
    if isinstance(authors := record.get("authors"), list):
        record["authors"] = [spoken(str(author)) for author in authors]
    if isinstance(date := record.get("date"), str):
        record["date"] = date.strip("/ ").split("//")[0].replace("/", "-")  # 2017/06/12/, 2017//
    return paper_from_record(fields | record, at, source)
