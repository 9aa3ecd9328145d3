"""What exports are tested with: graphs that are hard to write, a real triple store, a real browser."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import networkx as nx
import pytest
import requests

import kg

# Text that formats quote, escape, normalize or turn around, each in its own way.
NASTY = [
    "quotes \" and \"\"\" and ' and '''",
    "back\\slash \\n \\u0041 \\",
    "braces {a} <b> [c] (d) | ^ ` % # @ ; , .",
    "emoji 👩🏽‍🔬 🤗 and 𝒜",
    "line\nfeed, tab\t, return\r and both\r\n",
    "right to left: עברית العربية \u202eoverride\u202c",
    "combining: Z͑ͫ̓ͪ̂ e\u0301 é",
    " spaces around\u00a0\u2028\u3000 ",
    "&amp; <![CDATA[ ]]> -->",
]
_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = {folder}
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
"""


@pytest.fixture(scope="session")
def graph_of():
    return _graph_of


def _graph_of(names):
    """A method, a dataset and an address of each name, used by one paper of two files each."""
    graph = nx.MultiDiGraph()
    for number, name in enumerate(names):
        paper = f"arxiv:{number}"
        graph.add_node(paper, kind="paper", label=name, papers=1, source=f"{number % 2} {name}.txt:{number}")
        for key, kind in ((f"method:{name}", "method"), (f"dataset:{name}", "dataset")):
            graph.add_node(key, kind=kind, label=name, aliases={f"{name}!": 1}, papers=1)
            evidence = [{"paper": paper, "start": 0, "end": 3, "score": 0.5}]
            graph.add_edge(paper, key, "uses", relation="uses", evidence=evidence)
        graph.add_edge(
            f"method:{name}", f"dataset:{name}", "on", relation="evaluated_on", inferred=True, weight=1, papers=[paper]
        )
        address = f"https://a.example/{name}"
        graph.add_node(f"url:{address}", kind="url", label=name, url=address, papers=1)
        graph.add_edge(paper, f"url:{address}", "to", relation="links_to", evidence=[{"paper": paper, "metadata": True}])
    return graph


@pytest.fixture(scope="session")
def nasty_graph():
    return _graph_of(NASTY)


class Virtuoso:
    """A running server in a folder of its own."""

    def __init__(self, folder: Path, port: int, http_port: int):
        self.folder = folder
        self.port = port
        self.http_port = http_port

    def isql(self, commands: str) -> str:
        command = ["isql-vt", f"127.0.0.1:{self.port}", "dba", "dba", f"exec={commands}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert "*** Error" not in done.stdout + done.stderr, done.stdout + done.stderr
        return done.stdout

    def load(self, path: Path, graph: str) -> None:
        """Loads a file with the bulk loader."""
        shutil.copy(path, self.folder)
        self.isql(f"ld_dir('{self.folder}', '{path.name}', '{graph}'); rdf_loader_run(); checkpoint;")
        assert "0 Rows." in self.isql("SELECT ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL;")

    def ask(self, query: str, graph: str) -> dict:
        """The answer over HTTP, as SPARQL results in JSON."""
        parameters = {"query": query, "default-graph-uri": graph, "format": "application/sparql-results+json"}
        answer = requests.post(f"http://127.0.0.1:{self.http_port}/sparql", data=parameters, timeout=60)
        assert answer.ok, answer.text
        return answer.json()


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory):
    if not shutil.which("virtuoso-t") or not shutil.which("isql-vt"):
        pytest.skip("needs virtuoso-t and isql-vt (Debian: virtuoso-opensource-7-bin)")
    folder = tmp_path_factory.mktemp("virtuoso")
    server = Virtuoso(folder, _free_port(), _free_port())
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(folder=folder, port=server.port, http_port=server.http_port), encoding="utf-8")
    process = subprocess.Popen(["virtuoso-t", "+foreground", "+configfile", str(ini)], cwd=folder)
    try:
        _wait(process, server.port)  # it opens the one for HTTP before
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def free_port():
    return _free_port


def _wait(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, "virtuoso-t ended: its virtuoso.log says why"
        assert time.monotonic() < deadline, "virtuoso-t does not listen"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (pip install '.[test]')")
    if not CHROMIUM:
        pytest.skip("needs Chromium (Debian: chromium)")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, request):
    """Opens a file as a user would, and collects everything that went wrong in it.

    Where the environment names a folder as SCREENSHOTS, it gets a picture of how each test leaves its page.
    """
    contexts = []

    def opened(path: Path, node: str = "", **context):
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "offline": True} | context))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith("file:") else page.problems.append(request.url))
        page.goto(path.as_uri() + (f"#{quote(node, safe='')}" if node else ""))
        page.wait_for_selector("body.ready")
        return page

    yield opened
    for context in contexts:
        if "SCREENSHOTS" in os.environ:
            context.pages[0].screenshot(path=Path(os.environ["SCREENSHOTS"]) / f"{request.node.name}.png")
        context.close()


@pytest.fixture(scope="module")
def example_page(example_graph, tmp_path_factory):
    path = tmp_path_factory.mktemp("html") / "graph.html"
    kg.write_html(example_graph, path, title="Landmark papers")
    return path
