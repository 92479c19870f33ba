// Fields and forms: each field reads itself and shows, beside itself, what is wrong with it.

import { el } from "./element.js";
import { certificatesIn, listed } from "./format.js";
import { trouble, troublePlace, working } from "./parts.js";

const LISTS = { email_list: listed, domain_list: listed, url_list: listed, certificate_list: certificatesIn };
const LONG = ["email_list", "url_list", "certificate_list", "xml", "text_area"];
const ANSWERS = [["", "As usual"], ["true", "Yes"], ["false", "No"]];

/** Return a field: `{node, input, name, read(), write(value), complain(reason), require(yes)}`. Empty reads as undefined. */
export function field(about) {
  const id = `field-${about.name}`;
  const input = inputOf(about, id);
  const optional = el("span", { class: "soft", hidden: about.required }, " (optional)");
  const complaint = el("p", { class: "complaint", id: `${id}-complaint`, hidden: true });
  const node = el(
    "div",
    { class: "field", "data-field": about.name },
    el("label", { for: id }, about.label, optional),
    about.help && el("p", { class: "help", id: `${id}-help` }, about.help),
    about.type === "xml" ? fileOf(input, id) : null,
    input,
    complaint,
    about.where && el("p", { class: "where", id: `${id}-where` }, el("span", { class: "soft" }, "Where to find it: "), about.where),
  );
  const described = [about.help && `${id}-help`, about.where && `${id}-where`, `${id}-complaint`].filter(Boolean);
  input.setAttribute("aria-describedby", described.join(" "));
  const write = (value) => (input.value = value);
  const complain = (reason) => {
    complaint.textContent = reason ?? "";
    complaint.hidden = !reason;
    if (reason) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  const made = { ...about, node, input, write, complain, read: () => valueOf(about, input.value) };
  made.require = (yes) => {
    made.required = input.required = yes;
    optional.hidden = yes;
  };
  return made;
}

/** Return a choice of one among few: `{node, read(), onchange}`; `choices` are `[value, words, help]`. */
export function choice(name, legend, choices, chosen, changed = () => {}) {
  const options = choices.map(([value, words, help], place) => {
    const input = el("input", { type: "radio", name, id: `${name}-${place}`, value, checked: value === chosen, change: () => changed(value) });
    const told = help && el("span", { class: "help" }, help);
    return el("label", { class: "option", for: `${name}-${place}` }, input, el("span", {}, el("span", { class: "strong" }, words), told));
  });
  const node = el("fieldset", { class: "choice" }, el("legend", {}, legend), el("div", { class: "options" }, options));
  return { node, read: () => node.querySelector("input:checked")?.value };
}

/** Return a box to tick. */
export function tick(name, words, help, ticked) {
  const input = el("input", { type: "checkbox", id: name, checked: ticked });
  const told = help && el("span", { class: "help" }, help);
  return { node: el("label", { class: "option", for: name }, input, el("span", {}, el("span", { class: "strong" }, words), told)), read: () => input.checked };
}

/** Return a list to choose from, with its label; `choices` are `[value, words]`. */
export function selection(name, label, choices, chosen, help = null) {
  const options = choices.map(([value, words]) => el("option", { value, selected: value === chosen }, words));
  const input = el("select", { id: name, "aria-describedby": help ? `${name}-help` : null }, options);
  const told = help && el("p", { class: "help", id: `${name}-help` }, help);
  return { node: el("div", { class: "field" }, el("label", { for: name }, label), told, input), input, read: () => input.value };
}

/**
 * Return a form whose button does `work(values)`. What is missing, or what the API says of a field, is shown there and
 * the first such field is focused; everything else is told above the button, or by `failed`.
 */
export function form({ fields, children = [], action, work, failed = null, extra = [] }) {
  const place = troublePlace();
  const press = el("button", { class: "primary" }, action);
  const node = el("form", { novalidate: true }, fields.map((one) => one.node), children, place, el("div", { class: "actions" }, press, extra));
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    const shown = fields.filter((one) => !one.node.hidden);
    for (const one of shown) one.complain(null);
    if (complainOf(shown, missing(shown))) return;
    const values = Object.fromEntries(shown.map((one) => [one.name, one.read()]).filter(([, value]) => value !== undefined));
    working(press, place, () => work(values).catch((problem) => told(problem, shown, failed, place)));
  });
  return { node, press, place };
}

function told(problem, fields, failed, place) {
  const reasons = (problem.fields ?? []).map((one) => [String(one.field).split(".")[0], one.reason]);
  if (complainOf(fields, reasons)) return;
  if (failed?.(problem)) return;
  const shown = trouble(problem);
  place.replaceChildren(shown);
  shown.focus();
}

function missing(fields) {
  return fields.filter((one) => one.required && one.read() === undefined).map((one) => [one.name, "is missing"]);
}

/** Show reasons at their fields and focus the first; false if none of the fields is shown here. */
function complainOf(fields, reasons) {
  const known = reasons.map(([name, reason]) => [fields.find((one) => one.name === name), reason]).filter(([one]) => one);
  for (const [one, reason] of known) one.complain(`${one.label} ${reason}.`);
  known[0]?.[0].input.focus();
  return known.length > 0;
}

function inputOf(about, id) {
  const shared = { id, name: about.name, placeholder: about.placeholder, required: about.required, autocomplete: "off", spellcheck: "false", autocapitalize: "off" };
  if (about.type === "boolean") return el("select", { id, name: about.name }, ANSWERS.map(([value, words]) => el("option", { value }, words)));
  if (LONG.includes(about.type)) return el("textarea", { ...shared, rows: about.type === "email_list" ? "2" : "4" });
  const secret = about.type === "password";
  return el("input", { ...shared, type: secret ? "password" : "text", autocomplete: secret ? "new-password" : "off", maxlength: about.max_length });
}

function fileOf(input, id) {
  const choose = el("input", { type: "file", id: `${id}-file`, accept: ".xml,.csv,text/xml,text/csv,application/xml", "aria-label": "Read it from a file" });
  choose.addEventListener("change", async () => {
    const [file] = choose.files;
    if (file) input.value = await file.text();
  });
  return choose;
}

function valueOf(about, text) {
  if (about.type === "boolean") return text === "" ? undefined : text === "true";
  const trimmed = text.trim();
  if (LISTS[about.type]) return trimmed ? LISTS[about.type](trimmed) : undefined;
  return trimmed || undefined;
}
