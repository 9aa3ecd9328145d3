"""The page in a real Chromium, from disk, without network."""

import base64
import gzip
import re

import networkx as nx
import pytest

import kg

GREY, BLUE = "#999999", "#0072b2"  # of papers and of methods


@pytest.fixture(scope="module")
def small_page(example_graph, tmp_path_factory):
    """The example with most of its nodes not drawn."""
    path = tmp_path_factory.mktemp("html") / "small.html"
    kg.write_html(example_graph, path, max_nodes=40)
    return path


@pytest.fixture
def lone_page(tmp_path):
    """A page with a single node, which a test can point at."""

    def written(**data):
        graph = nx.MultiDiGraph()
        graph.add_node("arxiv:1706.03762", **{"kind": "paper", "label": "A paper", "papers": 1} | data)
        kg.write_html(graph, tmp_path / "lone.html")
        return tmp_path / "lone.html"

    return written


def place_of(page, color):
    """Where on the screen a colour is drawn: the middle of its pixels."""
    return page.evaluate(
        """([red, green, blue]) => {
            const canvas = document.querySelector("#graph canvas");
            const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let x = 0, y = 0, n = 0;
            for (let i = 0; i < data.length; i += 4) {
                if (data[i] !== red || data[i + 1] !== green || data[i + 2] !== blue || data[i + 3] !== 255) continue;
                x += (i / 4) % width; y += Math.floor(i / 4 / width); n += 1;
            }
            if (!n) return null;
            const box = canvas.getBoundingClientRect(), ratio = box.width / width;
            return [box.x + (x / n) * ratio, box.y + (y / n) * ratio];
        }""",
        list(bytes.fromhex(color.removeprefix("#"))),
    )


def find(page, text):
    """Types a name as one does who knows the keyboard."""
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel h2")


def selected(page):
    return page.inner_text("#panel h2")


def listed(page):
    """The names of the nodes shown, as the page's table tells them to those who don't see the drawing."""
    page.click("#show-table")
    more = page.locator("#table .more")
    while more.is_visible():
        more.click()
    names = page.locator("#table tbody tr td:first-child").all_inner_texts()
    page.keyboard.press("Escape")
    return names


def test_nodes_are_drawn_without_network_and_without_errors(open_page, example_page):
    page = open_page(example_page)
    assert page.title() == "Landmark papers"
    assert page.problems == []
    assert place_of(page, BLUE)
    assert place_of(page, GREY)


def test_the_page_says_what_it_shows(open_page, example_page, example_graph):
    page = open_page(example_page)
    assert f"56 papers · {len(example_graph):,} nodes" in page.inner_text("#summary")
    assert "from papers.jsonl" in page.inner_text("#summary")
    methods = sum(kind == "method" for _, kind in example_graph.nodes(data="kind"))
    assert f"method {methods}" in page.inner_text("#legend")
    assert page.is_checked("input[name=method]")
    assert not page.is_checked("input[name=author]")


def test_an_empty_graph_is_a_page_too(open_page, tmp_path):
    kg.write_html(nx.MultiDiGraph(), tmp_path / "g.html")
    page = open_page(tmp_path / "g.html")
    assert "0 papers" in page.inner_text("#summary")
    assert page.problems == []


def test_the_same_graph_gives_the_same_bytes(example_graph, example_page, tmp_path):
    kg.write_html(example_graph, tmp_path / "g.html", title="Landmark papers")
    assert (tmp_path / "g.html").read_bytes() == example_page.read_bytes()


def test_a_wrong_choice_of_quotes_is_refused(example_graph, tmp_path):
    with pytest.raises(kg.KgError, match="choose from mention, none, sentence"):
        kg.write_html(example_graph, tmp_path / "g.html", quotes="all")


# Find


def test_search_knows_aliases_and_goes_there(open_page, example_page):
    page = open_page(example_page)
    find(page, "cbow")
    assert selected(page) == "Continuous Bag-of-Words"
    assert page.url.endswith("#method%3Acontinuous-bag-of-words")
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")


def test_accents_need_not_be_typed(open_page, lone_page):
    page = open_page(lone_page(label="Fréchet Distances by Nyström"))
    find(page, "frechet distances by nystrom")
    assert selected(page) == "Fréchet Distances by Nyström"


def test_search_goes_there_after_a_click_on_the_empty_ground_too(open_page, lone_page):
    path = lone_page()
    places = []
    for clicks in (0, 1):
        page = open_page(path)
        x, y = place_of(page, GREY)
        page.mouse.move(x + 90, y + 90)
        page.mouse.down()
        page.mouse.move(x - 200, y + 40, steps=5)
        page.mouse.up()
        page.wait_for_timeout(1500)  # it glides on
        if clicks:
            page.mouse.click(x + 200, y + 100)
        find(page, "A paper")
        page.wait_for_timeout(1500)
        places.append(place_of(page, GREY))
    assert places[1] == pytest.approx(places[0], abs=3)


