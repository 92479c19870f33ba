// Applications: the list, and what every page of one application shares.

import { at, call } from "./api.js";
import { el } from "./element.js";
import { counted } from "./format.js";
import { heading, badge, linkButton, moment, nothingYet, paged } from "./parts.js";
import { to } from "./routes.js";
import { APPLICATION_STATUS, INTEGRATION } from "./words.js";

const PAGE_SIZE = 25;
const TABS = [
  ["overview", "Overview", []],
  ["activity", "Activity", ["activity"]],
  ["attributes", "Attributes", ["attributes"]],
  ["certificates", "Connection", ["connection"]],
  ["policy", "Settings", ["settings"]],
];

/** Return the page that lists the applications. */
export async function applicationsPage() {
  const add = linkButton("Add application", to("applications", "new"), "primary", "plus");
  const first = await load();
  const empty = nothingYet("admin", "No application yet", "Add the first one: an Auth0 tenant takes a minute.", linkButton("Add application", to("applications", "new"), "primary", "plus"));
  const head = heading("Applications", { lead: "Where people sign in with their phone.", actions: first.rows.length ? [add] : [] });
  return { title: "Applications", nodes: [head, paged(first, load, empty)] };
}

/** Return an application and the head that all of its pages begin with. */
export async function applicationHead(application_id, page) {
  const application = await call("GET", at(["applications", application_id]));
  return { application, head: headOf(application, page) };
}

/** Return the head of an application's page. */
export function headOf(application, page) {
  const [, words] = TABS.find(([name]) => name === page);
  const tabs = TABS.map(([name, label, path]) =>
    el("a", { href: to("applications", application.application_id, ...path), "aria-current": name === page ? "page" : null }, label),
  );
  return [
    heading(application.name, { hidden: words, lead: sideOf(application), badge: badge(APPLICATION_STATUS, application.status), back: ["Applications", to("applications")] }),
    el("nav", { class: "tabs", "aria-label": "This application" }, tabs),
  ];
}

/** Return who may sign in, in a few words. */
export function rolloutWords(rollout) {
  return rollout.mode === "everyone" ? "Everyone" : counted(rollout.test_users.length, "test user");
}

function sideOf(application) {
  return `${INTEGRATION[application.integration] ?? application.integration} · ${application.auth0?.domain ?? application.sp.entity_id}`;
}

async function load(token) {
  const found = await call("GET", at(["applications"], { limit: PAGE_SIZE, page_token: token }));
  return { rows: found.applications.map(row), next: found.next_page_token };
}

function row(application) {
  return el(
    "li",
    {},
    el(
      "a",
      { class: "row four", href: to("applications", application.application_id) },
      el("span", { class: "main" }, el("span", { class: "strong" }, application.name), el("span", { class: "soft" }, sideOf(application))),
      badge(APPLICATION_STATUS, application.status),
      el("span", {}, rolloutWords(application.rollout)),
      el("span", { class: "soft" }, "Changed ", moment(application.updated_at)),
    ),
  );
}
