/* The whole graph, drawn or not. Nodes and edges are numbers: their places in the columns that the page carries. */

async function unpack(id) {
  const letters = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

export class Graph {
  static async load() {
    return new Graph(await unpack("graph-data"));
  }

  constructor({ kinds, relations, nodes, edges }) {
    Object.assign(this, { kinds, relations, nodes, edges });
    this.size = nodes.key.length;
    this.byKey = new Map(nodes.key.map((key, node) => [key, node]));
    this.#connect();
  }

  /* The edges of node n are those in #edges from #first[n] to #first[n + 1]. */
  #first;
  #edges;
  #connect() {
    const { from, to } = this.edges;
    this.#first = new Uint32Array(this.size + 1);
    for (const ends of [from, to]) for (const node of ends) this.#first[node + 1] += 1;
    for (let node = 0; node < this.size; node += 1) this.#first[node + 1] += this.#first[node];
    const next = this.#first.slice();
    this.#edges = new Uint32Array(2 * from.length);
    for (let edge = 0; edge < from.length; edge += 1) {
      this.#edges[next[from[edge]]++] = edge;
      this.#edges[next[to[edge]]++] = edge;
    }
  }

  edgesOf(node) {
    return this.#edges.subarray(this.#first[node], this.#first[node + 1]);
  }

  other(edge, node) {
    return this.edges.from[edge] === node ? this.edges.to[edge] : this.edges.from[edge];
  }

  /* Neighbours, those of most papers first. */
  neighbours(node) {
    const weights = new Map();
    for (const edge of this.edgesOf(node)) {
      const other = this.other(edge, node);
      weights.set(other, (weights.get(other) ?? 0) + this.edges.papers[edge]);
    }
    const rank = (other) => weights.get(other) * 1e6 + this.nodes.papers[other];
    return [...weights.keys()].sort((one, other) => rank(other) - rank(one));
  }

  kind(node) {
    return this.kinds[this.nodes.kind[node]];
  }

  label(node) {
    return this.nodes.label[node];
  }

  relation(edge) {
    return this.relations[this.edges.relation[edge]];
  }

  year(node) {
    return Number(this.nodes.date[node].slice(0, 4)) || null;
  }

  details(node) {
    return this.nodes.details[node] ?? {};
  }

  /* Where the papers of an edge leave a value: the node at its other end of one relation. */
  target(node, relation) {
    const edge = this.edgesOf(node).find((edge) => this.relation(edge) === relation);
    return edge === undefined ? undefined : this.other(edge, node);
  }

  /* What an edge is read from: the text before the mention, the mention, and the text behind it. */
  async quote(edge) {
    const { quote, start, end } = this.edges;
    if (quote[edge] < 0) return null;
    this.texts ??= unpack("quotes-data");
    const text = (await this.texts)[quote[edge]];
    return [text.slice(0, start[edge]), text.slice(start[edge], end[edge]), text.slice(end[edge])];
  }
}
