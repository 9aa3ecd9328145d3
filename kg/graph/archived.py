"""Papers with Code's archived lists of methods and datasets, read as rows of a list of known names."""

from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from kg.errors import KgError, Location, reading
from kg.graph.addresses import is_whole
from kg.graph.lists import Row
from kg.sources.files import TextFile
from kg.sources.json_records import values
from kg.sources.packed import unpacked

_REMEDY = "give methods.json or datasets.json of the archive, or a CSV file"


def is_archived(path: str | PathLike[str]) -> bool:
    """Whether a file's name says JSON, compressed or not."""
    return ".json" in Path(path).suffixes


def read_archived(path: str | PathLike[str]) -> Iterator[Row]:
    """Yields a row for each method or dataset, its full name as an alias.

    Raises:
        KgError: The file can't be read or is no such list; the error names the line.
    """
    with reading(str(path)):
        for file in unpacked(TextFile.from_path(Path(path))):
            for found in values(file):
                if isinstance(found, KgError):
                    raise found
                value, line = found
                yield _row(value, file.at(line))


def _row(value: object, at: Location) -> Row:
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        raise KgError("not a method or dataset with a name", at=at, remedy=_REMEDY)
    if "paper_url" in value or not ({"full_name", "homepage", "introduced_year"} & value.keys()):
        raise KgError("neither a method nor a dataset", at=at, remedy=_REMEDY)
    name, full_name, homepage = (_text(value, field) for field in ("name", "full_name", "homepage"))
    kind = "dataset" if "homepage" in value else "method"
    alias = full_name if full_name != name and "|" not in full_name else ""
    cells = dict.fromkeys(("aliases", "better", "exact_match", "wikidata", "openalex"), "")
    return cells | {
        "kind": kind,
        "name": name,
        "aliases": alias,
        "homepage": homepage if homepage.isascii() and is_whole(homepage) else "",
    }, at


def _text(fields: Mapping[str, Any], name: str) -> str:
    return " ".join(str(fields.get(name) or "").split())
