// What happened at an application: sign-ins by day, events, and why one login ended as it did.

import { at, call } from "./api.js";
import { applicationHead } from "./applications.js";
import { chart } from "./chart.js";
import { el, icon } from "./element.js";
import { eventList } from "./events.js";
import { field, form } from "./forms.js";
import { badge, card, copied, facts, fullMoment, heading, notice, trouble } from "./parts.js";
import { to } from "./routes.js";
import { OUTCOME, TRIED, plainly, worded } from "./words.js";

const DAYS = 14;

/** Return the page with the chart and the events. */
export async function activityPage({ application: application_id }) {
  const [{ application, head }, sums, list] = await Promise.all([
    applicationHead(application_id, "activity"),
    byDay(application_id),
    eventList(["applications", application_id, "events"]),
  ]);
  const asked = field({ name: "reference", label: "Reference", help: "Whoever could not sign in was shown one.", required: true, max_length: 64 });
  const find = form({ fields: [asked], action: "Find the sign-in", work: async ({ reference }) => (location.hash = to("applications", application_id, "activity", reference.toUpperCase())) });
  const events = card("Events", {}, list);
  return { title: `Activity – ${application.name}`, nodes: [...head, sums, card("Why did a sign-in fail?", { class: "card inline" }, find.node), events] };
}

/** Return the page of one login, by the reference that its person was shown. */
export async function transactionPage({ application: application_id, reference }) {
  const found = await call("GET", at(["applications", application_id, "transactions", reference]));
  const head = heading("A sign-in", { badge: badge(OUTCOME, found.outcome), back: ["Activity", to("applications", application_id, "activity")] });
  const known = facts([["Reference", copied(found.correlation_id, "reference")], ["Began", fullMoment(found.at)]]);
  return { title: "A sign-in", nodes: [head, card(null, {}, known), card("Checks of the request", {}, el("ul", { class: "checks" }, found.checks.map(tried)))] };
}

async function byDay(application_id) {
  const title = `The last ${DAYS} days`;
  try {
    const { days, complete } = await call("GET", at(["applications", application_id, "activity"], { days: DAYS }));
    const part = complete ? null : notice("warn", null, el("p", {}, "There was too much to count: the numbers are of a part only."));
    return card(title, {}, part, chart(days));
  } catch (problem) {
    return card(title, {}, trouble(problem));
  }
}

function tried(one) {
  const [words, tone] = worded(TRIED, one.result);
  return el("li", { class: tone }, icon(tone), el("div", {}, el("p", {}, el("span", { class: "strong" }, plainly(one.name)), " ", el("span", { class: "soft" }, words)), facts([["Expected", one.expected], ["Found", one.actual]])));
}
