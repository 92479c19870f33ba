// Users and their phones: how many have come how far, and the list.

import { at, call } from "./api.js";
import { el } from "./element.js";
import { counted } from "./format.js";
import { field, form } from "./forms.js";
import { badge, heading, linkButton, nothingYet, paged, toned } from "./parts.js";
import { to } from "./routes.js";
import { PROGRESS, worded } from "./words.js";

const PAGE_SIZE = 50;

/** Return the page that lists the users. */
export async function peoplePage() {
  const [first, sums] = await Promise.all([load(), call("GET", at(["enrollments"])).catch(() => null)]);
  const actions = [linkButton("Invite many", to("users", "invite-many")), linkButton("Invite a phone", to("users", "invite"), "primary", "plus")];
  const empty = nothingYet("phone", "No user yet", "Invite the first phone: the person becomes a user by it.", linkButton("Invite a phone", to("users", "invite"), "primary", "plus"));
  const place = el("div", {}, paged(first, load, empty));
  const head = heading("Users and phones", { lead: "Who may sign in, and with what.", actions: first.rows.length ? actions : actions.slice(0, 1) });
  return { title: "Users and phones", nodes: [head, sums && summary(sums), search(place, first, empty), place] };
}

/** Return a user by id. */
export function userOf(user_id) {
  return call("GET", at(["users", user_id]));
}

/** Return the user with an address, undefined if there is none. */
export async function userNow(email) {
  const { users } = await call("GET", at(["users"], { email }));
  return users[0];
}

/** Return what a person is called. */
export function nameOf(user) {
  return [user.given_name, user.family_name].filter(Boolean).join(" ") || user.email;
}

async function load(token) {
  const found = await call("GET", at(["users"], { limit: PAGE_SIZE, page_token: token }));
  return { rows: found.users.map((user) => row(user)), next: found.next_page_token };
}

function summary(sums) {
  const shown = Object.keys(PROGRESS).map((state) => [sums[state], ...worded(PROGRESS, state)]);
  const part = sums.complete ? [] : [el("li", { class: "soft" }, "of the first 20,000")];
  const all = el("li", {}, el("strong", {}, String(sums.users)), " ", sums.users === 1 ? "user" : "users");
  const disabled = sums.disabled > 0 && el("li", {}, toned(`${sums.disabled} disabled`, "off"));
  return el("ul", { class: "sums", "aria-label": "How far they have come" }, all, shown.filter(([number]) => number > 0).map(([number, words, tone]) => el("li", {}, toned(`${number} ${words.toLowerCase()}`, tone))), disabled, part);
}

function search(place, first, empty) {
  const asked = field({ name: "email", label: "Find by e-mail address", required: true, placeholder: "ada@example.com" });
  const made = form({
    fields: [asked],
    action: "Find",
    work: async ({ email }) => {
      const user = await userNow(email);
      if (user) location.hash = to("users", user.user_id);
      else asked.complain("Nobody has this address.");
    },
  });
  return el("div", { class: "search inline" }, made.node);
}

function row(user) {
  const { enrollment } = user;
  const phones = enrollment.devices ? counted(enrollment.devices, "phone") : "No phone";
  return el(
    "li",
    {},
    el(
      "a",
      { class: "row four", href: to("users", user.user_id) },
      el("span", { class: "main" }, el("span", { class: "strong" }, nameOf(user)), nameOf(user) !== user.email && el("span", { class: "soft" }, user.email)),
      user.status === "disabled" ? toned("Disabled", "off") : badge(PROGRESS, enrollment.state),
      el("span", {}, phones),
      el("span", { class: "soft" }, user.groups.join(", ")),
    ),
  );
}
