"""Extractions to a graph: papers, what they name, and the relations between."""

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from typing import Any

import networkx as nx

from kg.graph.addresses import address
from kg.graph.corrections import Corrections
from kg.graph.infer import INFERRED, add_inferred
from kg.graph.known import Known, read_known
from kg.graph.names import commonest
from kg.graph.resolve import USUAL_RULES, AbbreviationRules, Entity, PaperNames, Resolver
from kg.papers import group, merge, short_hash, slug
from kg.schema import Extraction, Kind, Label, LinkRole, Paper, Relation, Result, Role

_RELATION_OF_ROLE = {
    Role.PROPOSED: Relation.PROPOSES,
    Role.INTRODUCED: Relation.INTRODUCES,
    Role.COMPARED: Relation.COMPARES_WITH,
    Role.USED: Relation.USES,
    Role.MENTIONED: Relation.MENTIONS,
}
_RELATION_OF_LABEL = {Label.TASK: Relation.ADDRESSES, Label.METRIC: Relation.REPORTS}
_RELATION_OF_LINK = {
    LinkRole.CODE: Relation.HAS_CODE,
    LinkRole.DATA: Relation.HAS_DATA,
    LinkRole.MODEL: Relation.HAS_MODEL,
    LinkRole.PROJECT: Relation.HAS_PAGE,
    LinkRole.OTHER: Relation.LINKS_TO,
}
_METADATA = {"metadata": True}

Evidence = dict[str, Any]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keeps Python's garbage collector from looking through a graph again and again while it grows, a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_uncollected()
def assemble(
    extractions: Iterable[Extraction],
    *,
    known: Known | None = None,
    corrections: Corrections | None = None,
    rules: AbbreviationRules = USUAL_RULES,
) -> nx.MultiDiGraph:
    """Builds the graph of a set of extractions; the same set gives the same graph, whatever its order.

    Nodes have `kind`, `label`, `papers` (their number), `aliases` (spelling to count) and their own data;
    edges have `relation` (also their key) and `evidence`, a list of `{"paper", "start", "end", "score"}` with
    offsets into the paper's text, or of `{"paper", "metadata"}`. Edges between entities are `inferred`: they
    have `papers`, a list of ids, and its length as `weight` instead; `variant_of` edges, read off the names, have neither.

    Args:
        extractions: What was found in papers.
        known: What is known of names, by default the list that comes with the package.
        corrections: Changes that a user asks for; they count what they changed.
        rules: When an abbreviation that a paper leaves undefined has a meaning.
    """
    corrections = corrections or Corrections()
    distinct = [corrections.correct(extraction) for extraction in _distinct(list(extractions))]
    resolver = Resolver(distinct, read_known() if known is None else known, corrections, rules)
    graph = nx.MultiDiGraph()
    for extraction in distinct:
        add_paper(graph, extraction, resolver.in_paper(extraction.paper.id))
    _leave_out(graph, corrections, resolver)
    for extraction in distinct:
        add_inferred(graph, extraction.paper.id)
    _leave_out_inferred(graph, corrections, resolver)
    _count_papers(graph)
    _add_variants(graph, resolver)
    return graph


def _distinct(extractions: Sequence[Extraction]) -> list[Extraction]:
    """One extraction a paper, sorted by id: that of the record whose texts the merged paper has."""
    of_text = {extraction.paper.text: extraction for extraction in extractions}
    papers = [merge(records) for records in group([extraction.paper for extraction in extractions])]
    return [replace(of_text[paper.text], paper=paper) for paper in sorted(papers, key=lambda paper: paper.id)]


def add_paper(graph: nx.MultiDiGraph, extraction: Extraction, names: PaperNames) -> None:
    """Adds what one paper says: itself, the edges from it and from its results, and the nodes at their ends."""
    _add_metadata(graph, extraction.paper)
    _add_mentions(graph, extraction, names)
    _add_links(graph, extraction)
    for result in extraction.results:
        _add_result(graph, extraction.paper.id, result, names)


