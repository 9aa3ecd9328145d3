/* Which nodes and edges are shown: by kind (the legend), relation, year, number of papers, and whether anything holds them. */

import { byId, element } from "./dom.js";
import { icon } from "./shapes.js";

/* Metadata would hide what the texts say. */
export const METADATA = new Set(["author", "venue", "organization"]);

export class Filters {
  /* `changed` is called after each change, `wanted` with a kind that is switched on. */
  constructor(graph, changed, wanted) {
    Object.assign(this, { graph, changed, wanted });
    this.kinds = new Set(graph.kinds.filter((kind) => !METADATA.has(kind)));
    this.relations = new Set(graph.relations.keys());
    const years = graph.nodes.date.map((_, node) => graph.year(node)).filter(Boolean);
    this.years = [years.reduce((one, other) => Math.min(one, other), Infinity), years.reduce((one, other) => Math.max(one, other), -Infinity)];
    this.reset = () => {
      Object.assign(this, { since: null, until: null, leastPapers: 1, hideSingles: false });
      this.relations = new Set(graph.relations.keys());
      this.#drawForm();
    };
    this.#drawLegend();
    this.reset();
  }

  #drawLegend() {
    const counts = this.graph.kinds.map(() => 0);
    for (const kind of this.graph.nodes.kind) counts[kind] += 1;
    this.graph.kinds.forEach((kind, number) => {
      if (!counts[number]) return;
      const box = element("input", { type: "checkbox", name: kind, checked: this.kinds.has(kind) });
      const text = element("span", {}, kind, " ", element("span", { className: "muted" }, counts[number].toLocaleString("en")));
      byId("legend").append(element("label", {}, box, icon(kind), text));
      box.addEventListener("change", () => {
        this.kinds[box.checked ? "add" : "delete"](kind);
        if (box.checked) this.wanted(kind);
        this.changed();
      });
    });
  }

  #drawForm() {
    const [first, last] = this.years;
    const number = (name, text, least, most, value, set) => {
      const input = element("input", { type: "number", name, min: least, max: most, placeholder: value });
      input.addEventListener("input", () => {
        set(input.value === "" ? null : Number(input.value));
        this.changed();
      });
      return element("label", { className: "number" }, element("span", {}, text), input);
    };
    const papers = number("papers", "Papers, at least", 1, 99999, 1, (value) => (this.leastPapers = value ?? 1));
    const since = number("since", "From", first, last, first, (value) => (this.since = value));
    const until = number("until", "to", first, last, last, (value) => (this.until = value));
    const singles = this.#box("singles", "Hide what stands alone", false, (on) => (this.hideSingles = on));
    const again = element("button", { type: "button", id: "reset" }, "Reset");
    again.addEventListener("click", () => {
      this.reset();
      this.changed();
    });
    const years = first <= last ? [element("div", { className: "years" }, since, until)] : [];
    byId("filters").replaceChildren(papers, ...years, singles, this.#relations(), again);
  }

  #box(name, text, checked, set) {
    const box = element("input", { type: "checkbox", name, checked });
    box.addEventListener("change", () => {
      set(box.checked);
      this.changed();
    });
    return element("label", { className: "box" }, box, element("span", {}, text));
  }

  #relations() {
    const used = new Set(this.graph.edges.relation);
    const boxes = [...used].sort((one, other) => one - other).map((relation) => {
      const name = this.graph.relations[relation];
      return this.#box(name, name.replaceAll("_", " "), true, (on) => this.relations[on ? "add" : "delete"](relation));
    });
    return element("fieldset", {}, element("legend", {}, "Edges"), ...boxes);
  }

  isEdgeShown(edge) {
    return edge.relation === undefined || this.relations.has(edge.relation);
  }

  #inYears(paper) {
    const year = this.graph.year(paper);
    if (this.since === null && this.until === null) return true;
    return year !== null && year >= (this.since ?? year) && year <= (this.until ?? year);
  }

  /* How many papers of the years chosen say something of a node, drawn or not. */
  #papers(node) {
    if (this.since === null && this.until === null) return this.graph.nodes.papers[node];
    const around = [...this.graph.edgesOf(node)].map((edge) => this.graph.other(edge, node));
    return new Set(around.filter((other) => this.graph.kind(other) === "paper" && this.#inYears(other))).size;
  }

  #isShown(node) {
    const kind = this.graph.kind(node);
    if (!this.kinds.has(kind)) return false;
    if (kind === "paper") return this.#inYears(node);
    return this.#papers(node) >= (kind === "result" ? 1 : this.leastPapers); // each result is of one paper
  }

  /* The drawn nodes that these filters hide. */
  hidden(state) {
    const hidden = new Set([...state.nodes.keys()].filter((node) => !this.#isShown(node)));
    if (!this.hideSingles) return hidden;
    const held = new Set();
    for (const edge of state.edges) {
      if (hidden.has(edge.from) || hidden.has(edge.to) || !this.isEdgeShown(edge)) continue;
      held.add(edge.from).add(edge.to);
    }
    for (const node of state.nodes.keys()) if (!held.has(node)) hidden.add(node);
    return hidden;
  }
}
