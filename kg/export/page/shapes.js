/* How kinds look: a shape each, beside the colours of colors.css, for whoever can't tell those apart. */

const polygon = (corners, turn = 0, radius = () => 1) =>
  Array.from({ length: corners }, (_, corner) => {
    const angle = ((corner + turn) / corners) * 2 * Math.PI - Math.PI / 2;
    return [radius(corner) * Math.cos(angle), radius(corner) * Math.sin(angle)];
  });

/* Corners on or within the unit circle, none for a circle. */
const SHAPES = {
  paper: [[-0.68, -0.9], [0.68, -0.9], [0.68, 0.9], [-0.68, 0.9]],
  method: [],
  dataset: polygon(4, 0.5).map(([x, y]) => [1.2 * x, 1.2 * y]),
  task: polygon(3).map(([x, y]) => [1.2 * x, 1.2 * y + 0.15]),
  metric: polygon(4).map(([x, y]) => [1.2 * x, 1.2 * y]),
  result: polygon(10, 0, (corner) => (corner % 2 ? 0.55 : 1.3)),
  url: polygon(3, 1.5).map(([x, y]) => [1.2 * x, 1.2 * y - 0.15]),
  author: polygon(5),
  venue: polygon(6),
  organization: polygon(8, 0.5),
};

export function trace(context, kind, x, y, radius) {
  const corners = SHAPES[kind];
  context.beginPath();
  if (!corners.length) context.arc(x, y, radius, 0, 2 * Math.PI);
  for (const [right, down] of corners) context.lineTo(x + right * radius, y + down * radius);
  context.closePath();
}

/* The shape as a small picture beside a name. */
export function icon(kind) {
  const make = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const corners = SHAPES[kind];
  const svg = make("svg", { viewBox: "-1.4 -1.4 2.8 2.8", class: `icon ${kind}`, "aria-hidden": "true" });
  svg.append(corners.length ? make("polygon", { points: corners.join(" ") }) : make("circle", { r: 1 }));
  return svg;
}

/* The colours of the page, as light or dark as it is now. */
export function colors() {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  const kinds = Object.fromEntries(Object.keys(SHAPES).map((kind) => [kind, color(kind)]));
  return { kinds, ink: color("ink"), ground: color("ground"), line: color("edge"), accent: color("accent") };
}
