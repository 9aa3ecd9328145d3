"""The graph as figures for papers and slides, with matplotlib (the extra `plot`)."""

from os import PathLike
from pathlib import Path
from typing import Any

import matplotlib as mpl
import networkx as nx
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from kg.errors import KgError
from kg.export.files import whole_file
from kg.export.layout import layout
from kg.graph.queries import most_used, papers_by_year, years
from kg.schema import Kind

# Colours as on the page (Okabe and Ito 2008), and a marker each.
_COLORS = {Kind.PAPER: "#999999", Kind.METHOD: "#0072b2", Kind.DATASET: "#e69f00", Kind.TASK: "#009e73", Kind.METRIC: "#cc79a7"}
_MARKERS = {Kind.PAPER: "s", Kind.METHOD: "o", Kind.DATASET: "s", Kind.TASK: "^", Kind.METRIC: "D"}
_LINES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#000000", "#999999")
_LABEL_CHARS = 34
_STYLE: Any = {  # what its types list changes with the version of matplotlib
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "paper-kg",  # else ids are random
    "svg.fonttype": "none",
}
# matplotlib would write the time.
_METADATA = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def plot_most_used(graph: nx.MultiDiGraph, path: str | PathLike[str], *, count: int = 15) -> None:
    """Draws the methods and the datasets that most papers use; the suffix of the path is the format (png, svg, pdf)."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9, 1 + 0.24 * count), layout="constrained")
        for axes, kind in zip(figure.subplots(1, 2), (Kind.METHOD, Kind.DATASET), strict=True):
            top = most_used(graph, kind, count)[::-1]
            bars = axes.barh(range(len(top)), [entity.weight for entity in top], color=_COLORS[kind])
            axes.bar_label(bars, padding=2)
            axes.set_yticks(range(len(top)), [_label(graph, entity.node) for entity in top])
            axes.set_title(f"{kind}s most used", loc="left")
            axes.set_xlabel("papers")
        _save(figure, path)


def plot_by_year(graph: nx.MultiDiGraph, path: str | PathLike[str], *, count: int = 8, kind: str = Kind.METHOD) -> None:
    """Draws how many papers of each year name the entities of a kind that most papers name."""
    dated = years(graph).values()
    if not dated:
        raise KgError("no paper has a date", remedy="build from a source with dates of publication")
    named = papers_by_year(graph, kind)
    top = sorted(named, key=lambda node: (-named[node].total(), node))[: min(count, len(_LINES))]
    span = range(min(dated), max(dated) + 1)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8, 4), layout="constrained")
        axes = figure.subplots()
        for node, color in zip(top, _LINES, strict=False):
            axes.plot(
                span, [named[node][year] for year in span], marker="o", markersize=3, color=color, label=_label(graph, node)
            )
        axes.set_ylabel("papers")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_title(f"{kind}s by year", loc="left")
        axes.legend(frameon=False, bbox_to_anchor=(1, 1), loc="upper left")
        _save(figure, path)


def plot_neighbourhood(graph: nx.MultiDiGraph, node: str, path: str | PathLike[str], *, count: int = 30) -> None:
    """Draws a node and its neighbours among papers and entities, those of most papers, and the edges between them."""
    near = {other for other in (*graph.successors(node), *graph.predecessors(node)) if graph.nodes[other]["kind"] in _COLORS}
    kept = sorted(near - {node}, key=lambda other: (-graph.nodes[other]["papers"], other))[:count]
    drawn = nx.MultiDiGraph(graph.subgraph([node, *kept]))
    ordered = nx.MultiDiGraph()  # a subgraph's order is that of a set
    ordered.add_nodes_from((other, graph.nodes[other]) for other in [node, *kept])
    ordered.add_edges_from(sorted(drawn.edges(keys=True)))
    positions = layout(ordered)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9, 7), layout="constrained")
        axes = figure.subplots()
        lines = [(positions[source], positions[target]) for source, target in ordered.edges()]
        axes.add_collection(LineCollection(lines, colors="#9aa3ad", linewidths=0.7, zorder=1))
        for kind, color in _COLORS.items():
            _draw(axes, ordered, [other for other in ordered if ordered.nodes[other]["kind"] == kind], positions, kind, color)
        axes.set_title(f"{_label(graph, node)} and its neighbours", loc="left")
        axes.legend(frameon=False, ncols=len(_COLORS), loc="lower center", bbox_to_anchor=(0.5, -0.06))
        axes.set_axis_off()
        axes.margins(0.12)
        _add_labels(figure, axes, ordered, positions)
        _save(figure, path)


def _draw(
    axes: Axes,
    graph: nx.MultiDiGraph,
    nodes: list[str],
    positions: dict[str, tuple[float, float]],
    kind: Kind,
    color: str,
) -> None:
    if not nodes:
        return
    sizes = [30 + 25 * graph.nodes[node]["papers"] ** 0.5 for node in nodes]
    x, y = zip(*(positions[node] for node in nodes), strict=True)
    axes.scatter(x, y, s=sizes, c=color, marker=_MARKERS[kind], label=str(kind), edgecolors="white", linewidths=0.6, zorder=2)


def _add_labels(figure: Figure, axes: Axes, graph: nx.MultiDiGraph, positions: dict[str, tuple[float, float]]) -> None:
    """Labels below the nodes, in their order, each where no other is."""
    labels = [
        axes.annotate(
            _label(graph, node), positions[node], xytext=(0, -7), textcoords="offset points", ha="center", va="top", fontsize=7
        )
        for node in graph
    ]
    figure.draw_without_rendering()
    taken: list[Bbox] = []
    for label in labels:
        box = label.get_window_extent()
        if any(box.overlaps(other) for other in taken):
            label.remove()
        else:
            taken.append(box)


def _label(graph: nx.MultiDiGraph, node: str) -> str:
    label = str(graph.nodes[node]["label"]).replace("$", r"\$")  # no formula
    return label if len(label) <= _LABEL_CHARS else label[: _LABEL_CHARS - 1] + "…"


def _save(figure: Figure, path: str | PathLike[str]) -> None:
    suffix = Path(path).suffix.lower()
    if suffix.lstrip(".") not in figure.canvas.get_supported_filetypes():
        known = ", ".join(sorted(figure.canvas.get_supported_filetypes()))
        raise KgError(f"{path} has no format that can be drawn", remedy=f"end it with one of {known}")
    with whole_file(path) as stream:
        figure.savefig(stream, format=suffix.lstrip("."), dpi=200, metadata=_METADATA.get(suffix))