def test_arrows_choose_among_what_search_finds(open_page, example_page):
    page = open_page(example_page)
    page.keyboard.press("/")
    page.keyboard.type("imagenet")
    names = page.locator("#matches .name").all_inner_texts()
    assert names[0].strip() == "ImageNet"
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#query", "aria-activedescendant") == "match-1"
    page.keyboard.press("Enter")
    assert selected(page) == names[1].strip()


def test_escape_clears_the_search_and_keeps_the_selection(open_page, example_page):
    page = open_page(example_page)
    find(page, "imagenet")
    page.keyboard.press("/")
    page.keyboard.type("zzz")
    assert "No node has this name" in page.inner_text("#matches")
    page.keyboard.press("Escape")
    assert page.input_value("#query") == ""
    assert selected(page) == "ImageNet"


def test_search_finds_what_is_not_drawn_and_draws_it(open_page, small_page):
    page = open_page(small_page)
    assert "drawn: the 40 best connected" in page.inner_text("#summary")
    before = listed(page)
    assert len(before) == 40
    assert "Continuous Bag-of-Words" not in before
    find(page, "Continuous Bag-of-Words")
    assert {"Continuous Bag-of-Words", *before} < set(listed(page))
    assert page.problems == []


def test_the_legend_hides_a_kind_and_draws_metadata(open_page, example_page):
    page = open_page(example_page)
    assert place_of(page, BLUE)
    page.uncheck("input[name=method]")
    page.wait_for_timeout(300)
    assert place_of(page, BLUE) is None
    assert "Ashish Vaswani" not in listed(page)
    page.check("input[name=author]")
    assert "Ashish Vaswani" in listed(page)


def test_the_legend_draws_all_authors_though_one_was_found_before(open_page, example_page):
    page = open_page(example_page)
    find(page, "Ashish Vaswani")
    page.check("input[name=author]")
    assert {"Ashish Vaswani", "Kaiming He"} <= set(listed(page))


def test_filters_leave_what_one_asks_for(open_page, example_page, example_graph):
    page = open_page(example_page)
    page.click("#show-filters")
    page.fill("input[name=papers]", "8")
    for kind in ("paper", "result"):
        page.uncheck(f"input[name={kind}]")
    frequent = {
        data["label"]
        for _, data in example_graph.nodes(data=True)
        if data["papers"] >= 8 and data["kind"] not in ("author", "venue")
    }
    assert set(listed(page)) == frequent
    page.click("#reset")
    page.fill("input[name=papers]", "1")
    page.fill("input[name=since]", "2020")
    page.fill("input[name=until]", "2020")
    page.check("input[name=paper]")
    shown = listed(page)
    titles = {data["label"]: data["published"] for _, data in example_graph.nodes(data=True) if data["kind"] == "paper"}
    assert {titles[name][:4] for name in shown if name in titles} == {"2020"}
    assert "ImageNet" in shown
    assert "Continuous Bag-of-Words" not in shown


def test_edges_can_be_hidden_and_what_then_stands_alone(open_page, example_page, example_graph):
    page = open_page(example_page)
    page.click("#show-filters")
    for box in page.locator("#filters fieldset input:not([name=has_code])").all():
        box.uncheck()
    assert "ImageNet" in listed(page)
    page.check("input[name=singles]")
    with_code = {end for *edge, relation in example_graph.edges(keys=True) if relation == "has_code" for end in edge}
    assert sorted(listed(page)) == sorted(example_graph.nodes[node]["label"] for node in with_code)


# Read


def test_pointing_at_a_node_tells_what_it_is(open_page, lone_page):
    page = open_page(lone_page(published="2017-06-12"))
    page.mouse.move(*place_of(page, GREY))
    page.wait_for_selector("#tip", state="visible")
    assert page.inner_text("#tip").split("\n") == ["A paper", "paper · 2017-06-12"]


def test_clicking_a_node_shows_its_links_and_escape_closes(open_page, lone_page):
    page = open_page(lone_page())
    page.mouse.click(*place_of(page, GREY))
    link = page.wait_for_selector("#panel a")
    assert link.get_attribute("href") == "https://arxiv.org/abs/1706.03762"
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")


def test_a_link_with_a_node_in_it_opens_the_node(open_page, example_page):
    page = open_page(example_page, "dataset:imagenet")
    assert selected(page) == "ImageNet"
    assert "in 11 papers" in page.inner_text("#panel")


def test_the_panel_quotes_the_sentence_and_marks_the_mention(open_page, example_page, example_graph):
    page = open_page(example_page, "method:transformer")
    page.wait_for_selector("#panel mark")
    sentence, mention = page.inner_text("#panel blockquote"), page.inner_text("#panel mark")
    abstracts = [data["abstract"] for _, data in example_graph.nodes(data=True) if "abstract" in data]
    assert any(sentence in abstract for abstract in abstracts)
    assert mention in ("Transformer", "Transformers")


