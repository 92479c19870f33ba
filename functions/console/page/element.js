// Elements: whatever an answer of the API says enters a page as text, never as markup (S25).

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  ok: "m5 12.500 4.500 4.500L19 7.500",
  bad: "M7 7l10 10M17 7 7 17",
  unknown: "M9.200 9.300a2.900 2.900 0 1 1 4.100 2.600c-.900.400-1.300 1-1.300 1.900M12 17h.010",
  off: "M7 12h10",
  wait: "M12 7v5l3 2M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17",
  warn: "M12 8.500v4.500M12 16.200h.010M12 3.800 2.900 19.500h18.200Z",
  copy: "M9 9h10v10H9zM15 9V5H5v10h4",
  out: "M13 5h6v6M19 5l-9 9M17 14v5H5V7h5",
  plus: "M12 5v14M5 12h14",
  phone: "M8 3.500h8a1.500 1.500 0 0 1 1.500 1.500v14a1.500 1.500 0 0 1-1.500 1.500H8A1.500 1.500 0 0 1 6.500 19V5A1.500 1.500 0 0 1 8 3.500ZM11 17.500h2",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.500 20a7.500 7.500 0 0 1 15 0",
  admin: "M12 3.500 5 6v5.500c0 4.300 2.900 7.500 7 9 4.100-1.500 7-4.700 7-9V6Z",
  key: "M14.500 4.500a5 5 0 1 1-3.700 8.300L4.500 19.100M7 16.600l2.200 2.200M15.500 8.500h.010",
};

/** Return an element: functions listen, `true` is an attribute without value, absent ones are left out. */
export function el(name, properties = {}, ...children) {
  return filled(document.createElement(name), properties, children);
}

/** Return an element of a picture. */
export function svg(name, properties = {}, ...children) {
  return filled(document.createElementNS(SVG, name), properties, children);
}

/** Return a small picture that says nothing by itself: words stand beside it. */
export function icon(name) {
  const shape = { d: ICONS[name], fill: "none", stroke: "currentColor", "stroke-width": "2" };
  const line = { "stroke-linecap": "round", "stroke-linejoin": "round" };
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { ...shape, ...line }));
}

/** Return an address if a browser may open it from here, else null: an answer may say `javascript:`. */
export function openable(address) {
  return /^https?:\/\//i.test(String(address)) ? String(address) : null;
}

function filled(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}