def _add_metadata(graph: nx.MultiDiGraph, paper: Paper) -> None:
    data = {
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "published": paper.published,
        "venue": paper.venue,
        "organization": paper.organization,
        "upvotes": paper.upvotes,
        "source": paper.source,
        "extra": dict(paper.extra),
    }
    known = {name: value for name, value in data.items() if value not in (None, "", [], {})}
    graph.add_node(paper.id, kind=str(Kind.PAPER), label=paper.title, **known)
    named = [(Relation.WRITTEN_BY, Kind.AUTHOR, author) for author in paper.authors]
    named += [(Relation.PUBLISHED_IN, Kind.VENUE, paper.venue)] if paper.venue else []
    named += [(Relation.AFFILIATED_WITH, Kind.ORGANIZATION, paper.organization)] if paper.organization else []
    for relation, kind, name in named:
        key = f"{kind}:{slug(name) or short_hash(name)}"
        _count_spelling(graph, key, kind, name)
        _add_edge(graph, paper.id, relation, key, {"paper": paper.id} | _METADATA)


def _count_spelling(graph: nx.MultiDiGraph, key: str, kind: Kind, name: str) -> None:
    """Adds a node named by metadata; its label is the most frequent spelling, the others are aliases."""
    if key not in graph:
        graph.add_node(key, kind=str(kind), label=name, aliases={})
    node = graph.nodes[key]
    spellings = Counter(node["aliases"])
    spellings[name] += 1
    node["aliases"] = dict(sorted(spellings.items()))
    node["label"] = commonest(spellings)


def _add_mentions(graph: nx.MultiDiGraph, extraction: Extraction, names: PaperNames) -> None:
    paper = extraction.paper.id
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    roles: dict[str, set[Role]] = defaultdict(set)
    for mention in extraction.mentions:
        for entity in names.resolve(mention.label, mention.text):
            _add_entity(graph, entity)
            evidence[entity.key].append({"paper": paper, "start": mention.start, "end": mention.end, "score": mention.score})
            if mention.role:
                roles[entity.key].add(mention.role)
    for key, found in evidence.items():
        # Spellings of one entity can differ in role: the strongest counts, as among the mentions of one spelling.
        strongest = next((role for role in Role if role in roles[key]), None)
        label = Label(graph.nodes[key]["kind"].upper())
        relation = _RELATION_OF_ROLE[strongest] if strongest else _RELATION_OF_LABEL.get(label, Relation.MENTIONS)
        _add_edge(graph, paper, relation, key, *found)


def _add_entity(graph: nx.MultiDiGraph, entity: Entity) -> None:
    if entity.key not in graph:
        graph.add_node(entity.key, **entity_data(entity))


def entity_data(entity: Entity) -> dict[str, Any]:
    """The attributes of an entity's node."""
    data: dict[str, Any] = {"aliases": dict(entity.aliases)}
    if entity.reasons:
        data["reasons"] = {name: list(reasons) for name, reasons in entity.reasons.items()}
    if entity.known:
        told = {"homepage": entity.known.homepage, "higher_is_better": entity.known.higher_is_better}
        data |= {name: value for name, value in told.items() if value is not None}
        data |= {"external": list(entity.known.exact_match)} if entity.known.exact_match else {}
    return {"kind": str(entity.kind), "label": entity.label} | data


def _add_links(graph: nx.MultiDiGraph, extraction: Extraction) -> None:
    paper = extraction.paper.id
    for link in (*extraction.links, *extraction.paper.links):
        place = address(link.url)
        key = f"{Kind.URL}:{place.folded}"
        _count_spelling(graph, key, Kind.URL, link.url if "://" in link.url else f"https://{link.url}")
        told = {"host": place.host, "owner": place.owner, "repository": place.repository}
        graph.add_node(key, **{name: value for name, value in told.items() if value})
        offsets = _METADATA if link.start is None else {"start": link.start, "end": link.end, "score": None}
        _add_edge(graph, paper, _RELATION_OF_LINK[link.role], key, {"paper": paper} | offsets)