@pytest.mark.parametrize(("quotes", "quoted"), [("mention", ["Adam", "Adam optimizer 𝒜"]), ("none", [])])
def test_texts_are_quoted_no_more_than_asked(open_page, tmp_path, quotes, quoted):
    """Offsets count code points; a browser counts otherwise what lies beyond the basic plane."""
    graph = nx.MultiDiGraph()
    abstract = "𝒜 secret. We like the Adam optimizer 𝒜 a lot. A secret."
    graph.add_node("arxiv:1", kind="paper", label="Title", papers=1, abstract=abstract)
    graph.add_node("method:adam", kind="method", label="Adam", papers=1)
    graph.add_node("task:play", kind="task", label="play", papers=1)
    at = len("Title\n") + abstract.index("Adam")
    for node, relation, end in (("method:adam", "uses", at + 4), ("task:play", "addresses", at + 16)):
        graph.add_edge("arxiv:1", node, relation, relation=relation, evidence=[{"paper": "arxiv:1", "start": at, "end": end}])
    kg.write_html(graph, tmp_path / "g.html", quotes=quotes)
    page = open_page(tmp_path / "g.html", "arxiv:1")
    page.wait_for_timeout(200)
    assert page.locator("#panel mark").all_inner_texts() == quoted
    blocks = re.findall(r'<script type="text/plain"[^>]*>([^<]*)<', (tmp_path / "g.html").read_text())
    assert not any(b"secret" in gzip.decompress(base64.b64decode(block)) for block in blocks)


def test_results_of_a_dataset_are_a_table_that_sorts(open_page, example_page):
    page = open_page(example_page, "dataset:imagenet")
    page.click("#panel th >> text=value")
    values = [float(text.rstrip("%")) for text in page.locator("#panel td.number").all_inner_texts()]
    assert len(values) > 3
    assert values == sorted(values)
    page.click("#panel th >> text=value")
    assert [float(text.rstrip("%")) for text in page.locator("#panel td.number").all_inner_texts()] == values[::-1]


def test_one_can_go_from_node_to_node_and_back(open_page, example_page):
    page = open_page(example_page, "dataset:imagenet")
    page.click("#panel section li .node >> nth=0")
    second = selected(page)
    assert second != "ImageNet"
    page.click("nav[aria-label='Way back'] button")
    assert selected(page) == "ImageNet"
    page.go_back()
    page.wait_for_function("(name) => document.querySelector('#panel h2').textContent === name", arg=second)


def test_a_double_click_draws_the_neighbours(open_page, tmp_path):
    graph = nx.MultiDiGraph()
    graph.add_node("method:a", kind="method", label="a", papers=9)
    graph.add_node("method:b", kind="method", label="b", papers=1)
    graph.add_edge("method:b", "method:a", "builds_on", relation="builds_on", inferred=True, weight=1, papers=["arxiv:1"])
    kg.write_html(graph, tmp_path / "g.html", max_nodes=1)
    page = open_page(tmp_path / "g.html")
    assert listed(page) == ["a"]
    page.mouse.dblclick(*place_of(page, BLUE))
    page.wait_for_function("() => document.querySelector('#status').textContent.startsWith('Drew 1 neighbour')")
    assert sorted(listed(page)) == ["a", "b"]


# For everyone


def test_the_page_can_be_used_by_keyboard_alone(open_page, example_page):
    page = open_page(example_page)
    reached = []
    for _ in range(24):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.className")
        )
    assert {"query", "show-filters", "show-table", "move", "paper", "method", "vis-network", "zoom-in", "fit"} <= set(reached)
    names = page.evaluate("""() => [...document.querySelectorAll("button, input")].map(
        (item) => item.ariaLabel || item.textContent || item.labels[0]?.textContent
    )""")
    assert all(names)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(open_page, example_page, scheme):
    """WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 at least."""
    page = open_page(example_page, color_scheme=scheme)
    colors = page.evaluate("""() => {
        const style = getComputedStyle(document.documentElement);
        const names = ["ink", "muted", "accent", "ground", "sheet", "raised"];
        return names.map((name) => style.getPropertyValue("--" + name).trim());
    }""")
    *texts, ground, sheet, raised = [luminance(color) for color in colors]
    for text in texts:
        for below in (ground, sheet, raised):
            assert (max(text, below) + 0.05) / (min(text, below) + 0.05) >= 4.5


def luminance(color):
    channels = [value / 255 for value in bytes.fromhex(color.removeprefix("#"))]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_nothing_sticks_out_on_a_phone(open_page, example_page):
    page = open_page(example_page, "dataset:imagenet", viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    panel = page.locator("#panel").bounding_box()
    assert panel["width"] == 390
    assert panel["height"] < 844 * 0.55


def test_nodes_stay_where_they_are_unless_told_to_move(open_page, example_page):
    page = open_page(example_page)
    before = place_of(page, BLUE)
    page.wait_for_timeout(500)
    assert place_of(page, BLUE) == before
    page.click("#move")
    page.wait_for_timeout(1000)
    assert place_of(page, BLUE) != before
