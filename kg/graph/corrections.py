"""Corrections that a user makes to what was extracted and merged: a file of them, applied anew at each build."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from os import PathLike
from pathlib import Path

from kg.errors import KgError, Location
from kg.graph.infer import INFERRED
from kg.graph.known import Folded
from kg.graph.lists import Row, read_list
from kg.graph.names import fold
from kg.schema import Extraction, Label, Mention, Relation, Role

_COLUMNS = ("action", "kind", "name", "to", "paper", "relation")
# A role that the other kind lacks becomes its counterpart.
_COUNTERPARTS = {
    (Label.DATASET, Role.PROPOSED): Role.INTRODUCED,
    (Label.DATASET, Role.COMPARED): Role.USED,
    (Label.METHOD, Role.INTRODUCED): Role.PROPOSED,
}


class Action(StrEnum):
    """What a correction does."""

    MERGE = "merge"  # all spellings of a name stand for what `to` names
    SPLIT = "split"  # this spelling stands by itself
    RENAME = "rename"  # the entity is shown as `to`
    RELABEL = "relabel"  # the name is of the kind `to`
    REJECT = "reject"  # the name, or with a relation the edge to it, is left out: everywhere, or in one paper


# The columns that an action takes beside kind and name; a `reject` of an inferred edge is of all papers, and says to what.
_TAKEN = {
    Action.MERGE: {"to"},
    Action.SPLIT: set[str](),
    Action.RENAME: {"to"},
    Action.RELABEL: {"to", "paper"},
    Action.REJECT: {"paper", "relation"},
}
_TAKEN_FOR_INFERRED = {"to", "relation"}
_INFERRED = frozenset(str(relation) for relation, _, _ in INFERRED)


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of a file of corrections."""

    action: Action
    label: Label
    name: str
    to: str
    paper: str
    relation: str
    at: Location

    @property
    def folded(self) -> Folded:
        return self.label, fold(self.name)

    @property
    def target(self) -> Folded:
        """What a name is merged into."""
        return self.label, fold(self.to)

    @property
    def reason(self) -> str:
        """What is said of a name that it moved."""
        line = f"{Path(self.at.source).name}:{self.at.line}"
        return f"{'kept apart' if self.action is Action.SPLIT else 'merged'} by {line}"

    def holds_in(self, paper: str) -> bool:
        """Whether it holds in a paper: without one it holds everywhere."""
        return self.paper in ("", paper)


@dataclass
class Corrections:
    """Corrections, and how many mentions, names or edges each changed."""

    entries: tuple[Correction, ...] = ()
    applied: Counter[Correction] = field(default_factory=Counter)

    def report(self) -> list[tuple[str, int]]:
        """Each correction in words, with the number of mentions, names or edges that it changed."""
        return [(_in_words(entry), self.applied[entry]) for entry in self.entries]

    def count(self, moved: Mapping[str, int]) -> None:
        """Notes how many mentions were moved for each reason."""
        for entry in (*self.merges.values(), *self.splits.values()):
            self.applied[entry] += moved.get(entry.reason, 0)

    def correct(self, extraction: Extraction) -> Extraction:
        """An extraction with mentions relabelled and left out; results lose the names that are gone."""
        if not self._of_mentions:
            return extraction
        mentions = [self._corrected(mention, extraction.paper.id) for mention in extraction.mentions]
        kept = tuple(mention for mention in mentions if mention)
        named = {(mention.label, mention.text) for mention in kept}
        results = tuple(
            replace(
                result,
                method=result.method if (Label.METHOD, result.method) in named else None,
                dataset=result.dataset if (Label.DATASET, result.dataset) in named else None,
            )
            for result in extraction.results
            if (Label.METRIC, result.metric) in named
        )
        return replace(extraction, mentions=kept, results=results)

    def _corrected(self, mention: Mention, paper: str) -> Mention | None:
        for entry in self._of_mentions.get((mention.label, fold(mention.text)), ()):
            if entry.holds_in(paper):
                self.applied[entry] += 1
                return _relabelled(mention, Label(entry.to.upper())) if entry.action is Action.RELABEL else None
        return mention

    @cached_property
    def _of_mentions(self) -> dict[Folded, list[Correction]]:
        found = defaultdict(list)
        for entry in self.entries:
            if entry.action is Action.RELABEL or (entry.action is Action.REJECT and not entry.relation):
                found[entry.folded].append(entry)
        return found

    @cached_property
    def merges(self) -> dict[Folded, Correction]:
        """The line that merges a name into another."""
        return {entry.folded: entry for entry in self.entries if entry.action is Action.MERGE}

    @cached_property
    def splits(self) -> dict[tuple[Label, str], Correction]:
        """The line that keeps a spelling by itself."""
        return {(entry.label, entry.name): entry for entry in self.entries if entry.action is Action.SPLIT}

    @cached_property
    def renames(self) -> dict[Folded, Correction]:
        """The line that says what an entity is called."""
        return {entry.folded: entry for entry in self.entries if entry.action is Action.RENAME}

    @cached_property
    def of_edges(self) -> list[Correction]:
        """The lines that leave edges out."""
        return [entry for entry in self.entries if entry.action is Action.REJECT and entry.relation]


