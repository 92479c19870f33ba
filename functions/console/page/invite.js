// Inviting one phone: the QR code and link, shown this once, and how the invite stands meanwhile.

import { at, call } from "./api.js";
import { el } from "./element.js";
import { countdown } from "./format.js";
import { field, form, selection } from "./forms.js";
import { badge, button, card, copied, heading, linkButton, notice, say, troublePlace, working } from "./parts.js";
import { userNow } from "./people.js";
import { to } from "./routes.js";
import { ENROLLMENT } from "./words.js";

const POLL_MS = 3000;
const SLOW_MS = 15_000;
const SLOW_AFTER_MS = 300_000;
const TIMES = [["300", "5 minutes"], ["3600", "an hour; the phone is confirmed afterwards"], ["86400", "a day; the phone is confirmed afterwards"], ["604800", "a week; the phone is confirmed afterwards"]];
const OVER = ["used", "confirmed", "expired", "withdrawn"];

/** Return the page that invites a phone. */
export async function invitePage(_, signal) {
  const fields = [
    field({ name: "email", label: "E-mail address", required: true, placeholder: "ada@example.com" }),
    field({ name: "given_name", label: "Given name" }),
    field({ name: "family_name", label: "Family name" }),
    field({ name: "groups", label: "Groups", help: "With commas between them.", type: "domain_list" }),
  ];
  const time = selection("ttl_seconds", "Good for", TIMES, "300");
  const result = el("div", { class: "result" });
  const made = form({
    fields,
    children: [time.node],
    action: "Invite",
    work: async (user) => {
      const invited = await call("POST", at(["enrollments"]), { user, ttl_seconds: Number(time.read()) });
      showInvite(result, invited, user.email, signal);
    },
  });
  const head = heading("Invite a phone", { lead: "The person scans the code with the phone that they will sign in with.", back: ["Users and phones", to("users")] });
  return { title: "Invite a phone", nodes: [head, el("div", { class: "beside even" }, card(null, {}, made.node), result)] };
}

/**
 * Show an invite in a place and follow it until it is over, or until the page is left. With `changed`, which is then
 * called, it is taken away as soon as a phone has used it; else a phone that waits is confirmed right there.
 */
export function showInvite(place, invited, email, signal, changed = null) {
  const state = el("p", { class: "state" }, badge(ENROLLMENT, "open"));
  const left = el("strong", {}, countdown(invited.expires_at, Date.now()));
  const troubles = troublePlace();
  const waits = el("div", {});
  const shown = el(
    "div",
    { class: "invite" },
    invited.qr_svg && el("img", { class: "qr", alt: `QR code of the invite for ${email}`, src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(invited.qr_svg)}`, width: "246", height: "246" }),
    el("p", {}, "Or send the link, in private: whoever opens it first enrols a phone."),
    copied(invited.url, "invite link"),
    el("p", { class: "soft" }, "It is shown this once, and ends in ", left, "."),
  );
  const withdraw = button("Withdraw", () =>
    working(withdraw, troubles, async () => {
      const found = await call("DELETE", at(["enrollments", invited.enrollment_id]));
      tell(found);
      say("The invite was withdrawn.");
    }),
  );
  const open = linkButton("Open the user", to("users", invited.user_id));
  const box = card(`Invite for ${email}`, { class: "card", tabindex: "-1" }, state, el("p", { class: "actions" }, open, withdraw), troubles, shown, waits);
  const tell = (found) => {
    if (changed && found.state !== "open") {
      place.replaceChildren();
      return changed();
    }
    state.replaceChildren(badge(ENROLLMENT, found.state));
    shown.hidden = found.state !== "open";
    withdraw.hidden = OVER.includes(found.state);
    if (found.state !== "pending") waits.replaceChildren();
    else if (!waits.hasChildNodes()) waits.append(confirmForm(found.enrollment_id, found.device?.name, tell));
    return OVER.includes(found.state) && userNow(email).catch(() => undefined);
  };
  place.replaceChildren(box);
  box.focus();
  follow(invited, box, left, tell, signal);
}

/** Return the form that confirms a phone by the check that it shows. */
export function confirmForm(enrollment_id, name, done) {
  const check = field({ name: `check-${enrollment_id}`, label: "Check", help: `What ${name ? `“${name}”` : "the phone"} shows now. Ask its person, by voice.`, required: true, max_length: 9 });
  const made = form({
    fields: [check],
    action: "Confirm the phone",
    work: async (values) => {
      try {
        done(await call("POST", at(["enrollments", enrollment_id, "confirm"]), { check: values[check.name].toUpperCase().replace(/[^A-Z0-9]/g, "") }));
        say("The phone is confirmed.");
      } catch (problem) {
        if (problem.code !== "wrong_check") throw problem;
        check.complain(`That is not what the phone shows. ${problem.checks_left} tries are left.`);
        check.input.focus();
      }
    },
  });
  return el("div", { class: "confirm" }, notice("warn", "The phone waits", el("p", {}, "It can be used once its check was typed here.")), made.node);
}

async function follow(invited, box, left, tell, signal) {
  const clock = setInterval(() => (left.textContent = countdown(invited.expires_at, Date.now())), 1000);
  const begun = performance.now();
  let before = "open";
  while (!signal.aborted && !OVER.includes(before)) {
    const pause = performance.now() - begun < SLOW_AFTER_MS ? POLL_MS : SLOW_MS;
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (signal.aborted || !box.isConnected) break;
    if (document.hidden) continue;
    const found = await call("GET", at(["enrollments", invited.enrollment_id])).catch(() => null);
    if (!found || found.state === before) continue;
    before = found.state;
    tell(found);
    say(ENROLLMENT[before]?.[0] ?? before);
  }
  clearInterval(clock);
}
