// The console: who is signed in, which page is shown, and what every page has around it.

import { whenSignedOut } from "./api.js";
import { activityPage, transactionPage } from "./activity.js";
import { applicationsPage } from "./applications.js";
import { attributesPage } from "./attributes.js";
import { bulkPage } from "./bulk.js";
import { certificatesPage } from "./certificates.js";
import { addPage, connectPage } from "./connect.js";
import { el, svg } from "./element.js";
import { historyPage } from "./events.js";
import { invitePage } from "./invite.js";
import { keysPage } from "./keys.js";
import { overviewPage } from "./overview.js";
import { button, heading, linkButton, say, trouble } from "./parts.js";
import { peoplePage } from "./people.js";
import { personPage } from "./person.js";
import { policyPage } from "./policy.js";
import { routeOf, to } from "./routes.js";
import { accessToken, personName, resume, signIn, signInAgain, signOut } from "./session.js";

const PAGES = {
  applications: applicationsPage,
  add: addPage,
  connect: connectPage,
  overview: overviewPage,
  activity: activityPage,
  transaction: transactionPage,
  attributes: attributesPage,
  certificates: certificatesPage,
  policy: policyPage,
  people: peoplePage,
  invite: invitePage,
  bulk: bulkPage,
  person: personPage,
  keys: keysPage,
  history: historyPage,
};
const SECTIONS = [["applications", "Applications"], ["users", "Users and phones"], ["signing-keys", "Signing keys"], ["events", "History"]];
const place = document.getElementById("main");
const bar = document.querySelector(".bar");
let leaving = new AbortController();
let asking = null;

async function start() {
  let failure = null;
  try {
    await resume();
  } catch (problem) {
    failure = problem;
  }
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault();
    (place.querySelector("h1") ?? place).focus();
  });
  document.querySelector(".elsewhere").remove();
  place.hidden = false;
  if (accessToken() === null) return welcome(failure);
  whenSignedOut(ask);
  around();
  window.addEventListener("hashchange", show);
  return show();
}

function welcome(failure) {
  const troubles = el("div", {}, failure && trouble(failure));
  const press = button("Sign in", async () => {
    press.setAttribute("aria-disabled", "true");
    press.classList.add("busy");
    try {
      await signIn(routeOf(location.hash) ? location.hash : "");
    } catch (problem) {
      press.removeAttribute("aria-disabled");
      press.classList.remove("busy");
      troubles.replaceChildren(trouble(problem));
    }
  }, "primary wide-button");
  document.title = "Sign in – Console";
  place.replaceChildren(el("div", { class: "card welcome" }, mark(), el("h1", { tabindex: "-1" }, "Passwordless console"), el("p", { class: "soft" }, "For administrators: applications, users and their phones."), troubles, press));
}

function around() {
  const links = SECTIONS.map(([section, words]) => el("a", { href: to(section), "data-section": section }, words));
  const out = button("Sign out", () => signOut(), "quiet-words");
  bar.replaceChildren(el("a", { class: "brand", href: to("applications"), "aria-label": "Console, applications" }, mark(), el("span", {}, "Console")), el("nav", { "aria-label": "Console" }, links), el("p", { class: "account" }, el("span", { class: "who" }, personName()), out));
  bar.hidden = false;
}

async function show() {
  leaving.abort();
  for (const dialog of document.querySelectorAll("dialog[open]:not(.lasting)")) dialog.close();
  leaving = new AbortController();
  const { signal } = leaving;
  place.setAttribute("aria-busy", "true");
  const { title, nodes } = await shown(location.hash, signal);
  if (signal.aborted) return;
  place.replaceChildren(...nodes.flat(Infinity).filter(Boolean));
  place.removeAttribute("aria-busy");
  document.title = `${title} – Console`;
  for (const link of bar.querySelectorAll("[data-section]")) {
    const here = location.hash.startsWith(`#/${link.dataset.section}`) || (!location.hash && link.dataset.section === "applications");
    if (here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  window.scrollTo(0, 0);
  place.querySelector("h1").focus({ preventScroll: true });
}

async function shown(hash, signal) {
  const route = routeOf(hash);
  const back = linkButton("To the applications", to("applications"));
  if (!route) return { title: "Not found", nodes: [heading("There is no such page"), el("p", {}, back)] };
  try {
    return await PAGES[route.page](route.parameters, signal);
  } catch (problem) {
    const again = button("Try again", show, "primary");
    return { title: "Not shown", nodes: [heading("This page could not be shown"), trouble(problem), el("p", { class: "actions" }, again, back)] };
  }
}

/** Ask in a dialog to sign in again: what is typed on the page stays, and the call that was refused is made again. */
function ask() {
  asking ??= new Promise((resolve) => {
    const troubles = el("div", {});
    const press = button("Sign in again", async () => {
      try {
        await signInAgain();
        dialog.close();
        dialog.remove();
        asking = null;
        say("Signed in again.");
        resolve();
      } catch (problem) {
        troubles.replaceChildren(trouble(problem));
      }
    }, "primary");
    const dialog = el("dialog", { class: "lasting", "aria-labelledby": "signed-out", cancel: (event) => event.preventDefault() }, el("h2", { id: "signed-out" }, "Your sign-in has ended"), el("p", {}, "What you typed stays here. A window opens for the sign-in; then this goes on by itself."), troubles, el("div", { class: "actions end" }, button("Start over", () => location.reload()), press));
    // A browser heeds only the first refusal to be cancelled by Escape.
    dialog.addEventListener("close", () => accessToken() === null && dialog.showModal());
    document.body.append(dialog);
    dialog.showModal();
    press.focus();
  });
  return asking;
}

function mark() {
  const line = "M15.500 18.500v-2.600a4.500 4.500 0 0 1 9 0v2.600m-10.200 0h11.400a1.600 1.600 0 0 1 1.600 1.600v6.300a1.600 1.600 0 0 1-1.600 1.600H14.300a1.600 1.600 0 0 1-1.600-1.600v-6.300a1.600 1.600 0 0 1 1.600-1.600Zm5.700 3.400v2.800";
  return svg("svg", { class: "mark", viewBox: "0 0 40 40", "aria-hidden": "true" }, svg("rect", { class: "mark-tile", width: "40", height: "40", rx: "11" }), svg("path", { class: "mark-line", d: line }));
}

start();
