"""Services asked by their real client libraries, at a server of our own that answers in their documented form."""

import http.server
import json
import os
import subprocess
import sys
import threading
from urllib.parse import parse_qs, urlsplit, urlunparse

import pytest

import kg
from kg.errors import KgError
from kg.papers import source_file
from kg.sources import network

WORK = {"title": "A", "abstract_inverted_index": {"We": [0], "prune.": [1]}, "publication_date": "2024-05-06"}


class Server(http.server.ThreadingHTTPServer):
    """Answers from a function of path and query; keeps what it was asked, and with which headers."""

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.asked, self.failures = answer, [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append((parts.path, query, dict(self.headers)))
        status = self.server.failures.pop(0) if self.server.failures else 200
        body = self.server.answer(parts.path, query).encode() if status == 200 else b'{"error": "busy"}'
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def serve(monkeypatch):
    running = []

    def start(answer):
        running.append(Server(answer))
        return running[-1]

    monkeypatch.setattr(network, "_WAIT_SECONDS", 0.01)
    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def read(source, **options):
    skipped: list[KgError] = []
    return list(kg.read(source, on_skip=skipped.append, **options)), [str(error) for error in skipped]


# OpenAlex


@pytest.fixture
def openalex(serve, monkeypatch):
    api = pytest.importorskip("pyalex", reason="needs the extra `openalex`").api

    def answer(path, query):
        first = query["cursor"] == "*"
        works = [
            WORK | {"id": f"https://openalex.org/W{number}", "title": f"T {number}"}
            for number in (range(200) if first else [7])
        ]
        return json.dumps({"meta": {"count": 201, "next_cursor": "next" if first else None}, "results": works, "group_by": []})

    server = serve(answer)
    here = ("http", f"127.0.0.1:{server.server_port}")
    monkeypatch.setattr(api, "urlunparse", lambda parts: urlunparse((*here, *parts[2:])))  # it knows one address only
    return server


def test_openalex_is_asked_page_by_page(openalex):
    papers, skipped = read("openalex:knowledge graph", email="me@library.example")
    assert not skipped
    assert len(papers) == 201
    assert (papers[0].title, papers[0].abstract, papers[0].published) == ("T 0", "We prune.", "2024-05-06")
    assert [papers[0].source, papers[200].source] == ["openalex:knowledge graph:1", "openalex:knowledge graph:201"]
    paths, queries, headers = zip(*openalex.asked, strict=True)
    assert set(paths) == {"/works"}
    assert [(query["search"], query["cursor"], query["per-page"]) for query in queries] == [
        ("knowledge graph", "*", "200"),
        ("knowledge graph", "next", "200"),
    ]
    assert headers[0]["From"] == "me@library.example"


def test_openalex_filters(openalex):
    read("openalex:filter=publication_year:2024, type:article", limit=5)
    assert openalex.asked[0][1]["filter"] == "publication_year:2024,type:article"
    both = "institutions.country_code:fr,institutions.country_code:gb,cited_by_count:>5"
    read(f"openalex:filter={both}", limit=5)
    assert openalex.asked[1][1]["filter"] == both
    with pytest.raises(kg.SourceError, match="no filter"):
        read("openalex:filter=2024")


def test_a_question_that_ends_in_a_number_is_told_whole(openalex):
    papers, _ = read("openalex:filter=publication_year:2024", limit=3)
    assert {source_file(paper.source) for paper in papers} == {"openalex:filter=publication_year:2024"}


def test_no_more_than_the_limit_is_given(openalex):
    assert len(read("openalex:graph", limit=150)[0]) == 150
    assert len(openalex.asked) == 1


def test_openalex_is_asked_again_when_it_is_busy(openalex):
    openalex.failures = [503, 429]
    assert len(read("openalex:graph", limit=10)[0]) == 10


def test_openalex_that_stays_broken_is_one_line(openalex):
    openalex.failures = [500] * 50
    with pytest.raises(kg.SourceError, match=r"openalex:graph: no answer: 500 .*\(check the query and the network"):
        read("openalex:graph")


# arXiv

ENTRY = """<entry><id>http://arxiv.org/abs/2401.{number:05}v2</id><title>A Graph
  of Papers</title><summary> We build. </summary><published>2024-01-02T00:00:00Z</published>
<updated>2024-01-03T00:00:00Z</updated>
<author><name>Ada Lovelace</name></author><category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
<link href="http://arxiv.org/abs/2401.{number:05}v2" rel="alternate" type="text/html"/></entry>"""
FEED = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{total}</opensearch:totalResults>
<opensearch:startIndex xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{start}</opensearch:startIndex>
<opensearch:itemsPerPage xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{size}</opensearch:itemsPerPage>{entries}</feed>"""


@pytest.fixture
def arxiv(serve, monkeypatch):
    library = pytest.importorskip("arxiv", reason="needs the extra `arxiv`")

    def answer(path, query):
        start, size, total = int(query["start"]), int(query["max_results"]), 250
        entries = "".join(ENTRY.format(number=number) for number in range(start, min(total, start + size)))
        return FEED.format(total=total, start=start, size=size, entries=entries)

    server = serve(answer)
    monkeypatch.setattr(library.Client, "query_url_format", f"http://127.0.0.1:{server.server_port}/api/query?{{}}")
    return server


def test_arxiv_is_asked_page_by_page(arxiv):
    papers, skipped = read('arxiv:cat:cs.CL AND ti:"knowledge graph"')
    assert not skipped
    assert len(papers) == 250
    first = papers[0]
    assert (first.id, first.title, first.abstract) == ("arxiv:2401.00000", "A Graph of Papers", "We build.")
    assert (first.source, papers[249].source) == tuple(f'arxiv:cat:cs.CL AND ti:"knowledge graph":{n}' for n in (1, 250))
    assert (first.published, first.authors, first.extra) == ("2024-01-02", ("Ada Lovelace",), {"categories": ["cs.CL"]})
    assert [query["start"] for _, query, _ in arxiv.asked] == ["0", "200"]
    assert arxiv.asked[0][1]["search_query"] == 'cat:cs.CL AND ti:"knowledge graph"'


def test_arxiv_identifiers_are_looked_up(arxiv):
    read("arxiv:1706.03762v5, hep-th/9901001", limit=2)
    assert arxiv.asked[0][1]["id_list"] == "1706.03762v5,hep-th/9901001"


def test_arxiv_is_asked_again_when_it_is_busy(arxiv):
    arxiv.failures = [503]
    assert len(read("arxiv:all:graph", limit=3)[0]) == 3


def test_arxiv_that_refuses_is_one_line(arxiv, monkeypatch):
    arxiv.failures = [400] * 10
    monkeypatch.setattr("arxiv.time.sleep", lambda seconds: None)
    with pytest.raises(kg.SourceError, match=r"arxiv:all:graph: no answer: Page request resulted in HTTP 400"):
        read("arxiv:all:graph")


# Hugging Face: its address is set in the environment before its library is loaded.

LISTED = {
    "paper": {
        "id": "1706.03762",
        "authors": [{"_id": "1", "name": "Ashish Vaswani", "hidden": False}],
        "publishedAt": "2017-06-12T17:57:34.000Z",
        "title": "Attention Is All You Need",
        "summary": "We build a model\nof attention alone.",
        "upvotes": 12,
    },
    "publishedAt": "2025-10-31T00:00:00.000Z",
    "title": "Attention Is All You Need",
    "numComments": 1,
    "githubRepo": "https://github.com/a/b",
    "organization": {"_id": "1", "name": "google", "fullname": "Google", "avatar": ""},
}
SCRIPT = """
import json, sys, kg
from kg.sources import network
network._WAIT_SECONDS = 0.01
try:
    papers = list(kg.read(sys.argv[1]))
except kg.KgError as error:
    sys.exit(str(error))
rows = [[p.id, p.title, p.abstract, p.published, p.upvotes, p.organization, [l.url for l in p.links], p.source] for p in papers]
print(json.dumps(rows))
"""


@pytest.fixture
def hub(serve, tmp_path, monkeypatch):
    pytest.importorskip("huggingface_hub", reason="needs the extra `hf`")
    monkeypatch.setenv("HF_HOME", str(tmp_path))

    def answer(path, query):
        listed = [LISTED] * 100 if query.get("p") == "0" else [LISTED] * 3 if query.get("p") == "1" else []
        answers = {"/api/daily_papers": listed, "/api/papers/search": [LISTED]}
        return json.dumps(answers.get(path, {}))  # the library has questions of its own

    return serve(answer)


def ask_hub(source, address):
    environment = os.environ | {"HF_ENDPOINT": address, "NO_PROXY": "127.0.0.1"}
    return subprocess.run([sys.executable, "-c", SCRIPT, source], env=environment, capture_output=True, text=True)


def address(server):
    return f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize(("source", "asked"), [("hf:2025-10-31", "date"), ("hf:2025-W44", "week"), ("hf:2025-10", "month")])
def test_the_hub_lists_a_day_a_week_or_a_month(hub, source, asked):
    hub.failures = [503, 502]
    done = ask_hub(source, address(hub))
    papers = json.loads(done.stdout)
    assert len(papers) == 103
    links = ["https://github.com/a/b"]
    abstract = "We build a model of attention alone."
    assert papers[0] == [
        "arxiv:1706.03762",
        "Attention Is All You Need",
        abstract,
        "2017-06-12",
        12,
        "Google",
        links,
        f"{source}:1",
    ]
    assert hub.asked[-1][1][asked] == source.removeprefix("hf:")


def test_the_hub_is_searched(hub):
    assert len(json.loads(ask_hub("hf:attention model", address(hub)).stdout)) == 1
    assert [query["q"] for path, query, _ in hub.asked if path == "/api/papers/search"] == ["attention model"]


def test_without_network_there_is_one_line(hub):
    hub.server_close()
    done = ask_hub("hf:2025-10-31", address(hub))
    assert done.returncode == 1
    assert done.stderr.startswith("hf:2025-10-31: no answer: ")
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("source", "extra"), [("arxiv:x", "arxiv"), ("openalex:x", "openalex"), ("hf:x", "hf")])
def test_without_its_package_a_service_names_the_extra(source, extra, monkeypatch):
    for package in ("arxiv", "pyalex", "huggingface_hub"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(kg.SourceError, match=rf"pip install 'paper-kg\[{extra}\]'"):
        read(source)


def test_a_file_named_like_a_question_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hf:2025-10-31").write_text('{"title": "A"}', encoding="utf-8")
    assert [paper.title for paper in read("hf:2025-10-31")[0]] == ["A"]
