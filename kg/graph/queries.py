"""Questions to the graph: plain functions on the networkx graph that `kg.build` makes or `kg.load` reads."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import linear_regression
from typing import Any

import networkx as nx

from kg.graph.names import fold
from kg.schema import Kind, Relation

# Relations that say a paper works with a dataset or a method, rather than names it.
_WORKING = frozenset({Relation.PROPOSES, Relation.INTRODUCES, Relation.USES, Relation.COMPARES_WITH})
# What says nothing of how two entities hang together: too many papers share it.
_NO_STEPS = frozenset({Kind.VENUE, Kind.METRIC})


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A node, the relation that leads to it, and the number of papers that say so."""

    node: str
    relation: str
    weight: int


@dataclass(frozen=True, slots=True)
class ReportedValue:
    """A result: the paper that states it, its method (None where the abstract says none), the value as printed, the number."""

    paper: str
    method: str | None
    value: str
    number: float


@dataclass(frozen=True, slots=True)
class Step:
    """An edge on a path, in its own direction, with the papers that it is from."""

    source: str
    relation: str
    target: str
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """How the share of papers that name an entity changes: points a year, and the number of papers by year."""

    node: str
    slope: float
    papers: dict[int, int]


def find(graph: nx.MultiDiGraph, name: str, *, kind: str | None = None) -> list[str]:
    """The nodes that a name may mean, the one with most papers first: by key, by label, else by any spelling.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> find(graph, "imagenet")
    ['dataset:imagenet']
    """
    if name in graph:
        return [name]
    nodes = [(node, data) for node, data in graph.nodes(data=True) if kind in (None, data["kind"])]
    folded = fold(name)
    labelled = [node for node, data in nodes if fold(data["label"]) == folded]
    found = labelled or [node for node, data in nodes if any(fold(alias) == folded for alias in data.get("aliases", ()))]
    return sorted(found, key=lambda node: (-graph.nodes[node]["papers"], node))


def papers_of(graph: nx.MultiDiGraph, node: str, relations: Collection[str] | None = None) -> dict[str, list[str]]:
    """The papers that say something of an entity, by relation; of some relations only, where given."""
    found: dict[str, list[str]] = defaultdict(list)
    for paper, _, relation in graph.in_edges(node, keys=True):
        if graph.nodes[paper]["kind"] == Kind.PAPER and (relations is None or relation in relations):
            found[relation].append(paper)
    return {relation: sorted(found[relation], key=lambda paper: _newest_first(graph, paper)) for relation in sorted(found)}


def papers_for(graph: nx.MultiDiGraph, dataset: str) -> list[str]:
    """The papers that introduce or use a dataset (or propose, use or compare with a method), the newest first."""
    papers = {paper for found in papers_of(graph, dataset, _WORKING).values() for paper in found}
    return sorted(papers, key=lambda paper: _newest_first(graph, paper))


def evaluated_on(graph: nx.MultiDiGraph, dataset: str) -> list[Neighbour]:
    """The methods whose papers evaluate them on a dataset, those of most papers first."""
    return _into(graph, dataset, Relation.EVALUATED_ON)


def built_on(graph: nx.MultiDiGraph, method: str) -> list[Neighbour]:
    """The methods whose papers build them on a method, those of most papers first."""
    return _into(graph, method, Relation.BUILDS_ON)


def neighbours(graph: nx.MultiDiGraph, node: str) -> list[Neighbour]:
    """The entities that an entity is related to, either way, those of most papers first."""
    edges = [(target, data) for _, target, data in graph.out_edges(node, data=True)]
    edges += [(source, data) for source, _, data in graph.in_edges(node, data=True)]
    found = [Neighbour(other, data["relation"], data.get("weight", 0)) for other, data in edges if _is_entity(graph, other)]
    return sorted(found, key=lambda neighbour: (-neighbour.weight, neighbour.relation, neighbour.node))


def reported_values(graph: nx.MultiDiGraph, dataset: str, metric: str) -> list[ReportedValue]:
    """What papers report for a dataset and a metric: from best to worst where it is known which way is better, else by paper.

    Percentages and plain numbers are not converted into each other.
    """
    found = []
    for result in _sources(graph, dataset, Relation.ON_DATASET) & _sources(graph, metric, Relation.IN_METRIC):
        (paper,) = _sources(graph, result, Relation.REPORTS)
        method = next((target for _, target, key in graph.out_edges(result, keys=True) if key == Relation.OF_METHOD), None)
        found.append(ReportedValue(paper, method, graph.nodes[result]["value"], graph.nodes[result]["number"]))
    found.sort(key=lambda value: (value.paper, value.method or "", value.value))
    better = graph.nodes[metric].get("higher_is_better")
    return found if better is None else sorted(found, key=lambda value: value.number, reverse=better)


