// An application: how it stands, what is to be done next, the doctor, and who may sign in.

import { at, call } from "./api.js";
import { applicationHead, headOf, rolloutWords } from "./applications.js";
import { el, icon } from "./element.js";
import { choice, field, form } from "./forms.js";
import { button, card, facts, fullMoment, notice, say, troublePlace, warnings, working } from "./parts.js";
import { nextSteps } from "./outcome.js";
import { CHECK, FINDING, eventWords, plainly, worded } from "./words.js";

const STANDING = {
  connecting: "It is still being connected, or connecting was cut short. Press Verify.",
  unverified: "Until Verify has found the connection, no sign-in is served.",
  failed: "Connecting failed. Verify says why.",
};

/** Return the first page of an application. What comes late grows at its end only, so that nothing moves. */
export async function overviewPage({ application: application_id }) {
  const { application, head } = await applicationHead(application_id, "overview");
  const top = el("div", { class: "head" }, head);
  const renew = (changed) => top.replaceChildren(...headOf(changed, "overview"));
  const nodes = [top, nextSteps(application_id), dates(application), el("div", { class: "pair" }, doctor(application, renew), rollout(application, renew))];
  return { title: application.name, nodes };
}

function dates(application) {
  const { saml } = application;
  return card(null, { class: "card strip" }, facts([
    ["Added", fullMoment(application.created_at)],
    ["Last change", fullMoment(application.updated_at)],
    ["Our certificate ends", saml.certificate_expires_at && fullMoment(saml.certificate_expires_at)],
  ]));
}

function doctor(application, renew) {
  const standing = STANDING[application.status];
  const result = el("div", { class: "findings" }, standing && notice("warn", null, el("p", {}, standing)));
  const place = troublePlace();
  const press = button("Verify", () =>
    working(press, place, async () => {
      const found = await call("POST", at(["applications", application.application_id, "verify"]));
      renew(found.application);
      result.replaceChildren(...diagnosis(found));
      say(`Verified: ${found.checks.filter((one) => one.status === "ok").length} of ${found.checks.length} checks hold.`);
    }),
  );
  const lead = el("p", { class: "soft" }, "Verify compares this application with what the other side publishes, and takes over new certificates.");
  return card("Doctor", { id: "doctor" }, lead, el("p", { class: "actions" }, press), place, result);
}

function diagnosis(found) {
  const checks = el("ul", { class: "checks" }, found.checks.map(check));
  const login = found.last_login;
  const last = login ? el("p", {}, `Last sign-in: ${eventWords(login.type)[0]}, `, fullMoment(login.at)) : el("p", {}, "Nobody has signed in here yet.");
  const steps = found.next_steps.length > 0 && el("div", {}, el("h3", {}, "What to do"), el("ol", { class: "todo" }, found.next_steps.map((words) => el("li", {}, words))));
  return [checks, last, warnings(found.warnings.filter((one) => !found.next_steps.includes(one.guidance))), steps].flat().filter(Boolean);
}

function check(one) {
  const [words, tone] = worded(FINDING, one.status);
  const compared = facts([["Expected", one.expected], ["Found", one.actual]]);
  const more = one.status === "ok" ? el("details", {}, el("summary", {}, "Compared"), compared) : compared;
  return el("li", { class: tone }, icon(tone), el("div", {}, el("p", {}, el("span", { class: "strong" }, CHECK[one.check] ?? plainly(one.check)), " ", el("span", { class: "soft" }, words)), one.status !== "ok" && one.guidance && el("p", { class: "guidance" }, one.guidance), more));
}

function rollout(application, renew) {
  const users = field({ name: "test_users", label: "Test users", help: "E-mail addresses, one a line.", type: "email_list", required: true });
  users.write(application.rollout.test_users.join("\n"));
  const modes = [
    ["test", "Test users", "Only those listed may sign in."],
    ["everyone", "Everyone", "Whoever has an enrolled phone may sign in."],
  ];
  const show = (mode) => (users.node.hidden = mode !== "test");
  const picker = choice("rollout", "Who may sign in", modes, application.rollout.mode, show);
  show(application.rollout.mode);
  const warned = el("div", {});
  const now = el("p", { class: "soft" }, `Now: ${rolloutWords(application.rollout)}`);
  const made = form({
    fields: [users],
    action: "Save rollout",
    work: async (values) => {
      const body = { rollout: { mode: picker.read(), test_users: values.test_users ?? application.rollout.test_users } };
      const changed = await call("PATCH", at(["applications", application.application_id]), body);
      renew(changed);
      now.textContent = `Now: ${rolloutWords(changed.rollout)}`;
      warned.replaceChildren(...changed.warnings.map((one) => secondWay(application, one)));
      say(`Saved: ${rolloutWords(changed.rollout)} may sign in.`);
    },
  });
  made.node.prepend(picker.node);
  return card("Rollout", { id: "rollout" }, now, made.node, warned);
}

function secondWay(application, warning) {
  const place = troublePlace();
  const told = notice("warn", null, el("p", {}, warning.guidance), place);
  if (warning.code !== "break_glass_not_confirmed") return told;
  const press = button("We have a second way in", () =>
    working(press, place, async () => {
      await call("PATCH", at(["applications", application.application_id]), { break_glass_confirmed: true });
      told.remove();
      say("Noted.");
    }),
  );
  place.before(el("p", { class: "actions" }, press));
  return told;
}
