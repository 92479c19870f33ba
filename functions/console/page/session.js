// Who is signed in. Tokens live in this module's memory and nowhere else; a reload forgets them (S25).

import { SignInFailed, answerIn, authorizeAddress, bought, discovered, newSignIn } from "./oidc.js";

const KEPT = "console-sign-in";
const HANDED_OVER_WITHIN = 2000;
const settings = { ...document.querySelector("meta[name=console]")?.dataset };
let tokens = null;
let endpoints = null;
let waiting = null;
let person = null;

/** Return the access token, or null. */
export function accessToken() {
  return tokens?.access ?? null;
}

/** Return what the person is called, or null. */
export function personName() {
  return person ? String(person.name ?? person.email ?? person.sub) : null;
}

/** Leave for the issuer; the answer comes back to this page. Until then three random texts wait in sessionStorage. */
export async function signIn(route) {
  const asked = newSignIn(route);
  const address = await asking(asked);
  sessionStorage.setItem(KEPT, JSON.stringify(asked));
  location.assign(address);
}

/** Take the issuer's answer, if this page was opened by one, and return whether somebody is signed in now. */
export async function resume() {
  const asked = takeKept();
  const answer = answerIn(location.search);
  if (answer === null) return false;
  history.replaceState(null, "", `${location.pathname}${asked?.route ?? ""}`);
  if (asked === null) return await handOver(answer);
  tokens = await buying(asked, answer);
  person = tokens.claims;
  return true;
}

/**
 * Sign in again in a window of its own, so that what is typed here stays; call it from a click. It may be called again
 * while it waits: whether the window was closed cannot be told of every issuer. It must be the same person: what was
 * begun is sent in the name of whoever began it. Raises SignInFailed.
 */
export async function signInAgain() {
  const asked = newSignIn("");
  const opened = window.open("about:blank", "_blank", "popup,width=480,height=640");
  if (!opened) throw new SignInFailed("no_window", "The browser opened no window. Allow it for this site, then try again.");
  const answered = answerTo(asked);
  try {
    opened.location.replace(await asking(asked));
    const renewed = await buying(asked, await answered);
    if (renewed.claims.sub !== person.sub) {
      throw new SignInFailed("other_person", "Somebody else signed in. Sign in as before, or start over.");
    }
    tokens = renewed;
  } finally {
    opened.close();
  }
}

/** Forget the tokens, here and, if the issuer has an address for that, there. */
export async function signOut() {
  tokens = null;
  const end = endpoints?.end;
  if (!end) return location.replace(settings.address);
  const address = new URL(end);
  address.searchParams.set("client_id", settings.client);
  address.searchParams.set("post_logout_redirect_uri", settings.address);
  return location.replace(address.href);
}

/** Forget an access token that is not taken any more. */
export function forget() {
  tokens = null;
}

async function asking(asked) {
  endpoints ??= await discovered(settings);
  return authorizeAddress(settings, endpoints, asked);
}

async function buying(asked, answer) {
  endpoints ??= await discovered(settings);
  return bought(settings, endpoints, asked, answer, Date.now() / 1000);
}

function takeKept() {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  try {
    return JSON.parse(kept);
  } catch {
    return null;
  }
}

/** Give an answer to the window of ours that asked for it, and close; without such a window it is ignored. */
function handOver(answer) {
  const channel = new BroadcastChannel(KEPT);
  return new Promise((resolve, reject) => {
    const unwanted = setTimeout(
      () => reject(new SignInFailed("not_begun", "This sign-in was not begun here. Nothing was done with it.")),
      HANDED_OVER_WITHIN,
    );
    channel.addEventListener("message", ({ data }) => {
      if (data?.taken !== answer.state) return;
      clearTimeout(unwanted);
      window.close();
      reject(new SignInFailed("handed_over", "You are signed in. Close this window."));
    });
    channel.postMessage({ answer });
  }).finally(() => channel.close());
}

function answerTo(asked) {
  waiting?.close();
  const channel = (waiting = new BroadcastChannel(KEPT));
  return new Promise((resolve) => {
    channel.addEventListener("message", ({ data }) => {
      if (data?.answer?.state !== asked.state) return;
      channel.postMessage({ taken: asked.state });
      resolve(data.answer);
    });
  });
}
