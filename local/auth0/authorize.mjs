// GET /authorize: the application sends the browser here, and it leaves for the identity provider.

import { randomBytes } from "node:crypto";
import { sendAuthnRequest } from "./authn-request.mjs";
import { withQuery } from "./http.mjs";
import { errorPage, loginPage } from "./pages.mjs";
import { appCallback, isEnabled, opaque } from "./tenant.mjs";

const invalid = (status, description) => errorPage(status, "invalid_request", description);

/** @returns {string} where the browser goes at the end: what was asked for, or the application's callback */
function redirectUri(tenant, query) {
  return query.get("redirect_uri") ?? appCallback(tenant);
}

function mistake(tenant, query) {
  const uri = redirectUri(tenant, query);
  const client = query.get("client_id");
  if (client !== tenant.client.id) return invalid(400, `Unknown client: ${client}`);
  if (query.get("response_type") !== "code") {
    return errorPage(400, "unsupported_response_type", "Only response_type=code is supported by this application");
  }
  if ([appCallback(tenant), ...tenant.settings.callbacks].includes(uri)) return null;
  const text = `Callback URL mismatch. ${uri} is not in the list of allowed callback URLs`;
  return errorPage(403, "access_denied", text);
}

function universalLogin(tenant, { base, query }) {
  const shown = [...tenant.connections.values()].filter((one) => one.show_as_button && isEnabled(tenant, one));
  return loginPage(tenant.domain, shown.map((one) => ({
    href: withQuery(`${base}/authorize`, { ...Object.fromEntries(query), connection: one.name }),
    label: `Continue with ${one.display_name ?? one.name}`,
  })));
}

/** One browser keeps one cookie through all its logins, so that several tabs can log in at once. */
function browserOf(tenant, request) {
  const known = request.cookies.get(tenant.cookieName);
  return /^[\w-]{32}$/.test(known ?? "") ? known : opaque(24);
}

function begin(tenant, request, connection) {
  const { query } = request;
  const transaction = {
    relayState: tenant.settings.authn_request.relay_state ?? opaque(24),
    requestId: `_${randomBytes(16).toString("hex")}`,
    connection: connection.name,
    base: request.base,
    browser: browserOf(tenant, request),
    redirectUri: redirectUri(tenant, query),
    state: query.get("state"),
    scope: query.get("scope") ?? "openid profile email",
    nonce: query.get("nonce") ?? undefined,
    used: false,
  };
  tenant.transactions.set(transaction.relayState, transaction);
  return transaction;
}

/** SameSite=None, as at Auth0: the identity provider's form comes back as a POST from another site. */
const cookie = (tenant, browser) => `${tenant.cookieName}=${browser}; Path=/; HttpOnly; Secure; SameSite=None`;

/** GET /authorize */
export async function authorize(tenant, request) {
  const refused = mistake(tenant, request.query);
  if (refused) return refused;
  if (!request.query.get("connection")) return universalLogin(tenant, request);
  const connection = tenant.connections.get(request.query.get("connection"));
  if (!connection) return invalid(400, "the connection was not found");
  if (!isEnabled(tenant, connection)) return invalid(400, "the connection was disabled");
  const transaction = begin(tenant, request, connection);
  const reply = await sendAuthnRequest(tenant, connection, transaction);
  return { ...reply, headers: { ...reply.headers, "set-cookie": cookie(tenant, transaction.browser) } };
}
