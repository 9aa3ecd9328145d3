"""Looking into a graph: one entity with its evidence, and the whole in figures."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from kg.cli.options import store_of
from kg.cli.shared import count
from kg.errors import KgError, Location
from kg.schema import Kind, Relation

if TYPE_CHECKING:
    import networkx as nx

Graph = Annotated[Path, typer.Option("--graph", "-g", envvar="KG_GRAPH", help="A graph.json that kg build wrote.")]
DEFAULT_GRAPH = Path("exports/graph.json")
# How much of the text is quoted on either side of a mention.
_CONTEXT_CHARS = 60


def show(
    name: Annotated[str, typer.Argument(help="A name as papers write it, or a node's key such as method:bert.")],
    graph: Graph = DEFAULT_GRAPH,
    kind: Annotated[Kind | None, typer.Option(help="Of several of one name, the one of this kind.")] = None,
    papers: Annotated[int, typer.Option(min=0, help="The most papers to list for each relation.")] = 5,
) -> None:
    """Show an entity: its spellings and why each was merged, its papers with quotes, its neighbours.

    \b
    Examples:
      kg show LSTM
      kg show "MS COCO" --papers 20
      kg show method:bert --graph out/graph.json
    """
    import kg

    loaded = kg.load(graph)
    found = nodes_named(loaded, name, graph, kind=kind)
    Console(soft_wrap=True, highlight=False).print(Group(*_entity(loaded, found[0], papers)))
    for other in found[1:]:
        print(f"also: {other} ({count(loaded.nodes[other]['papers'], 'paper')})")


def stats(
    graph: Annotated[Path, typer.Argument(help="A graph.json that kg build wrote.")] = DEFAULT_GRAPH,
    rows: Annotated[int, typer.Option("--rows", "-n", min=1, help="Rows of each table.")] = 10,
    store: Annotated[
        Path | None,
        typer.Option(envvar="KG_STORE", help="File of the collection. [default: kg.sqlite beside the graph, if there is one]"),
    ] = None,
) -> None:
    """Print the graph in figures: nodes and edges, what is used most, what rises from year to year; and its sources.

    \b
    Examples:
      kg stats
      kg stats out/graph.json -n 30
    """
    import kg

    loaded = kg.load(graph)
    console = Console(highlight=False)
    console.print(Group(*_figures(loaded, rows)))
    collection = store or store_of(graph.parent)
    if store or collection.exists():
        for line in _collection(collection):
            console.print(line, soft_wrap=True)


def nodes_named(loaded: "nx.MultiDiGraph", name: str, path: Path, *, kind: Kind | None = None) -> list[str]:
    """The nodes that a name may mean in a graph read from a file; raises `KgError` where there is none."""
    from kg.graph.queries import find

    found = find(loaded, name, kind=kind)
    if not found:
        raise KgError(f"no {kind or 'node'} is named {name!r}", at=Location(str(path)), remedy=_remedy(loaded, name, kind))
    return found


def _figures(graph: "nx.MultiDiGraph", rows: int) -> Iterator[RenderableType]:
    from kg.graph.queries import most_used, rising

    for title, counts in (
        ("nodes", Counter(kind for _, kind in graph.nodes(data="kind"))),
        ("edges", Counter(relation for _, _, relation in graph.edges(keys=True))),
    ):
        yield _table(f"{counts.total():,} {title}", ((name, f"{number:,}") for name, number in counts.most_common()))
    for kind in (Kind.METHOD, Kind.DATASET):
        used = most_used(graph, kind, rows)
        yield _table(f"{kind}s that most papers use", ((_label(graph, one.node), f"{one.weight:,}") for one in used))
        trends = rising(graph, kind, rows)
        risen = ((_label(graph, one.node), f"{one.slope:+.2f}", _by_year(one.papers)) for one in trends)
        yield _table(f"rising {kind}s: points of percent of the papers, a year", risen)


def _collection(path: Path) -> Iterator[Text]:
    from kg.store import Store

    with Store(path) as store:
        sources = store.sources()
    yield Text(f"the collection: {count(len(sources), 'source')}")
    for source in sources:
        yield Text(f"  {source.name}: {count(source.records, 'record')}, {len(source.skipped):,} skipped, added {source.added}")


def _table(title: str, rows: Iterator[tuple[str, ...]]) -> RenderableType:
    table = Table(title=title, show_header=False, title_justify="left")
    for row in rows:
        table.add_row(*map(Text, row))
    return table if table.row_count else Text()


def _by_year(papers: dict[int, int]) -> str:
    return ", ".join(f"{year}: {count}" for year, count in papers.items())


def _entity(graph: "nx.MultiDiGraph", node: str, papers: int) -> Iterator[RenderableType]:
    from kg.graph.queries import neighbours, papers_of

    data = graph.nodes[node]
    yield Text.assemble((data["label"], "bold"), f"  {data['kind']}, {count(data['papers'], 'paper')}, {node}")
    for name in ("url", "homepage", "published", "venue"):
        if name in data:
            yield Text(f"{name}: {data[name]}")
    for same in data.get("external", ()):
        yield Text(f"same as {same}")
    for alias, mentions in sorted(data.get("aliases", {}).items(), key=lambda item: (-item[1], item[0])):
        why = ", or ".join(data.get("reasons", {}).get(alias, ()))
        yield Text(f"  also {alias} ({mentions}×)" + (f": {why}" if why else ""))
    if data["kind"] == Kind.PAPER:
        yield from _statements(graph, node)
        return
    for relation, found in papers_of(graph, node).items():
        yield Text(f"\n{relation} — {count(len(found), 'paper')}", style="bold")
        for paper in found[:papers]:
            yield from _evidence(graph, paper, relation, node)
        if len(found) > papers:
            yield Text(f"  … and {len(found) - papers} more (--papers)")
    yield Text("\nneighbours", style="bold")
    for one in neighbours(graph, node)[: 2 * papers]:
        yield Text(f"  {one.relation} {_label(graph, one.node)}" + (f" ({count(one.weight, 'paper')})" if one.weight else ""))


def _statements(graph: "nx.MultiDiGraph", paper: str) -> Iterator[RenderableType]:
    for relation in Relation:
        targets = [target for _, target, key in graph.out_edges(paper, keys=True) if key == relation]
        if targets:
            yield Text.assemble((f"{relation} ", "bold"), ", ".join(sorted(_label(graph, target) for target in targets)))


def _evidence(graph: "nx.MultiDiGraph", paper: str, relation: str, node: str) -> Iterator[RenderableType]:
    data = graph.nodes[paper]
    yield Text(f"  {data['label']} ({', '.join(filter(None, [data.get('published'), paper]))})")
    text = f"{data['label']}\n{data.get('abstract', '')}"
    items = [item for item in graph.edges[paper, node, relation]["evidence"] if "start" in item]
    # A place in the abstract says more than the title, which stands above already.
    places = sorted(items, key=lambda item: (item["end"] <= len(data["label"]), item["start"]))
    for item in places[:1]:
        start, end = item["start"], item["end"]
        before, after = text[max(start - _CONTEXT_CHARS, 0) : start], text[end : end + _CONTEXT_CHARS]
        yield Text.assemble(
            "    “…", before.replace("\n", " "), (text[start:end], "bold yellow"), after.replace("\n", " "), "…”"
        )


def _label(graph: "nx.MultiDiGraph", node: str) -> str:
    return str(graph.nodes[node]["label"])


def _remedy(graph: "nx.MultiDiGraph", name: str, kind: Kind | None) -> str:
    """Names that look alike, to choose from; of one kind, if it is given."""
    from difflib import get_close_matches

    nodes = (data for _, data in graph.nodes(data=True) if kind in (None, data["kind"]))
    labels = {data["label"].casefold(): data["label"] for data in nodes}
    near = get_close_matches(name.casefold(), labels, n=3)
    return f"did you mean {', '.join(repr(labels[one]) for one in near)}?" if near else "see kg stats for what there is"
