/* What is drawn and how it stands out, apart from how that is painted. */

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const NEW_NODES_APART = 34;

const RADII = [5, 24];
const LEAST_MOST_PAPERS = 20; // few papers more make no giant

export class State {
  /* `nodes` and `edges` as pyvis gives them. */
  constructor(nodes, edges) {
    this.mostPapers = nodes.reduce((most, { value }) => Math.max(most, value), LEAST_MOST_PAPERS);
    this.nodes = new Map(nodes.map((node) => [node.id, this.#complete(node)]));
    this.edges = edges;
    this.selected = null;
    this.hovered = null;
    this.lit = null; // the selected node and its neighbours, null where nothing is selected
    this.hidden = new Set();
    this.rank();
  }

  #complete(node) {
    // A node's area, not its radius, grows with its papers.
    const share = Math.sqrt(Math.min(1, Math.max(0, node.value - 1) / this.mostPapers));
    return { ...node, radius: RADII[0] + (RADII[1] - RADII[0]) * share, width: 0 };
  }

  /* The order in which nodes get their labels. */
  rank() {
    const degree = new Map();
    for (const edge of this.edges) for (const end of [edge.from, edge.to]) degree.set(end, (degree.get(end) ?? 0) + 1);
    const weight = (node) => 20 * node.value + (degree.get(node.id) ?? 0);
    this.ranked = [...this.nodes.values()].sort((one, other) => weight(other) - weight(one) || one.id - other.id);
  }

  /* Draws more nodes of the graph, each beside those that it is connected to; returns the new ones. */
  add(graph, ids, anchor = null) {
    const fresh = ids.filter((id) => !this.nodes.has(id));
    const crowd = new Map(); // how many were put beside a node already
    for (const id of fresh) {
      const known = anchor ?? graph.neighbours(id).find((other) => this.nodes.has(other));
      const turn = crowd.get(known) ?? 0;
      crowd.set(known, turn + 1);
      const centre = this.nodes.get(known) ?? { x: 0, y: 0, radius: 0 };
      const away = centre.radius + NEW_NODES_APART * Math.sqrt(turn + 1.5);
      const node = { id, label: graph.label(id), group: graph.kind(id), value: graph.nodes.papers[id] };
      const angle = turn * GOLDEN_ANGLE;
      this.nodes.set(id, this.#complete({ ...node, x: centre.x + away * Math.cos(angle), y: centre.y + away * Math.sin(angle) }));
    }
    this.connect(graph);
    return fresh.map((id) => this.nodes.get(id));
  }

  /* Takes all edges between drawn nodes from the graph, with what pyvis does not say of them. */
  connect(graph) {
    const { from, to } = graph.edges;
    this.edges = [];
    for (let edge = 0; edge < from.length; edge += 1) {
      if (this.nodes.has(from[edge]) && this.nodes.has(to[edge])) {
        this.edges.push({ id: edge, from: from[edge], to: to[edge], relation: graph.edges.relation[edge] });
      }
    }
    this.rank();
  }

  select(id, neighbours = []) {
    this.selected = id;
    this.lit = id === null ? null : new Set([...neighbours, id]); // drawn in this order
  }

  isLit(id) {
    return !this.lit || this.lit.has(id);
  }
}
