// POST /login/callback?connection=NAME: the assertion consumer service.

import { epochSeconds } from "./clock.mjs";
import { fields, redirect, withQuery } from "./http.mjs";
import { certificateBody } from "./keys.mjs";
import { errorPage } from "./pages.mjs";
import { mapProfile } from "./profile.mjs";
import { inResponseToMistake, validateResponse } from "./response-validation.mjs";
import { acsUrl, entityId, opaque } from "./tenant.mjs";

const KEPT = 50;

/** Raised when a Response that the library accepts does not fit a login that began here. */
class LoginRefused extends Error {}

function expectation(tenant, connection, base) {
  const { cert, thumbprints, destinationUrl, recipientUrl } = connection.options;
  const acs = acsUrl(tenant, connection.name, base);
  return {
    cert: certificateBody(cert),
    thumbprints,
    audience: entityId(tenant, connection),
    destination: destinationUrl ?? acs,
    recipient: recipientUrl ?? acs,
  };
}

/** A Response without InResponseTo, or without a RelayState of Auth0's, counts as one that nobody asked for. */
function beganHere({ transaction, verified, connection }) {
  if (verified.inResponseTo && transaction?.connection === connection.name) return null;
  return `IdP-Initiated login is not enabled for connection "${connection.name}".`;
}

/** A login is answered at the host where it began: the tenant's own domain or its custom domain. */
function atTheSameHost({ transaction, request }) {
  if (request.base === transaction.base) return null;
  return `The login began at ${transaction.base} and was answered at ${request.base}.`;
}

const answersTheRequest = ({ transaction, verified }) => inResponseToMistake(verified, transaction.requestId);

function isFresh({ tenant, transaction, verified }) {
  const ids = [verified.responseId, verified.assertionId];
  const again = transaction.used || ids.some((id) => tenant.usedIds.has(id));
  return again ? "This response was already used: replay refused." : null;
}

function sameBrowser({ tenant, transaction, request }) {
  if (request.cookies.get(tenant.cookieName) === transaction.browser) return null;
  return "Unable to verify the login transaction: its cookie is missing or belongs to another browser.";
}

const identifiesAUser = ({ profile }) => (profile ? null : "The assertion does not identify a user.");

const CHECKS = [beganHere, atTheSameHost, answersTheRequest, isFresh, sameBrowser, identifiesAUser];

function check(attempt) {
  for (const step of CHECKS) {
    const mistake = step(attempt);
    if (mistake) throw new LoginRefused(mistake);
  }
}

function keep(list, entry) {
  list.push({ at: new Date().toISOString(), ...entry });
  list.splice(0, list.length - KEPT);
}

function logIn(attempt, encoded) {
  const { tenant, transaction, verified, profile, connection } = attempt;
  transaction.used = true;
  tenant.usedIds.add(verified.responseId).add(verified.assertionId);
  tenant.profiles.set(profile.user_id, profile);
  const { claims } = verified;
  keep(tenant.logins, { connection: connection.name, profile, claims, saml_response: encoded });
  const code = opaque(24);
  tenant.codes.set(code, { ...transaction, profile, issuedAt: epochSeconds() });
  return redirect(withQuery(transaction.redirectUri, { code, state: transaction.state }));
}

async function attemptLogin(tenant, request, connection, form) {
  const verified = await validateResponse(form.SAMLResponse, expectation(tenant, connection, request.base));
  const transaction = tenant.transactions.get(form.RelayState);
  const profile = mapProfile(connection, verified.claims);
  const attempt = { tenant, request, connection, verified, transaction, profile };
  check(attempt);
  return logIn(attempt, form.SAMLResponse);
}

/** The library throws whatever it meets; like Auth0, the page shows its message. */
function refuse(tenant, connection, form, error) {
  keep(tenant.refusals, { connection: connection.name, error: error.message, saml_response: form.SAMLResponse });
  const denied = error.name === "AuthenticationFailedError";
  return errorPage(denied ? 401 : 400, denied ? "access_denied" : "invalid_request", error.message);
}

/** POST /login/callback */
export async function callback(tenant, request) {
  const connection = tenant.connections.get(request.query.get("connection"));
  if (!connection) return errorPage(400, "invalid_request", "the connection was not found");
  const form = fields(request);
  if (!form?.SAMLResponse) return errorPage(400, "invalid_request", "SAMLResponse is missing");
  try {
    return await attemptLogin(tenant, request, connection, form);
  } catch (error) {
    return refuse(tenant, connection, form, error);
  }
}
