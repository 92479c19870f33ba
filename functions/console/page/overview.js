// An application: how it stands, the doctor, who may sign in, and the addresses at both sides.

import { at, call } from "./api.js";
import { applicationHead, headOf, rolloutWords } from "./applications.js";
import { el, icon } from "./element.js";
import { choice, field, form } from "./forms.js";
import { button, card, copied, facts, fullMoment, notice, outward, say, troublePlace, warnings, working } from "./parts.js";
import { nextSteps } from "./outcome.js";
import { to } from "./routes.js";
import { CHECK, FINDING, INTEGRATION, eventWords, plainly, worded } from "./words.js";

/** Return the first page of an application. */
export async function overviewPage({ application: application_id }) {
  const { application, head } = await applicationHead(application_id, "overview");
  const top = el("div", { class: "head" }, head);
  const renew = (changed) => top.replaceChildren(...headOf(changed, "overview"));
  const nodes = [top, standing(application), nextSteps(application_id), el("div", { class: "pair" }, doctor(application, renew), rollout(application, renew)), about(application)];
  return { title: application.name, nodes };
}

function standing(application) {
  const words = {
    connecting: "It is still being connected, or connecting was cut short. Press Verify.",
    unverified: "Until Verify has found the connection, no sign-in is served.",
    failed: "Connecting failed. Verify says why.",
  }[application.status];
  return words ? notice("warn", null, el("p", {}, words)) : null;
}

function doctor(application, renew) {
  const result = el("div", { class: "findings" }, el("p", { class: "soft" }, "Verify compares this application with what the other side publishes, and takes over new certificates."));
  const place = troublePlace();
  const press = button("Verify", () =>
    working(press, place, async () => {
      const found = await call("POST", at(["applications", application.application_id, "verify"]));
      renew(found.application);
      result.replaceChildren(...diagnosis(found));
      say(`Verified: ${found.checks.filter((one) => one.status === "ok").length} of ${found.checks.length} checks hold.`);
    }),
  );
  return card("Doctor", { id: "doctor" }, result, place, el("p", { class: "actions" }, press));
}

function diagnosis(found) {
  const checks = el("ul", { class: "checks" }, found.checks.map(check));
  const login = found.last_login;
  const last = login ? el("p", {}, `Last sign-in: ${eventWords(login.type)[0]}, `, fullMoment(login.at)) : el("p", {}, "Nobody has signed in here yet.");
  const steps = found.next_steps.length > 0 && el("div", {}, el("h3", {}, "What to do"), el("ol", { class: "todo" }, found.next_steps.map((words) => el("li", {}, words))));
  return [checks, last, warnings(found.warnings.filter((one) => !found.next_steps.includes(one.guidance))), steps].filter(Boolean);
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

function about(application) {
  const { auth0, sp, saml } = application;
  const theirs = facts([
    ["Integration", INTEGRATION[application.integration] ?? application.integration],
    ["Auth0 domain", auth0?.domain],
    ["Client ID", auth0?.client_id && copied(auth0.client_id, "Client ID")],
    ["Connection", auth0?.connection_name && copied(auth0.connection_name, "connection name")],
    ["Entity ID", copied(sp.entity_id, "entity ID")],
    ["Answers go to", sp.acs_urls.map((url) => el("div", {}, el("code", {}, url)))],
    ["Requests", sp.require_signed_requests ? "must be signed" : "may be unsigned"],
  ]);
  const ours = facts([
    ["Our entity ID", copied(saml.idp_entity_id, "our entity ID")],
    ["Sign-in address", copied(saml.sso_url, "sign-in address")],
    ["Metadata", outward("Open our metadata", saml.metadata_url)],
    ["Certificate ends", saml.certificate_expires_at && fullMoment(saml.certificate_expires_at)],
    ["Added", fullMoment(application.created_at)],
    ["Last change", fullMoment(application.updated_at)],
  ]);
  const more = el("a", { href: to("applications", application.application_id, "certificates") }, "Certificates");
  return el("div", { class: "pair" }, card("At the application", {}, theirs), card("Here", {}, ours, el("p", {}, more)));
}
