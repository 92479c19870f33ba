// How a connect went: its steps as they were, and what to do next as a checklist. Kept in memory until the page is left.

import { el, icon, openable } from "./element.js";
import { card, copier, linkButton, outward, warnings } from "./parts.js";
import { to } from "./routes.js";
import { RESULT, STEP, plainly, worded } from "./words.js";

const outcomes = new Map();

/** Remember what connecting answered, for the application's page. */
export function remember(answer) {
  outcomes.set(answer.application.application_id, { answer, done: new Set() });
}

/** Return the steps of a connect; the failed one says what happened and takes the focus by `focusFailed`. */
export function stepList(steps, guidance = null) {
  return el("ol", { class: "steps" }, steps.map((one) => step(one, guidance)));
}

/** Return the steps while nobody knows how far they are. */
export function stepsUnderWay() {
  return el("ol", { class: "steps" }, Object.values(STEP).map((words) => el("li", { class: "off" }, icon("wait"), el("div", {}, el("p", { class: "strong" }, words)))));
}

/** Return what is left to do at an application that was connected on this visit, or null. */
export function nextSteps(application_id) {
  const kept = outcomes.get(application_id);
  if (!kept) return null;
  const { answer } = kept;
  const told = new Set(answer.warnings.map((one) => one.guidance));
  const steps = answer.next_steps.filter((one) => !told.has(one));
  return card(
    "Next steps",
    { id: "next-steps" },
    warnings(answer.warnings),
    el("ul", { class: "checklist" }, steps.map((words, place) => item(kept, words, place))),
    el("p", { class: "actions" }, testLink(answer), linkButton("Invite a phone", to("users", "invite"), "plain", "phone")),
    answer.steps.length > 0 && el("details", {}, el("summary", {}, "How connecting went"), stepList(answer.steps)),
    answer.manual && byHand(answer.manual),
  );
}

function testLink({ test_url }) {
  return openable(test_url) && outward("Open the test link", test_url, "button primary");
}

function step({ step: name, status, detail }, guidance) {
  const [words, tone] = worded(RESULT, status);
  const failed = status === "failed";
  const told = [detail && el("p", {}, detail), failed && guidance && el("p", { class: "guidance" }, guidance)];
  return el("li", { class: tone, tabindex: failed ? "-1" : null }, icon(tone), el("div", {}, el("p", {}, el("span", { class: "strong" }, STEP[name] ?? plainly(name)), " ", el("span", { class: "soft" }, words)), told));
}

function item(kept, words, place) {
  const id = `next-${place}`;
  const box = el("input", { type: "checkbox", id, checked: kept.done.has(words) });
  box.addEventListener("change", () => (box.checked ? kept.done.add(words) : kept.done.delete(words)));
  return el("li", {}, el("label", { class: "option", for: id }, box, el("span", {}, words)));
}

function byHand(manual) {
  const ways = [["As JSON", JSON.stringify(manual.body, null, 2)], ["As a command", manual.command], ["As Terraform", manual.terraform]];
  return el(
    "div",
    { class: "ways" },
    el("h3", {}, "The connection to create"),
    ways.map(([words, text]) => el("details", {}, el("summary", {}, words), el("p", { class: "actions" }, copier(text, words, "Copy")), el("pre", { tabindex: "0", role: "group", "aria-label": words }, text))),
  );
}