def read_corrections(path: str | PathLike[str]) -> Corrections:
    """Reads a CSV file with the columns `action,kind,name,to,paper,relation`.

    Raises:
        KgError: The file is not such a list; the error names the line.
    """
    entries = tuple(_correction(row) for row in read_list(path, _COLUMNS, needed=("action", "kind", "name")))
    _check_merges(entries)
    return Corrections(entries)


def _correction(row: Row) -> Correction:
    cells, at = row
    if cells["action"] not in set(Action):
        raise KgError(f"unknown action {cells['action']!r}", at=at, remedy=f"choose from {', '.join(Action)}")
    kinds = [label.lower() for label in Label]
    for column in ("kind", "to") if cells["action"] == Action.RELABEL else ("kind",):
        if cells[column] not in kinds:
            raise KgError(f"unknown kind {cells[column]!r}", at=at, remedy=f"choose from {', '.join(kinds)}")
    if not cells["name"]:
        raise KgError("no name", at=at, remedy="fill the column name")
    if cells["relation"] and cells["relation"] not in set(Relation):
        raise KgError(f"unknown relation {cells['relation']!r}", at=at, remedy=f"choose from {', '.join(Relation)}")
    _check_columns(cells, at)
    return Correction(
        Action(cells["action"]),
        Label(cells["kind"].upper()),
        cells["name"],
        cells["to"],
        cells["paper"],
        cells["relation"],
        at,
    )


def _check_columns(cells: Mapping[str, str], at: Location) -> None:
    """Raises `KgError` where an action is given a column that it does not take, or not what it changes something to."""
    what, taken = cells["action"], _TAKEN[Action(cells["action"])]
    if what == Action.REJECT:
        what += f" of {cells['relation'] or 'a name'}"
        taken = _TAKEN_FOR_INFERRED if cells["relation"] in _INFERRED else taken
    for column in ("to", "paper", "relation"):
        if cells[column] and column not in taken:
            raise KgError(f"{what} takes no {column}", at=at, remedy=f"leave the column {column} empty")
    if "to" in taken and not cells["to"]:
        raise KgError(f"nothing to {cells['action']} to", at=at, remedy="fill the column to")


def _check_merges(entries: Iterable[Correction]) -> None:
    """Raises `KgError` where names are merged in a circle."""
    into = {entry.folded: entry.target for entry in entries if entry.action is Action.MERGE}
    for entry in entries:
        seen, name = {entry.folded}, into.get(entry.folded)
        while name:
            if name in seen:
                raise KgError(f"{entry.name!r} is merged into itself", at=entry.at, remedy="leave one of the lines out")
            seen.add(name)
            name = into.get(name)


def _relabelled(mention: Mention, label: Label) -> Mention:
    if label not in (Label.METHOD, Label.DATASET):
        return replace(mention, label=label, role=None)
    role = mention.role or Role.MENTIONED
    return replace(mention, label=label, role=_COUNTERPARTS.get((label, role), role))


def _in_words(entry: Correction) -> str:
    parts = [str(entry.action), entry.label.lower(), repr(entry.name)]
    parts += [f"→ {entry.to!r}"] if entry.to else []
    parts += [entry.relation] if entry.relation else []
    parts += [f"in {entry.paper}"] if entry.paper else []
    return f"{entry.at}: {' '.join(parts)}"
