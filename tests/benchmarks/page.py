"""How long graph.html takes to write and to show, beside plain pyvis on the same graphs in the same run.

Part of `python -m tests.benchmarks`. By itself, `python -m tests.benchmarks.page [graph.json …]` tells more, of made-up
graphs and of those given, 1,500 and 5,000 of their nodes drawn.
"""

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import networkx as nx
from playwright.sync_api import Page, Playwright, sync_playwright
from playwright.sync_api import TimeoutError as TooLong
from pyvis.network import Network

import kg
from kg.export.html import _best_connected
from tests.benchmarks.table import Row, seconds

_SIZES = (500, 2000, 5000)
_DRAWN = (1500, 5000)
_CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
_PATIENCE = 90  # seconds for plain pyvis to settle
_ZOOMS = 8
_DRAWN_YET = "() => document.body?.matches('.drawn')"
# Plain pyvis's picture is worth looking at when its nodes stand still.
_SETTLED = "() => typeof network !== 'undefined' && network.physics.stabilized"


def made_up(nodes: int) -> nx.MultiDiGraph:
    """Two edges a node, to hubs rather than to others, as in graphs of papers."""
    rng = random.Random(0)
    graph = nx.MultiDiGraph()
    for number in range(nodes):
        kind = rng.choice(("paper", "method", "dataset", "task"))
        graph.add_node(f"{kind}:{number}", kind=kind, label=f"Node {number}", papers=1)
    names = list(graph)
    for number in range(1, nodes):
        for _ in range(2):
            graph.add_edge(names[number], names[int(number * rng.random() ** 2)], "uses", relation="uses", evidence=[])
    return graph


def write_plainly(graph: nx.MultiDiGraph, path: Path) -> None:
    network = Network(cdn_resources="in_line")
    network.from_nx(nx.DiGraph((*edge, {}) for edge in graph.edges()))
    path.write_text(network.generate_html())


def until(page: Page, start: float, condition: str) -> float:
    """Seconds from a start to a condition; infinite where it does not come."""
    try:
        page.wait_for_function(condition, timeout=1000 * _PATIENCE, polling=20)
    except TooLong:
        return float("inf")
    return time.perf_counter() - start


def zoom(page: Page) -> float:
    """Seconds from a turn of the wheel to the next picture."""
    page.mouse.move(640, 450)
    page.wait_for_timeout(500)
    start = time.perf_counter()
    for _ in range(_ZOOMS):
        page.mouse.wheel(0, -100)
        page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return (time.perf_counter() - start) / _ZOOMS


def rows(graph: nx.MultiDiGraph, folder: Path) -> Iterator[Row]:
    """Writing the page and waiting for its picture, beside plain pyvis with the nodes that we draw."""
    path, plain = folder / "graph.html", folder / "plain.html"
    kg.write_html(graph, path)  # so that no import is measured
    drawn = _best_connected(graph, _DRAWN[0])
    writing, plainly = seconds(lambda: kg.write_html(graph, path)), seconds(lambda: write_plainly(drawn, plain))
    yield Row(f"HTML, {len(graph):,} nodes", writing, f"plain pyvis, {len(drawn):,} nodes", plainly)
    ours, theirs = f"HTML, until its picture, {len(drawn):,} drawn", "plain pyvis, until it stands still"
    if not _CHROMIUM:
        yield Row(ours, writing, theirs, None, "needs Chromium")
        return
    with sync_playwright() as browsers:
        shown = [_shown(file, browsers, condition) for file, condition in ((path, _DRAWN_YET), (plain, _SETTLED))]
    yield Row(ours, shown[0], theirs, shown[1])


def _shown(path: Path, playwright: Playwright, condition: str) -> float:
    with playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        start = time.perf_counter()
        page.goto(path.as_uri(), wait_until="commit")
        return until(page, start, condition)


def row(name: str, path: Path, playwright: Playwright, writing: float, drawn: str, ready: str) -> None:
    # A browser of its own: one that simulates physics on a page that was left would slow the next.
    with playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        start = time.perf_counter()
        page.goto(path.as_uri(), wait_until="commit")
        shown = until(page, start, drawn)
        complete = until(page, start, ready) if shown < _PATIENCE else shown
        step = zoom(page) if complete < _PATIENCE else complete
    size = path.stat().st_size / 1e6
    print(f"{name:34}{writing:8.2f}{size:8.2f}{shown:10.2f}{complete:10.2f}{step:10.3f}", flush=True)


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    kg.write_html(made_up(2), folder / "warm.html")  # so that no import is measured
    print(f"{'':34}{'write s':>8}{'MB':>8}{'picture s':>10}{'ready s':>10}{'zoom s':>10}")
    ours = (_DRAWN_YET, "() => document.body?.matches('.ready')")
    with sync_playwright() as browsers:
        row("(a first page)", folder / "warm.html", browsers, 0, *ours)
        for size in _SIZES:
            graph, plain, path = made_up(size), folder / "plain.html", folder / "graph.html"
            writing = seconds(partial(kg.write_html, graph, path, max_nodes=size))
            plainly = seconds(partial(write_plainly, graph, plain))
            row(f"plain pyvis, {size:,} nodes", plain, browsers, plainly, _SETTLED, _SETTLED)
            row(f"kg, {size:,} nodes", path, browsers, writing, *ours)
        for source in sys.argv[1:]:
            graph, path = kg.load(source), folder / "graph.html"
            for most in _DRAWN:
                writing = seconds(partial(kg.write_html, graph, path, max_nodes=most))
                row(f"{Path(source).stem}, {len(graph):,} nodes, {most:,} drawn", path, browsers, writing, *ours)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
