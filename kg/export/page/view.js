/* The drawing as vis-network holds it: camera, pointer and forces; what it looks like is in paint.js. */

import { byId, calm } from "./dom.js";
import { Painter } from "./paint.js";

const FLIGHT = { duration: 500, easingFunction: "easeInOutQuad" };
const NEAREST = 1.6; // the scale up to which the camera flies
const STEP = 1.4;

export class View {
  constructor(state, options) {
    this.state = state;
    this.container = byId("graph");
    this.#widen();
    this.painter = new Painter(state);
    // The greatest first, so that none lies under them.
    const ordered = [...state.nodes.values()].sort((one, other) => other.radius - one.radius);
    this.points = new vis.DataSet(ordered.map((node) => this.#point(node)));
    this.springs = new vis.DataSet();
    const painter = this.painter;
    const nodes = { shape: "custom", ctxRenderer: (asked) => painter.node(asked), chosen: false };
    const keyboard = { enabled: true, bindToWindow: false };
    const all = { ...options, nodes, edges: { hidden: true, smooth: false } };
    all.interaction = { ...all.interaction, keyboard };
    this.network = new vis.Network(this.container, { nodes: this.points, edges: this.springs }, all);
    this.container.firstChild.tabIndex = 0; // vis-network's 900 would be after everything else
    this.network.on("beforeDrawing", (context) => painter.below(context, this.#frame()));
    this.network.on("afterDrawing", (context) => painter.above(context, this.#frame()));
    this.network.on("dragEnd", () => this.#follow());
    this.network.on("dragging", () => this.#follow());
    this.fit(false);
  }

  #point({ id, x, y }) {
    return { id, x, y, hidden: this.state.hidden.has(id) };
  }

  /* The layout is about round, screens are not. */
  #widen() {
    const { clientWidth, clientHeight } = this.container;
    const stretch = Math.sqrt(Math.min(2, Math.max(0.5, clientWidth / clientHeight)));
    for (const node of this.state.nodes.values()) {
      node.x *= stretch;
      node.y /= stretch;
    }
  }

  #frame() {
    if (this.moving) this.#follow();
    const { x, y } = this.network.getViewPosition();
    const scale = this.network.getScale();
    const [width, height] = [this.container.clientWidth / scale, this.container.clientHeight / scale];
    return { scale, left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
  }

  /* Takes over where dragging or forces have put the nodes. */
  #follow() {
    for (const [id, { x, y }] of Object.entries(this.network.getPositions())) Object.assign(this.state.nodes.get(Number(id)), { x, y });
  }

  /* However often it is asked for, once before the screen shows it. */
  redraw() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      this.network.redraw();
    });
  }

  add(nodes) {
    this.points.add(nodes.map((node) => this.#point(node)));
    if (this.moving) this.#spring();
  }

  hide(hidden) {
    const changed = [...this.state.nodes.keys()].filter((id) => hidden.has(id) !== this.state.hidden.has(id));
    this.state.hidden = hidden;
    if (changed.length) this.points.update(changed.map((id) => ({ id, hidden: hidden.has(id) })));
    this.redraw();
  }

  flyTo(id) {
    const { x, y } = this.state.nodes.get(id);
    const scale = Math.max(this.network.getScale(), this.#scaleFor(this.state.lit ?? new Set([id]), { x, y }));
    this.network.moveTo({ position: { x, y }, scale, offset: this.#offset(), animation: calm() ? false : FLIGHT });
  }

  /* The scale at which most of some nodes are in view around a centre. */
  #scaleFor(ids, centre) {
    const reach = [...ids]
      .filter((id) => this.state.nodes.has(id))
      .map((id) => Math.hypot(this.state.nodes.get(id).x - centre.x, this.state.nodes.get(id).y - centre.y))
      .sort((one, other) => one - other);
    const most = reach[Math.floor(0.7 * (reach.length - 1))] + 40;
    const room = Math.min(this.container.clientWidth, this.container.clientHeight) / 2;
    return Math.min(NEAREST, room / most);
  }

  /* Whether the panel or the frame hides a node. */
  isCovered(id) {
    const { x, y } = this.network.canvasToDOM(this.state.nodes.get(id));
    const { x: right, y: down } = this.#offset();
    const { clientWidth, clientHeight } = this.container;
    return x < 0 || y < 0 || x > clientWidth + 2 * right || y > clientHeight + 2 * down;
  }

  /* The middle of what the panel leaves free. */
  #offset() {
    const panel = byId("panel").getBoundingClientRect();
    if (!panel.width) return { x: 0, y: 0 };
    return panel.width < innerWidth ? { x: -panel.width / 2, y: 0 } : { x: 0, y: -panel.height / 2 };
  }

  zoom(direction) {
    const scale = this.network.getScale() * (direction > 0 ? STEP : 1 / STEP);
    this.network.moveTo({ scale, animation: calm() ? false : { ...FLIGHT, duration: 150 } });
  }

  fit(animated = !calm()) {
    const shown = [...this.state.nodes.keys()].filter((id) => !this.state.hidden.has(id));
    this.network.fit({ nodes: shown, animation: animated ? FLIGHT : false, minZoomLevel: 0.01, maxZoomLevel: NEAREST });
  }

  /* Lets forces move the nodes, or stops them; only forces need to know the edges. */
  move(moving) {
    this.moving = moving;
    if (moving) this.#spring();
    this.network.setOptions({ physics: { enabled: moving } });
    if (!moving) this.springs.clear();
  }

  #spring() {
    this.springs.clear();
    this.springs.add(this.state.edges.map(({ from, to }) => ({ from, to })));
  }
}
