// The tenant's signing keys: their certificates, which applications use them, and their rotation.

import { at, call } from "./api.js";
import { certificateFacts } from "./certificates.js";
import { el } from "./element.js";
import { badge, button, card, confirmed, heading, nothingYet, say, troublePlace, working } from "./parts.js";
import { to } from "./routes.js";
import { KEY_STATE } from "./words.js";

const ACTIONS = {
  next: { promote: ["Make it current", "Applications that are added from now on use it. Those that exist stay with theirs until they are moved.", false] },
  retiring: { retire: ["Retire", "It signs nothing more, for good.", true] },
};

/** Return the page of the signing keys. */
export async function keysPage() {
  const { signing_keys } = await call("GET", at(["signing-keys"]));
  const list = el("div", {});
  const place = troublePlace();
  const act = async (body, words) => {
    const found = await call("POST", at(["signing-keys"]), body);
    list.replaceChildren(...cards(found.signing_keys, act));
    if (document.activeElement === document.body) document.querySelector("h1").focus({ preventScroll: true });
    say(words);
  };
  list.append(...cards(signing_keys, act));
  const next = button("Make the next key", () =>
    working(next, place, async () => {
      const words = "It is made in KMS and signs nothing until it is current or an application is moved to it. A key costs a dollar a month.";
      if (await confirmed({ title: "Make the next signing key?", words, action: "Make it", danger: false })) await act({ action: "next" }, "The next key was made.");
    }),
  );
  const head = heading("Signing keys", { lead: "What our answers are signed with. The private halves never leave KMS.", actions: signing_keys.length ? [next] : [] });
  return { title: "Signing keys", nodes: [head, place, list] };
}

function cards(keys, act) {
  if (keys.length === 0) return [nothingYet("key", "No signing key yet", "The first application makes it.")];
  return keys.map((key) => keyCard(key, act));
}

function keyCard(key, act) {
  const place = troublePlace();
  const presses = Object.entries(ACTIONS[key.state] ?? {}).map(([action, [label, words, danger]]) => {
    const press = button(label, () =>
      working(press, place, async () => {
        if (await confirmed({ title: `${label}?`, words, action: label, danger })) await act({ action, key_id: key.key_id }, "Done.");
      }),
    );
    return press;
  });
  const used = key.applications.map((one) => el("li", {}, el("a", { href: to("applications", one.application_id) }, one.name)));
  const by = used.length ? el("ul", { class: "plain-list" }, used) : el("p", { class: "soft" }, "No application.");
  return el("section", { class: "card" }, el("div", { class: "title" }, el("h2", {}, key.key_id), badge(KEY_STATE, key.state)), certificateFacts(key), el("h3", {}, "Used by"), by, place, presses.length > 0 && el("p", { class: "actions" }, presses));
}
