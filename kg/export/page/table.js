/* Tables that sort by a click on a heading. */

import { element } from "./dom.js";

const ROWS_AT_ONCE = 200;

const compare = (one, other) =>
  typeof one === "number" && typeof other === "number" ? one - other : String(one ?? "").localeCompare(String(other ?? ""), "en", { numeric: true });

/* `columns` are names; `rows` are lists of cells {value, show}: what to sort by, and optionally the element or text shown. */
export function sortableTable(caption, columns, rows) {
  const body = element("tbody");
  const more = element("button", { type: "button", className: "more" });
  let shown = ROWS_AT_ONCE;
  const fill = () => {
    body.replaceChildren(...rows.slice(0, shown).map((cells) => element("tr", {}, ...cells.map(cell))));
    more.hidden = shown >= rows.length;
    more.textContent = `Show more of ${rows.length.toLocaleString("en")}`;
  };
  more.addEventListener("click", () => {
    shown += ROWS_AT_ONCE;
    fill();
  });
  const headings = columns.map((column, number) => {
    const button = element("button", { type: "button" }, column);
    const heading = element("th", { scope: "col" }, button);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.sort((one, other) => (down ? -1 : 1) * compare(one[number].value, other[number].value));
      fill();
    });
    return heading;
  });
  fill();
  const table = element("table", {}, element("caption", {}, caption), element("thead", {}, element("tr", {}, ...headings)), body);
  return element("div", { className: "scroll" }, table, more);
}

function cell({ value, show }) {
  return element("td", { className: typeof value === "number" ? "number" : "" }, show?.() ?? String(value ?? ""));
}
