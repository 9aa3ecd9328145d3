/* Draws the graph that the page carries, and lets one find, read and open its nodes. */

import { byId, count, element } from "./dom.js";
import { Filters } from "./filters.js";
import { Graph } from "./graph.js";
import { Panel } from "./panel.js";
import { Search } from "./search.js";
import { icon } from "./shapes.js";
import { State } from "./state.js";
import { sortableTable } from "./table.js";
import { View } from "./view.js";

const OPENED = 40; // neighbours drawn at once
const METADATA_DRAWN = 600;

const given = (id) => JSON.parse(byId(id).textContent);
const drawn = given("drawn");
const state = new State(drawn.nodes, drawn.edges);
const view = new View(state, given("options"));

view.network.once("afterDrawing", () => {
  document.body.classList.add("drawn");
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => setTimeout(start));
  else setTimeout(start);
});
addColors();

async function start() {
  try {
    explore(await Graph.load());
  } catch (error) {
    say(`Search and details need a newer browser: ${error.message}`);
  }
}

function say(text) {
  byId("status").textContent = text;
}

function addColors() {
  const refresh = () => {
    view.painter.refresh();
    view.redraw();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  // Paper is light: colors.css says so for print, and the drawing follows.
  matchMedia("print").addEventListener("change", refresh);
}

function explore(graph) {
  const trail = [];
  let flies = true; // to what is selected, unless it was under the pointer
  const missing = (node) =>
    graph.neighbours(node).filter((other) => !state.nodes.has(other) && filters.kinds.has(graph.kind(other)));
  const actions = { choose, open, missing, close: () => choose(null) };
  const panel = new Panel(graph, actions);
  const filters = new Filters(graph, applyFilters, drawKind);
  const drawnKinds = new Set(filters.kinds);
  state.connect(graph);
  view.painter.isEdgeShown = (edge) => filters.isEdgeShown(edge);
  new Search(graph, choose);

  /* The address keeps the selection, so that a link leads to it and the browser's Back goes back. */
  function choose(node) {
    const hash = node === null ? "" : `#${encodeURIComponent(graph.nodes.key[node])}`;
    if (hash === location.hash) return follow();
    if (hash) location.hash = hash;
    else {
      history.pushState(null, "", location.pathname + location.search);
      follow();
    }
  }

  function follow() {
    const node = graph.byKey.get(decoded(location.hash.slice(1))) ?? null;
    const isNew = node !== state.selected;
    const before = trail.indexOf(node);
    if (node === null) trail.length = 0;
    else if (before >= 0) trail.length = before + 1;
    else trail.push(node);
    if (node !== null && !state.nodes.has(node)) drawMore([node, ...missing(node).slice(0, OPENED)], node);
    state.select(node, node === null ? [] : graph.neighbours(node));
    panel.show(node, trail);
    // Whoever came by keyboard goes on reading there.
    if (document.activeElement === document.body) byId("panel").querySelector("h2")?.focus({ preventScroll: true });
    applyFilters();
    const moves = flies;
    flies = true;
    if (node === null) return view.redraw();
    if (moves || view.isCovered(node)) view.flyTo(node);
    if (isNew) say(`${graph.label(node)}, ${graph.kind(node)}`);
  }

  /* Draws what is not drawn yet; the node that was asked for first, among what it is connected to. */
  function drawMore(nodes, centre) {
    const [first, ...rest] = nodes;
    const added = state.nodes.has(first) ? [] : state.add(graph, [first]);
    view.add([...added, ...state.add(graph, rest, centre)]);
  }

  function open(node) {
    const wanted = missing(node);
    drawMore([node, ...wanted.slice(0, OPENED)], node);
    choose(node);
    say(`Drew ${count(Math.min(wanted.length, OPENED), "neighbour")} of ${graph.label(node)}`);
  }

  /* Metadata is not among what is drawn at the start. */
  function drawKind(kind) {
    if (drawnKinds.has(kind)) return;
    drawnKinds.add(kind);
    const held = new Set();
    for (const node of state.nodes.keys()) {
      for (const edge of graph.edgesOf(node)) {
        const other = graph.other(edge, node);
        if (graph.kind(other) === kind) held.add(other);
      }
    }
    const most = [...held].sort((one, other) => graph.nodes.papers[other] - graph.nodes.papers[one]);
    view.add(state.add(graph, most.slice(0, METADATA_DRAWN)));
  }

  /* What is selected is shown, whatever the filters say. */
  function applyFilters() {
    const hidden = filters.hidden(state);
    if (state.selected !== null) hidden.delete(state.selected);
    view.hide(hidden);
  }

  function toggle(id, target) {
    const box = byId(target);
    box.hidden = !box.hidden;
    byId(id).setAttribute("aria-expanded", String(!box.hidden));
  }

  function showTable() {
    const shown = [...state.nodes.values()].filter((node) => !state.hidden.has(node.id));
    const rows = shown.map((node) => [
      { value: node.label, show: () => tableButton(node) },
      { value: node.group },
      { value: node.value },
      { value: graph.edgesOf(node.id).length },
    ]);
    rows.sort((one, other) => other[2].value - one[2].value);
    const close = element("button", { type: "button", className: "close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => byId("table").close());
    const title = element("h2", { id: "table-title" }, "Nodes shown");
    byId("table").replaceChildren(close, title, sortableTable(`${rows.length} nodes`, ["name", "kind", "papers", "edges"], rows));
    byId("table").showModal();
  }

  function tableButton(node) {
    const button = element("button", { type: "button", className: "node" }, icon(node.group), element("span", {}, node.label));
    button.addEventListener("click", () => {
      byId("table").close();
      choose(node.id);
    });
    return button;
  }

  function point(id) {
    if (id === state.hovered) return;
    state.hovered = id;
    view.redraw();
    const tip = byId("tip");
    tip.hidden = id === null;
    if (id === null) return;
    const { x, y } = view.network.canvasToDOM(state.nodes.get(id));
    const kind = graph.kind(id);
    const told = kind === "paper" ? graph.nodes.date[id] : count(graph.nodes.papers[id], "paper");
    tip.replaceChildren(element("strong", {}, graph.label(id)), element("span", {}, [kind, told].filter(Boolean).join(" · ")));
    tip.style.left = `${Math.min(x + 14, view.container.clientWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.max(8, Math.min(y + 14, view.container.clientHeight - tip.offsetHeight - 8))}px`;
  }

  view.network.on("click", ({ nodes }) => {
    flies = false;
    choose(nodes[0] ?? null);
  });
  view.network.on("doubleClick", ({ nodes }) => nodes.length && open(nodes[0]));
  view.network.on("hoverNode", ({ node }) => point(node));
  view.network.on("blurNode", () => point(null));
  view.network.on("dragStart", () => point(null));
  view.network.on("zoom", () => point(null));
  window.addEventListener("hashchange", follow);
  window.addEventListener("popstate", () => location.hash || follow());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || byId("table").open) return;
    if (!byId("filters").hidden) toggle("show-filters", "filters");
    else choose(null);
  });
  byId("show-filters").addEventListener("click", () => toggle("show-filters", "filters"));
  byId("show-table").addEventListener("click", showTable);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const id of ["show-filters", "show-table"]) byId(id).disabled = false;
  document.body.classList.add("ready");
  if (location.hash) follow();
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no address of ours
  }
}

byId("zoom-in").addEventListener("click", () => view.zoom(1));
byId("zoom-out").addEventListener("click", () => view.zoom(-1));
byId("fit").addEventListener("click", () => view.fit());
byId("move").addEventListener("click", () => {
  view.move(!view.moving);
  byId("move").setAttribute("aria-pressed", String(Boolean(view.moving)));
});
