"""A real Chromium for the tests of the page."""

import os
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest

import kg

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
