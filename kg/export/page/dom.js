/* The only way of papers' text into the page: as text, never as markup. */

/* An element with properties (or attributes, where it has no such property) and children, elements or text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export const byId = (id) => document.getElementById(id);

/* A link out, or plain text where the address is none of the web: `javascript:` and `data:` are for nobody to click. */
export function link(address, text = address) {
  if (!/^https?:\/\//i.test(address)) return element("span", {}, address);
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