def shortest_path(graph: nx.MultiDiGraph, source: str, target: str) -> list[Step]:
    """The shortest way from one node to another over edges in either direction, not through venues and metrics.

    Returns:
        One step an edge, with the papers that it is from; none where there is no way.

    Raises:
        networkx.NodeNotFound: The graph has no such node.
    """
    kept = {node for node, kind in graph.nodes(data="kind") if kind not in _NO_STEPS or node in (source, target)}
    try:
        # A graph of its own: in networkx's views the order of neighbours, and so which of several ways is found, changes.
        ways = nx.Graph(edge for edge in graph.edges() if kept.issuperset(edge))
        ways.add_nodes_from(node for node in (source, target) if node in graph)
        path = nx.shortest_path(ways, source, target)
    except nx.NetworkXNoPath:
        return []
    return [_step(graph, one, other) for one, other in pairwise(path)]


def most_used(graph: nx.MultiDiGraph, kind: str, count: int) -> list[Neighbour]:
    """The entities of a kind that most papers use, with the number of those."""
    users = Counter(
        target
        for _, target, relation in graph.edges(keys=True)
        if relation == Relation.USES and graph.nodes[target]["kind"] == kind
    )
    ranked = sorted(users.items(), key=lambda item: (-item[1], item[0]))
    return [Neighbour(node, str(Relation.USES), papers) for node, papers in ranked[:count]]


def years(graph: nx.MultiDiGraph) -> dict[str, int]:
    """The years of the papers that have a date."""
    return {node: int(data["published"][:4]) for node, data in graph.nodes(data=True) if data.get("published")}


def papers_by_year(graph: nx.MultiDiGraph, kind: str) -> dict[str, Counter[int]]:
    """In how many papers of each year each entity of a kind is named."""
    year_of = years(graph)
    named: dict[str, Counter[int]] = defaultdict(Counter)
    for paper, entity in dict.fromkeys(edge for edge in graph.edges() if edge[0] in year_of):
        if graph.nodes[entity]["kind"] == kind:
            named[entity][year_of[paper]] += 1
    return named


def papers_behind(edge: Mapping[str, Any]) -> tuple[str, ...]:
    """The papers that an edge is from, each once; what is read off names has none."""
    return tuple(dict.fromkeys([*edge.get("papers", ()), *(item["paper"] for item in edge.get("evidence", ()))]))


def rising(graph: nx.MultiDiGraph, kind: str, count: int, *, least_papers: int = 3) -> list[Trend]:
    """The entities of a kind whose share of the papers of a year grows fastest (least squares over the years).

    Args:
        graph: A graph.
        kind: Of the entities.
        count: How many at most.
        least_papers: In how many dated papers an entity must be named.
    """
    totals = Counter(years(graph).values())
    if len(totals) < 2:
        return []
    span = sorted(totals)
    trends = [
        Trend(entity, _slope(span, [100 * found[year] / totals[year] for year in span]), dict(sorted(found.items())))
        for entity, found in papers_by_year(graph, kind).items()
        if found.total() >= least_papers
    ]
    return sorted((trend for trend in trends if trend.slope > 0), key=lambda trend: (-trend.slope, trend.node))[:count]


def _slope(years: Sequence[int], shares: Sequence[float]) -> float:
    return round(linear_regression([year - years[0] for year in years], shares).slope, 3)


def _into(graph: nx.MultiDiGraph, node: str, relation: Relation) -> list[Neighbour]:
    found = [
        Neighbour(source, str(relation), data["weight"])
        for source, _, key, data in graph.in_edges(node, keys=True, data=True)
        if key == relation
    ]
    return sorted(found, key=lambda neighbour: (-neighbour.weight, neighbour.node))


def _sources(graph: nx.MultiDiGraph, node: str, relation: Relation) -> set[str]:
    return {source for source, _, key in graph.in_edges(node, keys=True) if key == relation}


def _is_entity(graph: nx.MultiDiGraph, node: str) -> bool:
    return graph.nodes[node]["kind"] in (Kind.METHOD, Kind.DATASET, Kind.TASK, Kind.METRIC)


def _step(graph: nx.MultiDiGraph, one: str, other: str) -> Step:
    """The edge between two nodes with most papers, the first of several."""
    edges = [(*ends, key) for ends in ((one, other), (other, one)) for key in graph.get_edge_data(*ends, default={})]
    steps = [Step(source, key, target, papers_behind(graph.edges[source, target, key])) for source, target, key in edges]
    return min(steps, key=lambda step: (-len(step.papers), step.source, step.relation))


def _newest_first(graph: nx.MultiDiGraph, paper: str) -> tuple[int, str]:
    published = graph.nodes[paper].get("published") or "0"
    return -int(f"{published.replace('-', ''):0<8}"), paper
