// Events as a list: what happened, to whom, by whom, when.

import { at, call } from "./api.js";
import { el, icon } from "./element.js";
import { button, card, confirmed, fullMoment, heading, moment, nothingYet, paged, say, troublePlace, working } from "./parts.js";
import { to } from "./routes.js";
import { DETAIL, eventWords, plainly } from "./words.js";

const PAGE_SIZE = 25;
const SAID_ELSEWHERE = ["status", "by"];

/** Return the list of events at a path of the API, the newest first. */
export async function eventList(path) {
  const load = async (token) => {
    const found = await call("GET", at(path, { limit: PAGE_SIZE, page_token: token }));
    return { rows: found.events.map(eventRow), next: found.next_page_token };
  };
  return paged(await load(), load, nothingYet("wait", "Nothing yet", "What happens here is listed from then on."));
}

/** Return the page of what belongs to no application. */
export async function historyPage() {
  const list = await eventList(["events"]);
  const head = heading("History", { lead: "Users, phones, signing keys and reported addresses. What happened at an application is on its own page." });
  return { title: "History", nodes: [head, card(null, {}, list)] };
}

function eventRow(event) {
  const [words, picture] = eventWords(event.type);
  return el(
    "li",
    { class: "row event" },
    icon(picture),
    el("span", { class: "main" }, el("span", { class: "strong" }, words), el("span", { class: "soft" }, detailsOf(event).join(" · "))),
    el("span", { class: "soft" }, links(event)),
    el("span", { class: "soft when" }, moment(event.at), fullMoment(event.at)),
    opener(event),
  );
}

function detailsOf(event) {
  const details = Object.entries(event.details ?? {}).filter(([name]) => !SAID_ELSEWHERE.includes(name));
  const told = details.map(([name, value]) => `${DETAIL[name] ?? plainly(name)}: ${value}`);
  return [event.actor && `by ${event.actor}`, ...told, event.ip && `from ${event.ip}`].filter(Boolean);
}

function links(event) {
  const login = event.reference && event.application_id && el("a", { href: to("applications", event.application_id, "activity", event.reference) }, "This sign-in");
  const person = event.user_id && el("a", { href: to("users", event.user_id) }, "User");
  return [login, login && person && " · ", person];
}

/** Return a button that opens the address of a report again, of any other event null. */
function opener(event) {
  const network = event.type === "login.reported" ? event.details?.network : null;
  if (!network) return null;
  const place = troublePlace();
  const words = `People who reported it can sign in at ${network} again, and so can everybody else. The next report counts anew.`;
  const press = button("Open this address again", () =>
    working(press, place, async () => {
      if (!(await confirmed({ title: "Open the reported address again?", words, action: "Open it" }))) return;
      await call("DELETE", at(["blocks", network.split("/")[0]]));
      say(`${network} is open again.`);
    }),
  );
  return el("div", { class: "opener" }, press, place);
}
