"""The page inside a notebook."""

from dataclasses import dataclass
from html import escape

import networkx as nx

from kg.export.html import render


@dataclass(frozen=True, slots=True)
class Shown:
    """A page that a notebook displays, within a frame that can do nothing but draw and open links."""

    page: str
    height: int

    def _repr_html_(self) -> str:
        style = f"width:100%;height:{self.height}px;border:0"
        return f'<iframe srcdoc="{escape(self.page)}" style="{style}" sandbox="allow-scripts allow-popups"></iframe>'


def show(
    graph: nx.MultiDiGraph,
    *,
    title: str = "Knowledge graph of papers",
    max_nodes: int = 500,
    quotes: str = "sentence",
    height: int = 640,
) -> Shown:
    """Shows a graph in a notebook: the page that `write_html` writes, `height` pixels high, without network.

    >>> import kg
    >>> graph = kg.build(kg.read({"title": "A", "abstract": "We train a ResNet on ImageNet."}))
    >>> kg.show(graph)._repr_html_()[:15]
    '<iframe srcdoc='
    """
    return Shown(render(graph, title=title, max_nodes=max_nodes, quotes=quotes), height)
