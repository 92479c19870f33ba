// The relying application, on an origin of its own.

import { errorPage, frontPage, profilePage } from "./pages.mjs";
import { redirect, withQuery } from "./http.mjs";
import { appCallback, isEnabled, opaque } from "./tenant.mjs";

const begun = new Set();

function front(tenant) {
  const usable = [...tenant.connections.values()].filter((connection) => isEnabled(tenant, connection));
  return frontPage(tenant.domain, usable.map(({ name, display_name: shown }) => ({
    href: `/login?connection=${encodeURIComponent(name)}`,
    label: `Log in with ${shown ?? name}`,
  })));
}

function login(tenant, request) {
  const state = opaque(16);
  begun.add(state);
  const url = withQuery(`${tenant.url}/authorize`, {
    client_id: tenant.client.id, connection: request.query.get("connection"), redirect_uri: appCallback(tenant),
    response_type: "code", scope: "openid profile email", state,
  });
  return redirect(url, { "set-cookie": `app_${state}=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=900` });
}

async function exchange(tenant, code) {
  const response = await fetch(`${tenant.url}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "authorization_code", client_id: tenant.client.id, client_secret: tenant.client.secret,
      code, redirect_uri: appCallback(tenant),
    }),
  });
  return response.json();
}

async function profileOf(tenant, accessToken) {
  const headers = { authorization: `Bearer ${accessToken}` };
  const response = await fetch(`${tenant.url}/userinfo`, { headers });
  const { sub, ...profile } = await response.json();
  return profile;
}

/** A login may also start at the tenant; a state of ours counts only in the browser that we gave it to. */
function stateIsStolen(request) {
  const state = request.query.get("state");
  return begun.has(state) && !request.cookies.has(`app_${state}`);
}

async function callback(tenant, request) {
  const { query } = request;
  if (query.has("error")) return errorPage(400, query.get("error"), query.get("error_description") ?? "");
  if (stateIsStolen(request)) return errorPage(400, "invalid_state", "This login was begun in another browser.");
  const tokens = await exchange(tenant, query.get("code"));
  if (!tokens.access_token) return errorPage(400, tokens.error, tokens.error_description);
  begun.delete(query.get("state"));
  return profilePage(await profileOf(tenant, tokens.access_token));
}

const ROUTES = { "/": front, "/login": login, "/callback": callback };

/** @returns {Promise<object>} the application's answer */
export async function application(tenant, request) {
  const route = request.method === "GET" ? ROUTES[request.path] : undefined;
  return route ? route(tenant, request) : errorPage(404, "not_found", "There is no such page.");
}
