/* Finds nodes by their names as one types: a combobox as the ARIA Authoring Practices describe it. */

import { byId, count, element } from "./dom.js";
import { icon } from "./shapes.js";

const MATCHES = 12;

const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/* 3 for the very name, 2 where it begins so, 1 where a word does, 0 where it is within; null for no match. */
function closeness(name, wanted) {
  const at = name.indexOf(wanted);
  if (at < 0) return null;
  if (at === 0) return name.length === wanted.length ? 3 : 2;
  return name.includes(` ${wanted}`) ? 1 : 0;
}

export class Search {
  constructor(graph, choose) {
    this.graph = graph;
    this.choose = choose;
    this.input = byId("query");
    this.list = byId("matches");
    this.active = -1;
    this.input.disabled = false;
    this.input.addEventListener("input", () => this.#show());
    this.input.addEventListener("focus", () => this.#show());
    this.input.addEventListener("blur", () => this.#close());
    this.input.addEventListener("keydown", (event) => this.#press(event));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, select, dialog *")) return;
      event.preventDefault();
      this.input.select();
    });
  }

  /* All spellings, folded when first asked for. */
  get names() {
    this.folded ??= this.graph.nodes.label.map((label, node) => {
      const aliases = this.graph.details(node).aliases ?? [];
      return [fold(label), ...aliases.map(([alias]) => fold(alias))];
    });
    return this.folded;
  }

  find(text) {
    const wanted = fold(text);
    if (!wanted) return [];
    const found = [];
    this.names.forEach((names, node) => {
      const [best, name] = names.reduce(
        ([best, which], name, number) => {
          const close = closeness(name, wanted);
          return close !== null && close > best ? [close, number] : [best, which];
        },
        [-1, 0],
      );
      if (best >= 0) found.push({ node, best, name });
    });
    const { papers, label } = this.graph.nodes;
    return found
      .sort((one, other) => other.best - one.best || papers[other.node] - papers[one.node] || label[one.node].length - label[other.node].length)
      .slice(0, MATCHES);
  }

  #show() {
    const found = this.find(this.input.value);
    this.list.replaceChildren(...found.map((match, number) => this.#option(match, number)));
    if (!found.length && this.input.value.trim()) this.list.append(element("li", { className: "none" }, "No node has this name"));
    this.list.hidden = !this.list.children.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.found = found;
    this.#mark(found.length ? 0 : -1);
  }

  #option({ node, name }, number) {
    const kind = this.graph.kind(node);
    const alias = name ? element("span", { className: "muted" }, `also ${this.graph.details(node).aliases[name - 1][0]}`) : "";
    const told = kind === "paper" ? this.graph.nodes.date[node].slice(0, 4) : count(this.graph.nodes.papers[node], "paper");
    const texts = element("span", { className: "name" }, this.graph.label(node), " ", alias);
    const option = element("li", { id: `match-${number}`, role: "option" }, icon(kind), texts, element("span", { className: "muted" }, told));
    option.title = kind;
    // Before the input loses its focus, which closes the list.
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.#take(number);
    });
    return option;
  }

  #mark(number) {
    this.active = number;
    [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === number)));
    this.list.children[number]?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", number < 0 ? "" : `match-${number}`);
  }

  #press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found?.length) this.#mark((this.active + step + this.found.length) % this.found.length);
    else if (event.key === "Enter" && this.active >= 0) this.#take(this.active);
    else if (event.key === "Escape" && (this.input.value || !this.list.hidden)) {
      this.input.value = "";
      this.#close();
      event.stopPropagation(); // the selection stays
    } else return;
    event.preventDefault();
  }

  #take(number) {
    const { node } = this.found[number];
    this.input.value = "";
    this.#close();
    this.input.blur();
    this.choose(node);
  }

  #close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-activedescendant", "");
  }
}
