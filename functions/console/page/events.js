// Events as a list: what happened, to whom, by whom, when.

import { at, call } from "./api.js";
import { el, icon } from "./element.js";
import { fullMoment, moment, nothingYet, paged } from "./parts.js";
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

function eventRow(event) {
  const [words, picture] = eventWords(event.type);
  return el(
    "li",
    { class: "row event" },
    icon(picture),
    el("span", { class: "main" }, el("span", { class: "strong" }, words), el("span", { class: "soft" }, detailsOf(event).join(" · "))),
    el("span", { class: "soft" }, links(event)),
    el("span", { class: "soft when" }, moment(event.at), fullMoment(event.at)),
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
