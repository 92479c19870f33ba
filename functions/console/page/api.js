// Calls of the administrators' API, with the token of whoever is signed in.

import { accessToken, forget } from "./session.js";

const LONGEST_MS = 40_000;
let askAgain = async () => {};

/** What a call did not come to: a problem document (RFC 9457), what API Gateway said instead, or no answer at all. */
export class Problem extends Error {
  constructor(status, told) {
    super(told.code);
    Object.assign(this, { guidance: undefined, fields: [], steps: undefined, correlation_id: undefined, ...told, status });
  }
}

const BY_STATUS = {
  0: ["unreachable", "There was no answer.", "Look at the network, then try again. What was sent may have been done."],
  401: ["signed_out", "Your sign-in has ended.", "Sign in again."],
  403: ["not_allowed", "Your account may not do this.", "Ask whoever grants the scopes of this API at the issuer."],
  404: ["not_found", "There is nothing here.", "It may have been removed meanwhile."],
  429: ["too_many_requests", "Too many calls at once.", "Try again in a moment."],
};

/** Tell what to do when a token is not taken any more: it resolves once there is another. */
export function whenSignedOut(ask) {
  askAgain = ask;
}

/** Call the API and return its answer. API Gateway refuses a token before anything is done, so that is tried again. */
export async function call(method, path, body = undefined, headers = {}) {
  let answer = await sent(method, path, body, headers);
  if (answer.status === 401) {
    forget();
    await askAgain();
    answer = await sent(method, path, body, headers);
  }
  if (answer.ok) return answer.json();
  throw new Problem(answer.status, { ...generic(answer.status), ...(await answer.json().catch(() => ({}))) });
}

/** Return a path of the API, its parts escaped, with a query of what is given. */
export function at(parts, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = given.length ? `?${new URLSearchParams(given)}` : "";
  return `/${parts.map(encodeURIComponent).join("/")}${search}`;
}

async function sent(method, path, body, headers) {
  const own = { authorization: `Bearer ${accessToken()}`, ...headers };
  if (body !== undefined) own["content-type"] = "application/json";
  const request = { method, headers: own, body: body === undefined ? undefined : JSON.stringify(body) };
  try {
    return await fetch(path, { ...request, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(LONGEST_MS) });
  } catch {
    throw new Problem(0, generic(0));
  }
}

function generic(status) {
  const [code, detail, guidance] = BY_STATUS[status] ?? ["failed", `The API answered ${status}.`, "Try again."];
  return { code, detail, guidance };
}
