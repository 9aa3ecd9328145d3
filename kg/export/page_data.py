"""What the HTML page carries of a graph: all of it in columns, as small as it gets."""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import networkx as nx

from kg.export.pages import paper_pages
from kg.export.sentences import sentence_around
from kg.graph.queries import papers_behind
from kg.schema import Kind, Relation

_KIND = {str(kind): number for number, kind in enumerate(Kind)}
_RELATION = {str(relation): number for number, relation in enumerate(Relation)}
_COMPRESSION = 6  # the highest level takes thrice the time for a fiftieth less
# A place in the text: the number of a quote, and the offsets of the mention in it.
_NOWHERE = (-1, 0, 0)


def columns(graph: nx.MultiDiGraph, quotes: str) -> tuple[dict[str, Any], list[str]]:
    """The graph as lists, a node or an edge an item, and the texts quoted; nodes are told by their place in the lists.

    Args:
        graph: The graph.
        quotes: What is quoted for an edge: the `sentence` of a mention, the `mention` alone, or `none`.
    """
    index = {node: number for number, node in enumerate(graph)}
    quotation = _Quotation(graph, quotes)
    edges = list(graph.edges(keys=True, data=True))
    places = [quotation.place(data.get("evidence", ())) for _, _, _, data in edges]
    nodes = graph.nodes(data=True)
    details = {index[node]: _details(node, data) for node, data in nodes}
    return {
        "kinds": list(_KIND),
        "relations": list(_RELATION),
        "nodes": {
            "key": list(index),
            "label": [data["label"] for _, data in nodes],
            "kind": [_KIND[data["kind"]] for _, data in nodes],
            "papers": [data["papers"] for _, data in nodes],
            "date": [data.get("published") or "" for _, data in nodes],
            "details": {number: found for number, found in details.items() if found},
        },
        "edges": {
            "from": [index[source] for source, _, _, _ in edges],
            "to": [index[target] for _, target, _, _ in edges],
            "relation": [_RELATION[relation] for _, _, relation, _ in edges],
            "papers": [len(papers_behind(data)) for _, _, _, data in edges],
            "quote": [quote for quote, _, _ in places],
            "start": [start for _, start, _ in places],
            "end": [end for _, _, end in places],
        },
    }, quotation.texts


def pack(data: Any) -> str:
    """JSON, compressed, in letters that HTML leaves alone; the page unpacks it with the browser's own means."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return base64.b64encode(gzip.compress(text, _COMPRESSION, mtime=0)).decode()


def _details(node: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What only some nodes have."""
    reasons = data.get("reasons", {})
    aliases = [[alias, count, ", ".join(reasons.get(alias, ()))] for alias, count in data.get("aliases", {}).items()]
    links = [data["url"]] if "url" in data else paper_pages(node, data)
    links += [data["homepage"]] if "homepage" in data else []
    told = {
        "aliases": sorted(aliases, key=lambda alias: (-alias[1], alias[0])),
        "links": [*links, *data.get("external", ())],
        "number": data.get("number"),
        "value": f"{data['value']}{'%' if data['percent'] else ''}" if "value" in data else None,
        "higherIsBetter": data.get("higher_is_better"),
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


class _Quotation:
    """Collects the texts that are quoted, each once."""

    def __init__(self, graph: nx.MultiDiGraph, quotes: str) -> None:
        self._graph, self._quotes = graph, quotes
        self._numbers: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        return list(self._numbers)

    def place(self, evidence: list[dict[str, Any]]) -> tuple[int, int, int]:
        """Where an edge is read: a place in the abstract says more than the title, which the page shows anyway."""
        items = [item for item in evidence if "start" in item] if self._quotes != "none" else []
        if not items:
            return _NOWHERE
        paper = self._graph.nodes[items[0]["paper"]]
        item = min(items, key=lambda item: (item["end"] <= len(paper["label"]), item["start"]))
        text, start, end = f"{paper['label']}\n{paper.get('abstract', '')}", item["start"], item["end"]
        first, last = sentence_around(text, start, end) if self._quotes == "sentence" else (start, end)
        number = self._numbers.setdefault(text[first:last], len(self._numbers))
        return number, _utf16(text[first:start]), _utf16(text[first:end])


def _utf16(text: str) -> int:
    """The length of a text as JavaScript counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
