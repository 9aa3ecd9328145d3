"""What changed between two exports, in words."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple
from rdflib.namespace import DCTERMS, RDF, SKOS

from kg.export.diff import Diff
from kg.export.vocabulary import KG
from kg.schema import Kind

_LISTED = 5

_NAMES = {str(DCTERMS.title), str(SKOS.prefLabel)}
_TYPE, _PAPER_COUNT = str(RDF.type), str(KG.paperCount)
_STATEMENT = [str(RDF.subject), str(RDF.predicate), str(RDF.object)]
_KINDS = {str(KG[kind.capitalize()]): kind for kind in Kind}

_Relation = tuple[str, str, str]


@dataclass
class _Export:
    """What a set of triples says of the graph it was written from."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    papers: dict[str, int] = field(default_factory=dict)
    literals: dict[str, set[tuple[str, Literal]]] = field(default_factory=lambda: defaultdict(set))
    links: set[_Relation] = field(default_factory=set)

    def name(self, iri: str) -> str:
        """What a resource is called: its own IRI where nothing is said."""
        return self.names.get(iri, iri)

    @cached_property
    def relations(self) -> set[_Relation]:
        """The relations between nodes, without what leads to evidence or to pages elsewhere."""
        return {link for link in self.links if link[0] in self.kinds and link[2] in self.kinds and link[1].startswith(str(KG))}

    @cached_property
    def weights(self) -> dict[_Relation, int]:
        """The number of papers behind each relation that has an assertion."""
        parts: dict[str, dict[str, str]] = defaultdict(dict)
        for subject, predicate, object_ in self.links:
            if predicate in _STATEMENT:
                parts[subject][predicate] = object_
        whole = {iri: part for iri, part in parts.items() if len(part) == len(_STATEMENT) and iri in self.papers}
        return {
            (part[_STATEMENT[0]], part[_STATEMENT[1]], part[_STATEMENT[2]]): self.papers[iri] for iri, part in whole.items()
        }


def _understand(triples: Iterable[Triple]) -> _Export:
    export = _Export()
    for triple in triples:
        subject, predicate, object_ = triple.subject, triple.predicate.value, triple.object
        assert isinstance(subject, NamedNode)
        iri = subject.value
        if isinstance(object_, Literal):
            export.literals[iri].add((predicate, object_))
            if predicate in _NAMES:
                export.names[iri] = object_.value
            elif predicate == _PAPER_COUNT and object_.value.isdecimal():
                export.papers[iri] = int(object_.value)
        elif isinstance(object_, NamedNode) and predicate != _TYPE:
            export.links.add((iri, predicate, object_.value))
        elif isinstance(object_, NamedNode) and object_.value in _KINDS:
            export.kinds[iri] = _KINDS[object_.value]
    return export


def summary(diff: Diff) -> Iterator[str]:
    """Yields lines: papers, entities by kind, relations, each with what most papers tell of first; then the triples."""
    if diff.old == diff.new:
        yield "nothing changed"
        return
    old, new = _understand(diff.old), _understand(diff.new)
    for kind in Kind:
        yield from _nodes(kind, old, new)
    yield from _relations(old, new)
    yield f"triples: {len(diff.added):,} added, {len(diff.removed):,} removed, {len(diff.old & diff.new):,} kept"


def _nodes(kind: Kind, old: _Export, new: _Export) -> Iterator[str]:
    before = {iri for iri, each in old.kinds.items() if each is kind}
    now = {iri for iri, each in new.kinds.items() if each is kind}
    changed = sum(old.literals[iri] != new.literals[iri] for iri in before & now)
    yield from _section(
        f"{kind}s", _listed(new, now - before), _listed(old, before - now), f", {changed:,} changed" if changed else ""
    )


def _listed(export: _Export, iris: Collection[str]) -> list[str]:
    named = sorted((-export.papers.get(iri, 1), export.name(iri)) for iri in iris)
    return [name + _by_papers(-papers) for papers, name in named]


def _relations(old: _Export, new: _Export) -> Iterator[str]:
    before, now = old.relations, new.relations
    for predicate in sorted({predicate for _, predicate, _ in before ^ now}):
        verb = _words(predicate)
        added = {link for link in now - before if link[1] == predicate}
        removed = {link for link in before - now if link[1] == predicate}
        yield from _section(verb, _sentences(new, added, verb), _sentences(old, removed, verb))


def _sentences(export: _Export, links: Collection[_Relation], verb: str) -> list[str]:
    ranked = sorted(
        (-export.weights.get(link, 1), -export.papers.get(link[2], 1), export.name(link[0]), export.name(link[2]))
        for link in links
    )
    return [f"{subject} · {verb} · {object_}{_by_papers(-weight)}" for weight, _, subject, object_ in ranked]


def _section(title: str, added: list[str], removed: list[str], more: str = "") -> Iterator[str]:
    if added or removed or more:
        yield f"{title}: {len(added):,} added, {len(removed):,} removed{more}"
    for sign, lines in (("+", added), ("-", removed)):
        yield from (f"  {sign} {line}" for line in lines[:_LISTED])
        if len(lines) > _LISTED:
            yield f"  {sign} … and {len(lines) - _LISTED:,} more"


def _by_papers(papers: int) -> str:
    return f" ({papers:,} papers)" if papers > 1 else ""


def _words(predicate: str) -> str:
    """`…#evaluatedOn` is `evaluated on`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", predicate.rpartition("#")[2]).lower()
