// How both sides of an application are connected: addresses, certificates, and the move to another signing key.

import { at, call } from "./api.js";
import { applicationHead } from "./applications.js";
import { el } from "./element.js";
import { daysUntil, inPairs } from "./format.js";
import { selection } from "./forms.js";
import { button, card, copied, copier, facts, fullMoment, notice, outward, say, troublePlace, working } from "./parts.js";
import { to } from "./routes.js";
import { KEY_STATE, worded } from "./words.js";

const SOON_DAYS = 90;

/** Return the page of an application's certificates. */
export async function certificatesPage({ application: application_id }) {
  const [{ application, head }, { signing_keys }] = await Promise.all([
    applicationHead(application_id, "certificates"),
    call("GET", at(["signing-keys"])),
  ]);
  const used = signing_keys.find((key) => key.applications.some((one) => one.application_id === application_id));
  const certificates = el("div", { class: "pair" }, ours(used), theirs(application));
  const nodes = [...head, addresses(application), certificates, move(application, signing_keys, used)];
  return { title: `Connection – ${application.name}`, nodes };
}

/** Return what a signing key's certificate says, with what warns of its end. */
export function certificateFacts(key) {
  const left = daysUntil(key.certificate_expires_at, Date.now());
  const ending = left < SOON_DAYS && notice("warn", null, el("p", {}, left < 0 ? "It has ended." : `It ends in ${left} days.`));
  return [
    facts([
      ["Valid until", fullMoment(key.certificate_expires_at)],
      ["SHA-256", copied(inPairs(key.certificate_sha256), "SHA-256 thumbprint")],
      ["SHA-1", copied(inPairs(key.certificate_sha1), "SHA-1 thumbprint")],
    ]),
    ending,
    el("details", {}, el("summary", {}, "The certificate as text"), el("pre", { tabindex: "0", role: "group", "aria-label": "Certificate" }, key.certificate_pem)),
    el("p", { class: "actions" }, copier(key.certificate_pem, "certificate", "Copy certificate")),
  ];
}

function addresses(application) {
  const { auth0, sp, saml } = application;
  const theirs = facts([
    ["Auth0 domain", auth0?.domain],
    ["Client ID", auth0?.client_id && copied(auth0.client_id, "Client ID")],
    ["Connection", auth0?.connection_name && copied(auth0.connection_name, "connection name")],
    ["Entity ID", copied(sp.entity_id, "entity ID")],
    ["Answers go to", sp.acs_urls.map((url) => el("div", {}, el("code", {}, url)))],
    ["Requests", sp.require_signed_requests ? "must be signed" : "may be unsigned"],
  ]);
  const here = facts([
    ["Our entity ID", copied(saml.idp_entity_id, "our entity ID")],
    ["Sign-in address", copied(saml.sso_url, "sign-in address")],
    ["Metadata", outward("Open our metadata", saml.metadata_url)],
  ]);
  return el("div", { class: "pair" }, card("At the application", {}, theirs), card("Here", {}, here));
}

function ours(key) {
  if (!key) return card("Our certificate", {}, el("p", {}, "Its signing key is not known."));
  return card("Our certificate", {}, el("p", {}, "What we sign with. The application trusts this one."), certificateFacts(key));
}

function move(application, keys, used) {
  const others = keys.filter((key) => key !== used && key.state !== "retired");
  const all = el("a", { href: to("signing-keys") }, "All signing keys");
  if (others.length === 0) return card("Another signing key", {}, el("p", {}, "There is no other key to move to. ", all));
  const picker = selection("move-to", "Move this application to", others.map((key) => [key.key_id, `${worded(KEY_STATE, key.state)[0]}, until ${key.certificate_expires_at.slice(0, 10)}`]), others[0].key_id);
  const place = troublePlace();
  const send = (confirmed) => call("POST", at(["applications", application.application_id, "signing-key"]), { key_id: picker.read(), ...(confirmed ? { confirmed: true } : {}) });
  const moved = () => {
    say("Moved to the other signing key.");
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  };
  const press = button("Move", () =>
    working(press, place, async () => {
      try {
        await send(false);
        moved();
      } catch (problem) {
        if (problem.code !== "certificate_not_confirmed") throw problem;
        place.replaceChildren(first(problem, () => send(true).then(moved)));
        place.querySelector("[tabindex]").focus();
      }
    }),
  );
  return card("Another signing key", {}, picker.node, el("p", { class: "actions" }, press), place, el("p", {}, all));
}

function first(problem, confirm) {
  const place = troublePlace();
  const press = button("That is done: move it", () => working(press, place, confirm), "primary");
  const todo = el("ol", { class: "todo" }, (problem.next_steps ?? [problem.guidance]).map((words) => el("li", {}, words)));
  const key = problem.signing_key?.certificate_pem && copier(problem.signing_key.certificate_pem, "its certificate", "Copy its certificate");
  return notice("warn", "First, at the application", todo, el("p", { class: "actions" }, key, press), place);
}

function theirs(application) {
  const list = application.sp.certificates.map((text, place) => el("li", {}, `Certificate ${place + 1} `, copier(text, `certificate ${place + 1}`, "Copy")));
  const words = list.length ? el("ul", { class: "plain-list" }, list) : el("p", {}, "None is registered.");
  return card("The application's certificates", {}, el("p", {}, "What it signs its requests with."), words);
}
