// The control API for tests: look inside the tenant, change its settings, start afresh.

import { setClockOffset } from "./clock.mjs";
import { json, jsonBody } from "./http.mjs";
import { makeKeyPair } from "./keys.mjs";
import { sameSecret } from "./secrets.mjs";
import { mergeSettings } from "./settings.mjs";
import { opaque, resetTenant } from "./tenant.mjs";

function state(tenant) {
  const { domain, settings, connections, calls, sequence, logins, refusals } = tenant;
  const known = [...connections.values()];
  return json(200, {
    domain, now: new Date().toISOString(), settings, connections: known, calls, sequence, logins, refusals,
  });
}

const ACTIONS = {
  client_secret: (tenant, value) => { tenant.client.secret = String(value); },
  rotate_client_secret: (tenant) => { tenant.client.secret = opaque(48); },
  rotate_sp_key: (tenant) => { tenant.keys.sp = makeKeyPair(tenant.domain); },
};

function change(tenant, request) {
  const body = jsonBody(request);
  if (!body) return json(400, { mistakes: ["the body is not a JSON object"] });
  const isAction = ([key]) => Object.hasOwn(ACTIONS, key);
  const actions = Object.entries(body).filter(isAction);
  const settings = Object.fromEntries(Object.entries(body).filter((entry) => !isAction(entry)));
  const mistakes = mergeSettings(tenant.settings, settings);
  if (mistakes.length > 0) return json(400, { mistakes });
  for (const [key, value] of actions) ACTIONS[key](tenant, value);
  setClockOffset(tenant.settings.clock_offset_seconds);
  return json(200, { settings: tenant.settings, client_secret: tenant.client.secret });
}

function reset(tenant) {
  resetTenant(tenant);
  return json(200, { client_id: tenant.client.id, client_secret: tenant.client.secret });
}

const ROUTES = {
  "GET /_control/state": state,
  "POST /_control/settings": change,
  "POST /_control/reset": reset,
};

/** A page in a browser always sends Origin with a POST, and cannot set our header without asking first. */
function isAllowed(request, token) {
  return request.headers.origin === undefined && sameSecret(request.headers["x-control-token"] ?? "", token);
}

/** @returns {object} the reply; 403 without the token of this start */
export function control(tenant, request, token) {
  if (!isAllowed(request, token)) return json(403, { error: "control token required" });
  const route = ROUTES[`${request.method} ${request.path}`];
  return route ? route(tenant, request) : json(404, { error: "no such control" });
}