def _add_result(graph: nx.MultiDiGraph, paper: str, result: Result, names: PaperNames) -> None:
    parts = (paper, result.method, result.dataset, result.metric, result.value)
    key = f"{Kind.RESULT}:{short_hash(repr(parts))}"
    shown = result.value + ("%" if result.percent else "")
    on = f" on {result.dataset}" if result.dataset else ""
    data = {"value": result.value, "number": result.number, "percent": result.percent}
    graph.add_node(key, kind=str(Kind.RESULT), label=f"{shown} {result.metric}{on}", **data)
    evidence = {"paper": paper, "start": result.start, "end": result.end, "score": None}
    _add_edge(graph, paper, Relation.REPORTS, key, evidence)
    parts_named = (
        (Relation.OF_METHOD, Label.METHOD, result.method),
        (Relation.ON_DATASET, Label.DATASET, result.dataset),
        (Relation.IN_METRIC, Label.METRIC, result.metric),
    )
    for relation, label, name in parts_named:
        for entity in names.resolve(label, name) if name else ():
            _add_edge(graph, key, relation, entity.key, evidence)


def _add_edge(graph: nx.MultiDiGraph, source: str, relation: Relation, target: str, *evidence: Evidence) -> None:
    if not graph.has_edge(source, target, str(relation)):
        graph.add_edge(source, target, str(relation), relation=str(relation), evidence=[])
    known = graph.edges[source, target, str(relation)]["evidence"]
    known.extend(item for item in evidence if item not in known)


def _leave_out(graph: nx.MultiDiGraph, corrections: Corrections, resolver: Resolver) -> None:
    """Leaves out the edges from papers to entities that a user rejects."""
    for entry in corrections.of_edges:
        for key in filter(graph.has_node, resolver.find(entry.label, entry.name)):
            papers = [
                node for node in graph.predecessors(key) if graph.nodes[node]["kind"] == Kind.PAPER and entry.holds_in(node)
            ]
            found = [(paper, key, entry.relation) for paper in papers if graph.has_edge(paper, key, entry.relation)]
            graph.remove_edges_from(found)
            corrections.applied[entry] += len(found)
            if not graph.degree(key):
                graph.remove_node(key)


def _leave_out_inferred(graph: nx.MultiDiGraph, corrections: Corrections, resolver: Resolver) -> None:
    """Leaves out the edges between entities that a user rejects: from a method to what `to` names."""
    for entry in corrections.of_edges:
        for relation, kind, _ in INFERRED:
            if relation == entry.relation:
                sources, targets = resolver.find(entry.label, entry.name), resolver.find(Label(kind.upper()), entry.to)
                found = [(*ends, entry.relation) for ends in product(sources, targets) if graph.has_edge(*ends, entry.relation)]
                graph.remove_edges_from(found)
                corrections.applied[entry] += len(found)


def _add_variants(graph: nx.MultiDiGraph, resolver: Resolver) -> None:
    """Edges from versions and sizes to what they are versions and sizes of, read off their names."""
    for entity in resolver.entities():
        if entity.variant_of in graph and entity.key in graph:
            relation = str(Relation.VARIANT_OF)
            graph.add_edge(entity.key, entity.variant_of, relation, relation=relation, reason="name")


def _count_papers(graph: nx.MultiDiGraph) -> None:
    """Sets `papers` on every node: how many papers say something of it; a paper counts itself."""
    for node, data in graph.nodes(data=True):
        finish(data, 1 if data["kind"] == Kind.PAPER else len(set(_papers_of(graph, node))))


def finish(data: dict[str, Any], papers: int) -> None:
    """Completes a node's attributes once all papers are counted that say something of it."""
    data["papers"] = papers
    if data["kind"] == Kind.URL:
        data["url"] = data["label"]
    if "aliases" in data:
        data["aliases"] = {alias: count for alias, count in data["aliases"].items() if alias != data["label"]}


def _papers_of(graph: nx.MultiDiGraph, node: str) -> Iterator[str]:
    for _, _, data in graph.in_edges(node, data=True):
        yield from (item["paper"] for item in data.get("evidence", ()))
