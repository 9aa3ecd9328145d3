/* Paints nodes, edges and labels on vis-network's canvas: what is less than that stays unpainted, so that thousands are quick. */

import { colors, trace } from "./shapes.js";

const LEAST_RADIUS = 2.2; // in pixels, however far one zooms out
const LABEL_SIZES = [11, 16]; // in pixels
const LABEL_CHARS = 38;
const LABEL_AREA = 8500; // pixels of the screen a label, at most so many
const FADED = 0.12;
const EDGES_A_STROKE = 300; // Chromium's time for a stroke grows faster than its edges
const EDGES_OPAQUE = 2500; // more edges are fainter
const OWN_OPAQUE = 25; // so are more of the selected node
/* Long edges say least of where things are and cover most: up to so many units long, this opaque. */
const OPACITIES = [[120, 0.75], [300, 0.4], [700, 0.2], [Infinity, 0.09]];

export class Painter {
  constructor(state) {
    this.state = state;
    this.isEdgeShown = () => true;
    this.refresh();
  }

  refresh() {
    this.colors = colors();
  }

  #radius(node, scale) {
    return Math.max(node.radius, LEAST_RADIUS / scale);
  }

  /* vis-network asks how to draw a node. */
  node({ ctx: context, id, x, y }) {
    const node = this.state.nodes.get(id);
    const radius = this.#radius(node, this.scale);
    // What is lit is drawn last, above what is faded.
    const drawNode = () => this.state.lit?.has(id) || this.#drawNode(context, node, x, y, radius);
    return { drawNode, nodeDimensions: { width: 2 * radius, height: 2 * radius } };
  }

  #drawNode(context, node, x, y, radius) {
    const marked = node.id === this.state.selected || node.id === this.state.hovered;
    if (!this.state.isLit(node.id)) context.globalAlpha = FADED;
    trace(context, node.group, x, y, radius);
    context.fillStyle = this.colors.kinds[node.group];
    context.fill();
    context.lineWidth = (marked ? 2.5 : 0.8) / this.scale;
    context.strokeStyle = marked ? this.colors.ink : this.colors.ground;
    context.stroke();
    context.globalAlpha = 1;
  }

  below(context, frame) {
    this.scale = frame.scale;
    const { nodes, hidden, selected } = this.state;
    const groups = OPACITIES.map(() => []);
    const own = [];
    for (const edge of this.state.edges) {
      const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
      if (hidden.has(edge.from) || hidden.has(edge.to) || !this.isEdgeShown(edge) || isOutside(from, to, frame)) continue;
      const length = Math.hypot(from.x - to.x, from.y - to.y);
      if (edge.from === selected || edge.to === selected) own.push([from, to]);
      else groups[OPACITIES.findIndex(([most]) => length < most)].push([from, to]);
    }
    const shown = groups.reduce((sum, edges) => sum + edges.length, 0);
    const faint = Math.sqrt(Math.min(1, EDGES_OPAQUE / shown)) * (this.state.lit ? 2 * FADED : 1);
    context.strokeStyle = this.colors.line;
    context.lineWidth = Math.min(1, 0.8 / frame.scale);
    groups.forEach((edges, group) => {
      context.globalAlpha = OPACITIES[group][1] * faint;
      strokeAll(context, edges);
    });
    context.globalAlpha = 0.8 * Math.sqrt(Math.min(1, OWN_OPAQUE / own.length));
    context.strokeStyle = this.colors.accent;
    context.lineWidth = 1.2 / frame.scale;
    strokeAll(context, own);
    context.fillStyle = this.colors.accent;
    for (const [from, to] of own) drawHead(context, from, to, this.#radius(to, frame.scale), 7 / frame.scale);
    context.globalAlpha = 1;
  }

  above(context, frame) {
    const { lit, nodes, hidden } = this.state;
    for (const id of lit ?? []) {
      const node = nodes.get(id);
      if (node && !hidden.has(id)) this.#drawNode(context, node, node.x, node.y, this.#radius(node, frame.scale));
    }
    this.#label(context, frame);
  }

  /* Labels in the order of importance, each where no other is; in pixels, so that letters are sharp. */
  #label(context, frame) {
    const { selected, hovered, nodes, hidden, ranked } = this.state;
    const first = [selected, hovered].filter((id) => nodes.has(id)).map((id) => nodes.get(id));
    const { scale } = frame;
    const [width, height] = [(frame.right - frame.left) * scale, (frame.bottom - frame.top) * scale];
    const most = (width * height) / LABEL_AREA;
    const taken = [];
    const pixel = context.getTransform().a / scale;
    context.save();
    context.setTransform(pixel, 0, 0, pixel, 0, 0);
    Object.assign(context, { textAlign: "center", textBaseline: "top", lineJoin: "round", lineWidth: 3.5 });
    Object.assign(context, { fillStyle: this.colors.ink, strokeStyle: this.colors.ground });
    for (const node of [...first, ...ranked]) {
      if (taken.length >= 2 * most) break;
      if (hidden.has(node.id) || !this.state.isLit(node.id) || isOutside(node, node, frame)) continue;
      const [x, y, radius] = [(node.x - frame.left) * scale, (node.y - frame.top) * scale, this.#radius(node, scale) * scale];
      const size = Math.round(Math.min(LABEL_SIZES[1], LABEL_SIZES[0] + 0.35 * (node.radius - 5)));
      const half = (this.#width(context, node) * size) / 2;
      const middle = Math.max(Math.min(x, width - half), half); // within the frame, if it is wide enough
      const top = y + radius + 2;
      const box = [middle - half, top, middle + half, top + 1.25 * size];
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box, [x - radius, y - radius, x + radius, y + radius]);
      context.font = `${size}px system-ui, sans-serif`;
      context.strokeText(shortened(node.label), middle, top);
      context.fillText(shortened(node.label), middle, top);
    }
    context.restore();
  }

  /* Of a label in letters one unit high. */
  #width(context, node) {
    if (!node.width) {
      context.font = "20px system-ui, sans-serif";
      node.width = context.measureText(shortened(node.label)).width / 20;
    }
    return node.width;
  }
}

const shortened = (label) => (label.length <= LABEL_CHARS ? label : `${label.slice(0, LABEL_CHARS - 1)}…`);

const overlap = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

const isOutside = (one, other, { left, right, top, bottom }) =>
  (one.x < left && other.x < left) ||
  (one.x > right && other.x > right) ||
  (one.y < top && other.y < top) ||
  (one.y > bottom && other.y > bottom);

function strokeAll(context, edges) {
  for (let begin = 0; begin < edges.length; begin += EDGES_A_STROKE) {
    context.beginPath();
    for (const [from, to] of edges.slice(begin, begin + EDGES_A_STROKE)) {
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
    context.stroke();
  }
}

/* The head of an arrow at the rim of the node that it leads to. */
function drawHead(context, from, to, radius, size) {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const at = (back, aside) => [
    to.x - (radius + back) * Math.cos(angle) + aside * Math.sin(angle),
    to.y - (radius + back) * Math.sin(angle) - aside * Math.cos(angle),
  ];
  context.beginPath();
  for (const corner of [at(0, 0), at(size, size / 2.5), at(size, -size / 2.5)]) context.lineTo(...corner);
  context.fill();
}
