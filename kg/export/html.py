"""The graph as one HTML file to explore in a browser, with pyvis and the vis-network inside it."""

import base64
import hashlib
import re
from collections import Counter
from importlib.resources import files
from os import PathLike
from typing import Any

import jinja2
import networkx as nx
from pyvis.network import Network

from kg.errors import KgError
from kg.export.files import whole_file
from kg.export.layout import layout
from kg.export.page_data import columns, pack
from kg.papers import source_file
from kg.schema import Kind, Quotes

# Metadata would hide what the texts say; the legend draws it.
_METADATA = frozenset({Kind.AUTHOR, Kind.VENUE, Kind.ORGANIZATION})
_SPREAD = 32  # units of vis-network for one of the layout
_SOURCES_NAMED = 3
# The page's own files, in the order in which they need each other.
_STYLES = ("colors", "head", "page", "panel", "screens")
_MODULES = ("dom", "shapes", "graph", "state", "paint", "view", "search", "filters", "table", "panel", "page")

# The page draws edges and labels itself and knows the sizes of nodes.
_OPTIONS = {
    "physics": {"enabled": False, "solver": "forceAtlas2Based", "forceAtlas2Based": {"avoidOverlap": 0.5}},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "hoverConnectedEdges": False, "selectConnectedEdges": False, "multiselect": False},
}


def write_html(
    graph: nx.MultiDiGraph,
    path: str | PathLike[str],
    *,
    title: str = "Knowledge graph of papers",
    max_nodes: int = 1500,
    quotes: str = "sentence",
) -> None:
    """Writes a graph as one HTML page that needs no network.

    Args:
        graph: A graph as `kg.build` makes it.
        path: The file to write.
        title: The heading of the page.
        max_nodes: The most nodes drawn at the start, the best connected; search and neighbours lead to the others.
        quotes: What is quoted as evidence: the `sentence` around a mention, the `mention` alone, or `none`.

    Raises:
        KgError: `quotes` is none of these, or the file can't be written.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> kg.write_html(graph, "graph.html", title="One paper")
    >>> from pathlib import Path
    >>> "<title>One paper</title>" in Path("graph.html").read_text(encoding="utf-8")
    True
    """
    page = render(graph, title=title, max_nodes=max_nodes, quotes=quotes)
    with whole_file(path) as stream:
        stream.write(page.encode("utf-8", "surrogatepass"))


def render(graph: nx.MultiDiGraph, *, title: str, max_nodes: int, quotes: str) -> str:
    """The page that `write_html` writes."""
    if quotes not in set(Quotes):
        raise KgError(f"quotes can't be {quotes!r}", remedy=f"choose from {', '.join(Quotes)}")
    drawn = _best_connected(graph, max_nodes)
    number = {node: place for place, node in enumerate(graph)}
    positions = layout(drawn)
    network = Network(directed=True, cdn_resources="in_line")
    # Assigned as lists: pyvis's add_edge searches all nodes for each edge.
    network.nodes = [_node(number[node], data, positions[node]) for node, data in drawn.nodes(data=True)]
    network.edges = [{"from": number[source], "to": number[target]} for source, target in drawn.edges()]
    network.options = _OPTIONS
    whole, texts = columns(graph, quotes)
    network.templateEnv = _environment()
    network.templateEnv.globals.update(
        page_title=title, summary=_summary(graph, drawn), graph=pack(whole), quotes=pack(texts), **_assets()
    )
    network.path = "template.html"
    return str(network.generate_html())


def _best_connected(graph: nx.MultiDiGraph, max_nodes: int) -> nx.MultiDiGraph:
    """The part that is drawn, in the graph's own order: what most edges lead to, metadata aside."""
    kept = {node for node, kind in graph.nodes(data="kind") if kind not in _METADATA}
    if len(kept) > max_nodes:
        degree = Counter(node for edge in graph.edges() if kept.issuperset(edge) for node in edge)
        kept = set(sorted(kept, key=lambda node: (-degree[node], node))[:max_nodes])
    drawn = nx.MultiDiGraph()
    drawn.add_nodes_from((node, data) for node, data in graph.nodes(data=True) if node in kept)
    drawn.add_edges_from(edge for edge in graph.edges(keys=True) if kept.issuperset(edge[:2]))
    return drawn


def _node(number: int, data: dict[str, Any], position: tuple[float, float]) -> dict[str, Any]:
    x, y = (round(coordinate * _SPREAD) for coordinate in position)
    return {"id": number, "label": data["label"], "group": data["kind"], "value": data["papers"], "x": x, "y": y}


def _summary(graph: nx.MultiDiGraph, drawn: nx.MultiDiGraph) -> str:
    counts = Counter(kind for _, kind in graph.nodes(data="kind"))
    parts = [_count(counts[Kind.PAPER], "paper"), _count(len(graph), "node"), _count(graph.number_of_edges(), "edge")]
    if len(drawn) < len(graph) - sum(counts[kind] for kind in _METADATA):
        parts.append(f"drawn: the {len(drawn):,} best connected")
    return " · ".join([*parts, *_sources(graph)])


def _sources(graph: nx.MultiDiGraph) -> list[str]:
    """Where papers were read, without the line."""
    names = sorted({source_file(source) for _, source in graph.nodes(data="source") if source})
    named = ", ".join(names) if len(names) <= _SOURCES_NAMED else f"{len(names):,} files"
    return [f"from {named}"] if names else []


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _environment() -> jinja2.Environment:
    return jinja2.Environment(loader=jinja2.FileSystemLoader(str(files("kg.export") / "page")), autoescape=True)


def _assets() -> dict[str, Any]:
    """Scripts and style to put in the page; its policy lets only what has these hashes run."""
    library = files("pyvis") / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    page = files("kg.export") / "page"
    style = "\n".join((page / f"{name}.css").read_text("utf-8") for name in _STYLES)
    scripts = [library.read_text("utf-8"), _join([(page / f"{name}.js").read_text("utf-8") for name in _MODULES])]
    return {
        "style": {"text": style, "hash": _hash(style)},
        "scripts": [{"text": text, "hash": _hash(text)} for text in scripts],
    }


def _join(modules: list[str]) -> str:
    """ES modules as one, since a file on disk can import no other: what they say to each other is left out."""
    inner = [re.sub(r"^import .*\n|^export ", "", module, flags=re.MULTILINE) for module in modules]
    return "\n".join(['"use strict";', "{", *inner, "}"])


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
