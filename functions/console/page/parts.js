// The parts that pages are made of: headings, cards, states, troubles, lists, dialogs.

import { el, icon, openable } from "./element.js";
import { distance, localTime, utcTime } from "./format.js";
import { worded } from "./words.js";

/** Return a page's heading with what can be done about the whole page. */
export function heading(title, { lead = null, hidden = null, actions = [], badge = null, back = null } = {}) {
  return el(
    "div",
    { class: "heading" },
    back && el("a", { class: "back", href: back[1] }, "‹ ", back[0]),
    el(
      "div",
      { class: "title" },
      el("h1", { tabindex: "-1" }, title, hidden && el("span", { class: "unseen" }, `: ${hidden}`)),
      badge,
      el("div", { class: "actions" }, actions),
    ),
    lead && el("p", { class: "lead" }, lead),
  );
}

/** Return a part of a page under a heading of its own. */
export function card(title, properties, ...children) {
  return el("section", { class: "card", ...properties }, title && el("h2", {}, title), children);
}

/** Return a state in words beside a picture. */
export function badge(table, value) {
  const [words, tone] = worded(table, value);
  return toned(words, tone);
}

/** Return words beside the picture of a tone. */
export function toned(words, tone) {
  return el("span", { class: `badge ${tone}` }, icon(tone), el("span", {}, words));
}

/** Return a moment: how far away, with local time and UTC in its title. */
export function moment(instant) {
  const title = `${localTime(instant)} (${utcTime(instant)})`;
  return el("time", { datetime: instant, title }, distance(instant, Date.now()));
}

/** Return a moment in full. */
export function fullMoment(instant) {
  return el("time", { datetime: instant, title: utcTime(instant) }, localTime(instant));
}

/** Return pairs of a name and what it is; those without a value are left out. */
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return el("dl", { class: "facts" }, known.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

/** Return a text that is copied by a button beside it. */
export function copied(text, name) {
  return el("span", { class: "copied" }, el("code", {}, text), copier(text, name));
}

/** Return a button that copies a text; `name` says which. */
export function copier(text, name, words = null) {
  const button = el(
    "button",
    { type: "button", class: words ? "plain small" : "quiet", "aria-label": `Copy ${name}`, title: `Copy ${name}` },
    icon("copy"),
    words,
  );
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      say(`${name} copied.`);
    } catch {
      say("The browser does not let this page copy: select the text instead.");
    }
  });
  return button;
}

/** Say something that happened, aloud and at the foot of the window. */
export function say(words) {
  const place = document.querySelector(".said");
  place.textContent = words;
  place.classList.remove("fresh");
  void place.offsetWidth;
  place.classList.add("fresh");
}

/** Return a message with a tone. */
export function notice(tone, title, ...children) {
  const words = el("div", {}, title && el("p", { class: "strong" }, title), children);
  return el("div", { class: `notice ${tone}`, tabindex: "-1" }, icon(tone), words);
}

/** Return a trouble as the API told it: what, what to do, and what support asks for. */
export function trouble(problem) {
  if (!problem.detail) reportError(problem);
  const title = problem.detail ?? "Something went wrong on this page.";
  const told = notice("bad", title, problem.guidance && el("p", {}, problem.guidance), reference(problem));
  told.setAttribute("role", "alert");
  return told;
}

/** Return what support asks for, or null. */
export function reference(problem) {
  if (!problem.correlation_id) return null;
  return el(
    "p",
    { class: "reference" },
    "Reference ",
    copied(problem.correlation_id, "reference"),
    " ",
    el("span", { class: "soft" }, problem.code),
  );
}

/** Return warnings of the API, each a notice. */
export function warnings(list) {
  return (list ?? []).map((one) => notice("warn", null, el("p", {}, one.guidance)));
}

/** Return a button. */
export function button(words, press, look = "plain", picture = null) {
  return el("button", { type: "button", class: look, click: press }, picture && icon(picture), words);
}

/** Return a link that looks like a button. */
export function linkButton(words, href, look = "plain", picture = null) {
  return el("a", { class: `button ${look}`, href }, picture && icon(picture), words);
}

/** Return a link that leaves the console in another tab, or its text if it may not be opened. */
export function outward(words, address, look = "") {
  const href = openable(address);
  if (!href) return el("span", {}, words);
  return el("a", { class: look, href, target: "_blank", rel: "noopener noreferrer" }, words, icon("out"));
}

/** Run a piece of work for a control, which waits for it meanwhile; a problem is told in `place`. */
export async function working(control, place, work) {
  if (control.getAttribute("aria-disabled") === "true") return undefined;
  control.setAttribute("aria-disabled", "true");
  control.classList.add("busy");
  place.replaceChildren();
  try {
    return await work();
  } catch (problem) {
    const told = trouble(problem);
    place.replaceChildren(told);
    told.focus();
    return undefined;
  } finally {
    control.removeAttribute("aria-disabled");
    control.classList.remove("busy");
  }
}

/** Return a place in which a problem is told. */
export function troublePlace() {
  return el("div", { class: "troubles" });
}

/** Return a list, the rest of which comes page by page: `load(token)` gives `{rows, next}`. */
export function paged(first, load, empty) {
  const list = el("ul", { class: "rows" }, first.rows);
  const place = troublePlace();
  const box = el("div", {}, first.rows.length ? list : empty, place);
  let next = first.next;
  const more = button("Show more", async () => {
    const found = await working(more, place, () => load(next));
    if (!found) return;
    const [beginning] = found.rows;
    list.append(...found.rows);
    next = found.next;
    more.hidden = !next;
    (beginning?.querySelector("a, button") ?? list).focus();
    say(`${found.rows.length} more.`);
  });
  more.hidden = !next;
  box.append(el("p", { class: "more" }, more));
  return box;
}

/** Ask in a dialog before something is done; `typed` has to be typed first. Resolves to true or false. */
export function confirmed({ title, words, action, typed = null, danger = true }) {
  const input = typed && el("input", { id: "typed", autocomplete: "off", spellcheck: "false" });
  const doIt = el("button", { class: danger ? "danger" : "primary" }, action);
  const cancel = button("Cancel", () => dialog.close());
  const form = el(
    "form",
    {},
    el("h2", { id: "asked" }, title),
    [words].flat().map((one) => el("p", {}, one)),
    typed && el("label", { for: "typed" }, "Type ", el("strong", {}, typed), " to confirm"),
    input,
    el("div", { class: "actions end" }, cancel, doIt),
  );
  const dialog = el("dialog", { "aria-labelledby": "asked" }, form);
  return new Promise((resolve) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (typed && input.value.trim() !== typed.trim()) {
        input.setAttribute("aria-invalid", "true");
        input.focus();
        return;
      }
      resolve(true);
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(false);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Return what a list shows that has nothing in it yet. */
export function nothingYet(picture, title, words, ...actions) {
  return el("div", { class: "empty" }, icon(picture), el("p", { class: "strong" }, title), el("p", {}, words), el("p", { class: "actions" }, actions));
}
