/* The panel beside the drawing: all that the graph knows of one node. */

import { byId, count, element, link } from "./dom.js";
import { icon } from "./shapes.js";
import { sortableTable } from "./table.js";

const ROWS = 8; // of a group, at first
const ALIASES = 12;
const STEPS = 4; // of the way back

/* What an edge says of the node that it leads to; the other way its relation says it. */
const BACKWARDS = {
  proposes: "proposed by",
  introduces: "introduced by",
  uses: "used by",
  compares_with: "compared with by",
  mentions: "mentioned by",
  addresses: "addressed by",
  reports: "reported by",
  has_code: "code of",
  has_data: "data of",
  has_model: "model of",
  has_page: "page of",
  links_to: "linked from",
  written_by: "author of",
  published_in: "venue of",
  affiliated_with: "organization of",
  evaluated_on: "methods evaluated on it",
  applied_to: "methods applied to it",
  builds_on: "methods that build on it",
  measured_against: "methods measured against it",
  variant_of: "variants",
};

export class Panel {
  /* `actions`: choose(node), open(node), missing(node) (the neighbours not drawn), close(). */
  constructor(graph, actions) {
    Object.assign(this, { graph, actions });
    this.box = byId("panel");
  }

  show(node, trail) {
    this.box.hidden = node === null;
    this.box.replaceChildren();
    if (node === null) return;
    const close = element("button", { type: "button", className: "close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => this.actions.close());
    const heading = element("h2", { tabIndex: -1 }, this.graph.label(node));
    this.box.append(close, this.#trail(trail), this.#kind(node), heading, ...this.#facts(node), this.#openButton(node));
    const results = this.#results(node);
    if (results) this.box.append(results);
    this.box.append(...this.#groups(node));
    this.box.scrollTop = 0;
  }

  /* The nodes on the way here. */
  #trail(trail) {
    const steps = trail.slice(0, -1).slice(-STEPS).map((node) => element("li", {}, this.#button(node)));
    return element("nav", { "aria-label": "Way back", hidden: !steps.length }, element("ol", {}, ...steps));
  }

  #kind(node) {
    const kind = this.graph.kind(node);
    const told = kind === "paper" ? this.graph.nodes.date[node] : `in ${count(this.graph.nodes.papers[node], "paper")}`;
    return element("p", { className: "kind" }, icon(kind), [kind, told].filter(Boolean).join(" · "));
  }

  #facts(node) {
    const { aliases = [], links = [], higherIsBetter } = this.graph.details(node);
    const facts = links.map((address) => element("p", { className: "link" }, link(address)));
    if (higherIsBetter !== undefined) facts.push(element("p", {}, `${higherIsBetter ? "higher" : "lower"} is better`));
    if (aliases.length) facts.push(this.#aliases(aliases));
    return facts;
  }

  #aliases(aliases) {
    const names = aliases.slice(0, ALIASES).map(([alias, times, why]) =>
      element("span", { className: "alias", title: why }, alias, element("span", { className: "muted" }, ` ×${times}`)),
    );
    const others = aliases.length > ALIASES ? ` and ${aliases.length - ALIASES} more` : "";
    return element("p", { className: "aliases" }, element("span", { className: "muted" }, "also "), ...names, others);
  }

  #openButton(node) {
    const missing = this.actions.missing(node).length;
    const button = element("button", { type: "button", className: "open", hidden: !missing }, `Draw ${count(missing, "more neighbour")}`);
    button.addEventListener("click", () => this.actions.open(node));
    return button;
  }

  #button(node) {
    const button = element("button", { type: "button", className: "node" }, icon(this.graph.kind(node)), element("span", {}, this.graph.label(node)));
    button.addEventListener("click", () => this.actions.choose(node));
    return button;
  }

  /* Edges by relation and direction, in the order of the relations. */
  #groups(node) {
    const { graph } = this;
    const groups = new Map();
    for (const edge of graph.edgesOf(node)) {
      const other = graph.other(edge, node);
      if (graph.kind(other) === "result") continue; // they are in the table
      const name = graph.relation(edge);
      const words = graph.edges.from[edge] === node ? name.replaceAll("_", " ") : (BACKWARDS[name] ?? name.replaceAll("_", " "));
      const key = `${String(graph.edges.relation[edge]).padStart(3, "0")} ${words}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push({ edge, other });
    }
    return [...groups.keys()].sort().map((key) => this.#group(key.slice(4), groups.get(key)));
  }

  #group(words, rows) {
    const { papers, date } = this.graph.nodes;
    const weight = ({ edge }) => this.graph.edges.papers[edge];
    rows.sort(
      (one, other) =>
        weight(other) - weight(one) || date[other.other].localeCompare(date[one.other]) || papers[other.other] - papers[one.other],
    );
    const list = element("ul");
    const add = (some) => list.append(...some.map((row) => this.#row(row)));
    add(rows.slice(0, ROWS));
    const section = element("section", {}, element("h3", {}, words, " ", element("span", { className: "muted" }, rows.length)), list);
    if (rows.length > ROWS) {
      const more = element("button", { type: "button", className: "more" }, `Show all ${rows.length.toLocaleString("en")}`);
      more.addEventListener("click", () => {
        more.remove();
        add(rows.slice(ROWS));
      });
      section.append(more);
    }
    return section;
  }

  #row({ edge, other }) {
    const { graph } = this;
    const weight = graph.edges.papers[edge];
    const isPaper = graph.kind(other) === "paper";
    const told = isPaper ? graph.nodes.date[other].slice(0, 4) : weight > 1 ? count(weight, "paper") : "";
    const head = element("div", { className: "row" }, this.#button(other), element("span", { className: "muted" }, told));
    const [address] = graph.details(other).links ?? [];
    if (address && isPaper) head.append(this.#out(address, graph.label(other)));
    const row = element("li", {}, head);
    this.#addQuote(row, edge);
    return row;
  }

  #out(address, label) {
    const out = link(address, "↗");
    out.setAttribute("aria-label", `Page of ${label}`);
    return out;
  }

  async #addQuote(row, edge) {
    const quote = await this.graph.quote(edge);
    if (!quote) return;
    const [before, mention, after] = quote;
    row.append(element("blockquote", {}, before, element("mark", {}, mention), after));
  }

  /* The results of a paper, a method, a dataset or a metric, and of a result itself. */
  #results(node) {
    const { graph } = this;
    const kind = graph.kind(node);
    const around = [...graph.edgesOf(node)].map((edge) => graph.other(edge, node));
    const results = kind === "result" ? [] : [...new Set(around.filter((other) => graph.kind(other) === "result"))];
    if (!results.length) return null;
    const parts = [["metric", "in_metric"], ["method", "of_method"], ["dataset", "on_dataset"]].filter(([name]) => name !== kind);
    const rows = results.map((result) => {
      const { value, number } = graph.details(result);
      const named = parts.map(([, relation]) => this.#cell(graph.target(result, relation)));
      const paper = graph.target(result, "reports");
      const from = kind === "paper" ? [] : [this.#cell(paper, (graph.nodes.date[paper] ?? "").slice(0, 4) || "paper")];
      const better = graph.details(graph.target(result, "in_metric") ?? result).higherIsBetter;
      return { cells: [{ value: number, show: () => value }, ...named, ...from], metric: named[0].value, rank: better === false ? number : -number };
    });
    rows.sort((one, other) => (kind === "metric" ? 0 : one.metric.localeCompare(other.metric)) || one.rank - other.rank);
    const columns = ["value", ...parts.map(([name]) => name), ...(kind === "paper" ? [] : ["paper"])];
    const table = sortableTable(`Results of this ${kind}`, columns, rows.map(({ cells }) => cells));
    return element("section", {}, element("h3", {}, "results ", element("span", { className: "muted" }, rows.length)), table);
  }

  #cell(node, text) {
    if (node === undefined) return { value: "" };
    const show = () => {
      const button = element("button", { type: "button", className: "node", title: this.graph.label(node) }, text ?? this.graph.label(node));
      button.addEventListener("click", () => this.actions.choose(node));
      return button;
    };
    return { value: text ?? this.graph.label(node), show };
  }
}
