// Add application: which kind, its fields with what they need and where that is found, and Connect.

import { Problem, at, call } from "./api.js";
import { el } from "./element.js";
import { choice, field, form } from "./forms.js";
import { card, heading, linkButton, notice, reference, say } from "./parts.js";
import { remember, stepList, stepsUnderWay } from "./outcome.js";
import { to } from "./routes.js";

const LONGEST_SECONDS = 29;
const ASK_AGAIN = ["unreachable", "connect_in_progress", "store_unavailable"];

/** Return the page that asks what is to be added. */
export async function addPage() {
  const { integrations } = await call("GET", at(["integrations"]));
  const choices = integrations.map((one) =>
    el("li", {}, el("a", { class: "card pick", href: to("applications", "new", one.integration) }, el("span", { class: "strong" }, one.name), el("span", { class: "soft" }, one.description))),
  );
  const head = heading("Add application", { lead: "What do people sign in to?", back: ["Applications", to("applications")] });
  return { title: "Add application", nodes: [head, el("ul", { class: "picks" }, choices)] };
}

/** Return the page with the fields of one integration. */
export async function connectPage({ integration }) {
  const { integrations } = await call("GET", at(["integrations"]));
  const chosen = integrations.find((one) => one.integration === integration);
  if (!chosen) throw new Problem(404, { code: "not_found", detail: "There is no such integration." });
  const head = heading(`Add ${chosen.name}`, { lead: chosen.description, back: ["Add application", to("applications", "new")] });
  return { title: `Add ${chosen.name}`, nodes: [head, ...asked(chosen)] };
}

function asked(integration) {
  const fields = integration.fields.filter((one) => one.type !== "choice").map(field);
  const mode = integration.fields.find((one) => one.type === "choice");
  const needed = el("ul", { class: "needed" });
  const result = el("div", { class: "result" });
  const asking = new Asking(integration, fields, result);
  const ways = mode ? mode.choices.map((one) => [one.value, one.label, one.help]) : alternatives(integration);
  const choose = (way) => {
    asking.way = way;
    for (const one of fields) one.node.hidden = !belongs(integration, one, way);
    if (!mode) for (const one of fields) one.require(integration.alternatives[Number(way)].includes(one.name));
    needed.replaceChildren(...needs(integration, mode, way).map((words) => el("li", {}, words)));
  };
  const picker = choice("way", mode ? mode.label : "What describes it", ways, mode ? mode.default : ways[0][0], choose);
  choose(picker.read());
  const { node, press } = form({
    fields,
    action: "Connect",
    work: (values) => asking.connect(mode ? { mode: picker.read(), ...values } : values, press),
    failed: (problem) => asking.failed(problem),
  });
  node.prepend(picker.node);
  const aside = el("aside", { class: "card needs", "aria-label": "Before you connect" }, el("h2", {}, "Before you connect"), needed);
  return [el("div", { class: "beside" }, el("div", { class: "card" }, node, result), aside)];
}

/** One form while it is tried: the key of a press lasts as long as its outcome is not known. */
class Asking {
  constructor(integration, fields, result) {
    Object.assign(this, { integration, fields, result, key: null, sent: null });
  }

  async connect(values, press) {
    const body = { integration: this.integration.integration, ...values };
    const same = this.sent === JSON.stringify({ ...body, auth0_client_secret: "" });
    this.key = (same && this.key) || crypto.randomUUID();
    this.sent = JSON.stringify({ ...body, auth0_client_secret: "" });
    const clock = this.progress(press);
    try {
      const answer = await call("POST", at(["applications"]), body, { "idempotency-key": this.key });
      for (const one of this.fields.filter((one) => one.secret)) one.write("");
      remember(answer);
      say(`${answer.application.name} was added.`);
      location.hash = to("applications", answer.application.application_id);
    } catch (problem) {
      if (!ASK_AGAIN.includes(problem.code)) this.key = null;
      this.result.replaceChildren();
      throw problem;
    } finally {
      clearInterval(clock);
    }
  }

  progress(press) {
    const told = el("p", { class: "soft" }, `This takes up to ${LONGEST_SECONDS} seconds.`);
    const auth0 = this.integration.integration === "auth0-saml";
    this.result.replaceChildren(card("Connecting", { class: "card inner", "aria-busy": "true" }, auth0 && stepsUnderWay(), told));
    say("Connecting.");
    press.focus();
    const begun = performance.now();
    return setInterval(() => (told.textContent = `${Math.round((performance.now() - begun) / 1000)} of up to ${LONGEST_SECONDS} seconds.`), 1000);
  }

  /** Tell a problem at the step that failed; false leaves it to the form. */
  failed(problem) {
    if (!problem.steps?.length) return false;
    const list = stepList(problem.steps, problem.guidance);
    const reached = list.querySelector("[tabindex]");
    const alone = !reached && notice("bad", problem.detail, problem.guidance && el("p", {}, problem.guidance));
    const known = problem.application_id && linkButton("Open the application", to("applications", problem.application_id));
    this.result.replaceChildren(card("Not connected", { class: "card inner" }, list, alone, reference(problem), known));
    (reached ?? alone).focus();
    return true;
  }
}

function alternatives(integration) {
  const label = (name) => integration.fields.find((one) => one.name === name)?.label ?? name;
  return integration.alternatives.map((names, place) => [String(place), names.map(label).join(", "), null]);
}

function belongs(integration, one, way) {
  if (one.modes) return one.modes.includes(way);
  const names = integration.alternatives[Number(way)];
  if (!names || names.includes(one.name)) return true;
  const elsewhere = integration.alternatives.some((others) => others.includes(one.name)) && one.name !== "name";
  const described = names.includes("sp_metadata_xml") && one.name === "sp_certificates";
  return !elsewhere && !described;
}

function needs(integration, mode, way) {
  return mode?.choices.find((one) => one.value === way)?.prerequisites ?? integration.prerequisites;
}
