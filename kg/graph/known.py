"""What texts alone can't tell of names: a curated list of entities, which users can extend with their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import chain
from os import PathLike
from pathlib import Path

from kg.errors import KgError, Location
from kg.graph.addresses import is_whole
from kg.graph.archived import is_archived, read_archived
from kg.graph.lists import Row, read_list
from kg.graph.names import fold
from kg.schema import Label

_COLUMNS = ("kind", "name", "aliases", "homepage", "better", "exact_match", "wikidata", "openalex")
_BETWEEN = "|"
_BETTER = {"": None, "high": True, "low": False}
# What an identifier of others is the end of.
_IDENTIFIERS = {"wikidata": "http://www.wikidata.org/entity/", "openalex": "https://openalex.org/"}

# A label with a folded name: what spellings of one name share.
Folded = tuple[Label, str]


@dataclass(frozen=True, slots=True)
class KnownEntity:
    """A method, dataset, task or metric as the field names it, and what is known of it.

    `exact_match` are IRIs of the same thing elsewhere (`skos:exactMatch`); `higher_is_better` is of metrics only; `source`
    is the name of the list.
    """

    label: Label
    name: str
    aliases: tuple[str, ...] = ()
    homepage: str | None = None
    higher_is_better: bool | None = None
    exact_match: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Known:
    """Known entities by each of their names."""

    by_name: Mapping[Folded, KnownEntity] = field(default_factory=dict)

    @classmethod
    def of(cls, entities: Iterable[KnownEntity]) -> "Known":
        """Entities in order of authority: a name belongs to the last entity that claims it."""
        by_name: dict[Folded, KnownEntity] = {}
        for entity in entities:
            for name in (*entity.aliases, entity.name):
                by_name[entity.label, fold(name)] = entity
        return cls(by_name)

    def get(self, folded: Folded) -> KnownEntity | None:
        """The entity that a name is known to stand for."""
        return self.by_name.get(folded)


def read_known(*paths: str | PathLike[str]) -> Known:
    """The list that comes with the package, extended by others; where they disagree the later counts.

    Papers with Code's archived methods.json and datasets.json can be read too, compressed or not: where they disagree with
    any other list, that counts.

    Raises:
        KgError: A file is not such a list; the error names the line.
    """
    packaged = str(files("kg.graph") / "known.csv")
    archived = [path for path in paths if is_archived(path)]
    lists = [packaged, *(path for path in paths if path not in archived)]
    rows = chain(
        (row for path in archived for row in read_archived(path) if row[0]["name"]),
        (row for path in lists for row in read_list(path, _COLUMNS, needed=("kind", "name"))),
    )
    return Known.of(map(_entity, rows))


def _entity(row: Row) -> KnownEntity:
    cells, at = row
    if cells["kind"].upper() not in set(Label):
        kinds = ", ".join(label.lower() for label in Label)
        raise KgError(f"unknown kind {cells['kind']!r}", at=at, remedy=f"choose from {kinds}")
    if not cells["name"]:
        raise KgError("no name", at=at, remedy="fill the column name")
    if cells["better"] not in _BETTER:
        raise KgError(f"better is {cells['better']!r}", at=at, remedy="write high, low or nothing")
    identifiers = [base + cells[column] for column, base in _IDENTIFIERS.items() if cells[column]]
    return KnownEntity(
        Label(cells["kind"].upper()),
        cells["name"],
        _parts(cells["aliases"]),
        _address(cells["homepage"], at) if cells["homepage"] else None,
        _BETTER[cells["better"]],
        tuple(_address(iri, at) for iri in (*_parts(cells["exact_match"]), *identifiers)),
        Path(at.source).name,
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(_BETWEEN) if part.strip())


def _address(text: str, at: Location) -> str:
    if not is_whole(text):
        raise KgError(f"{text!r} is no web address", at=at, remedy="write it whole, from https:// on")
    return text
