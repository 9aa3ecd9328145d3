"""Titles, names, quotes and addresses come from strangers: in a real Chromium, none of them is ever markup or script."""

import json
from pathlib import Path

import networkx as nx

import kg

# Texts that run as script where a page takes them for markup (OWASP, "XSS Filter Evasion Cheat Sheet").
INJECTIONS = json.loads(Path(__file__).with_name("injections.json").read_text())


def test_what_strangers_wrote_is_text(open_page, tmp_path):
    graph = nx.MultiDiGraph()
    for number, text in enumerate(INJECTIONS):
        paper, method, url = f"arxiv:{text}", f"method:{text}", f"url:{text}"
        told = {"published": "2020", "source": text, "extra": {"doi": f"10.1000/{text}"}, "authors": [text]}
        graph.add_node(paper, kind="paper", label=text, papers=1, abstract=f"We use {text} here.", **told)
        graph.add_node(method, kind="method", label=text, papers=1, aliases={text: 1}, reasons={text: [text]}, homepage=text)
        graph.add_node(url, kind="url", label=text, papers=1, url=text)
        start = len(text) + len("\nWe use ")
        place = {"paper": paper, "start": start, "end": start + len(text), "score": None}
        graph.add_edge(paper, method, "uses", relation="uses", evidence=[place])
        graph.add_edge(paper, url, "has_code", relation="has_code", evidence=[{"paper": paper, "metadata": True}])
        graph.add_node(f"result:{number}", kind="result", label=text, papers=1, value=text, number=1.0, percent=False)
        graph.add_edge(paper, f"result:{number}", "reports", relation="reports", evidence=[place])
    kg.write_html(graph, tmp_path / "g.html", title=INJECTIONS[1], max_nodes=9999)
    page = open_page(tmp_path / "g.html", viewport={"width": 500, "height": 400})
    assert page.text_content("h1") == INJECTIONS[1]
    wrong = page.evaluate(
        """async (texts) => {
            const frame = () => new Promise((done) => setTimeout(done, 5));
            const read = (selector) => [...document.querySelectorAll(`#panel ${selector}`)].map((found) => found.textContent);
            const opened = async (text, kind) => {
                location.hash = encodeURIComponent(`${kind}:${text}`);
                for (let turn = 0; turn < 400; turn += 1) {
                    const quoted = kind === "url" || read("mark").join() === text;
                    const told = read(".kind")[0]?.startsWith(kind.replace("arxiv", "paper"));
                    if (read("h2")[0] === text && told && quoted) return true;
                    await frame();
                }
                return false;
            };
            const wrong = [];
            for (const text of texts) {
                for (const kind of ["arxiv", "method", "url"]) if (!(await opened(text, kind))) wrong.push(`${kind}:${text}`);
                if (document.querySelector("#panel a:not([href^='https://'])")) wrong.push(text);
            }
            return wrong;
        }""",
        INJECTIONS,
    )
    assert wrong == []
    page.fill("#query", "script")
    page.click("#show-table")
    assert page.evaluate("window.hurt") is None
    assert page.problems == []


def test_the_page_lets_no_other_script_run_and_nothing_out(open_page, example_page):
    page = open_page(example_page)
    page.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", "<img src='x' onerror='window.hurt = 1'><img src='https://example.org/x'>");
        const script = document.createElement("script");
        script.textContent = "window.hurt = 1";
        document.body.append(script);
    }""")
    page.wait_for_timeout(200)
    assert page.evaluate("window.hurt") is None
    refused = [problem for problem in page.problems if "Content Security Policy" in problem]
    assert sum("event handler" in problem for problem in refused) == 1
    assert sum("inline script" in problem for problem in refused) == 1
    assert sum("https://example.org/x" in problem for problem in refused) == 1
