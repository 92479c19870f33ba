// Settings of an application: its name, what its sign-ins have to be like, and its removal.

import { at, call } from "./api.js";
import { applicationHead } from "./applications.js";
import { el } from "./element.js";
import { field, form, selection, tick } from "./forms.js";
import { button, card, confirmed, say, troublePlace, working } from "./parts.js";
import { to } from "./routes.js";

const RISKS = [["off", "Go on"], ["step_up", "Ask for a code from the phone"], ["block", "End the sign-in"]];
const SESSIONS = [[0, "Always"], [3600, "Unless it did within an hour"], [14_400, "Unless it did within 4 hours"], [28_800, "Unless it did within 8 hours"], [43_200, "Unless it did within 12 hours"]];

/** Return the page with an application's settings. */
export async function policyPage({ application: application_id }) {
  const { application, head } = await applicationHead(application_id, "policy");
  const top = el("div", { class: "head" }, head);
  const path = at(["applications", application_id]);
  return { title: `Settings – ${application.name}`, nodes: [top, rename(application, path, top), policies(application, path), removal(application, path)] };
}

function rename(application, path, top) {
  const name = field({ name: "name", label: "Name", help: "What people see on their phone when they approve a sign-in.", required: true, max_length: 128 });
  name.write(application.name);
  const made = form({
    fields: [name],
    action: "Save name",
    work: async (values) => {
      const changed = await call("PATCH", path, values);
      top.querySelector("h1").firstChild.textContent = changed.name;
      say("Name saved.");
    },
  });
  return card("Name", {}, made.node);
}

function policies(application, path) {
  const { policy } = application;
  const sessions = SESSIONS.some(([seconds]) => seconds === policy.session_seconds) ? SESSIONS : [...SESSIONS, [policy.session_seconds, `Unless it did within ${policy.session_seconds} seconds`]];
  const risk = selection("relay_risk", "When an approval looks as if somebody relayed the code", RISKS, policy.relay_risk, "An attacker who shows somebody else's code to a victim looks like this.");
  const session = selection("session_seconds", "A browser asks the phone", sessions.map(([seconds, words]) => [String(seconds), words]), String(policy.session_seconds));
  const factor = tick("one_factor", "A phone may approve without being unlocked", "The application is then told of one factor only.", policy.one_factor);
  const begun = tick("idp_initiated", "A sign-in may begin on a page of ours", "Only for applications that cannot send a request.", policy.idp_initiated);
  const made = form({
    fields: [],
    children: [risk.node, session.node, factor.node, begun.node],
    action: "Save settings",
    work: async () => {
      const now = { relay_risk: risk.read(), session_seconds: Number(session.read()), one_factor: factor.read(), idp_initiated: begun.read() };
      const changed = Object.fromEntries(Object.entries(now).filter(([name, value]) => value !== policy[name]));
      if (Object.keys(changed).length) Object.assign(policy, (await call("PATCH", path, { policy: changed })).policy);
      say("Settings saved.");
    },
  });
  return card("Sign-ins", {}, made.node);
}

function removal(application, path) {
  const place = troublePlace();
  const words = ["Nobody can sign in at it through us from then on. What happened stays on record.", application.auth0 ? "The connection in Auth0 stays: remove it there." : null].filter(Boolean);
  const press = button(
    "Remove application",
    () =>
      working(press, place, async () => {
        const sure = await confirmed({ title: `Remove ${application.name}?`, words, action: "Remove", typed: application.name });
        if (!sure) return;
        await call("DELETE", path);
        say(`${application.name} was removed.`);
        location.hash = to("applications");
      }),
    "danger",
  );
  return card("Remove", { class: "card grave" }, words.map((one) => el("p", {}, one)), place, el("p", { class: "actions" }, press));
}
