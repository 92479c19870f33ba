// Which call goes where, and under which name it is counted and given faults.

import { authorize } from "./authorize.mjs";
import { callback } from "./callback.mjs";
import { connectionCertificate, jwks, metadata, openidConfiguration, tenantCertificate } from "./discovery.mjs";
import { takeFault, underFault } from "./faults.mjs";
import { beyondOurScope, createConnection } from "./management.mjs";
import { managementProblem } from "./problems.mjs";
import { token, tokenEndpointName } from "./token-endpoint.mjs";
import { userinfo } from "./userinfo.mjs";

const KEPT_CALLS = 1000;

const ROUTES = {
  "GET /.well-known/openid-configuration": ["openid", openidConfiguration],
  "GET /.well-known/jwks.json": ["jwks", jwks],
  "GET /pem": ["pem", tenantCertificate],
  "GET /rawpem": ["rawpem", connectionCertificate],
  "GET /samlp/metadata": ["metadata", metadata],
  "POST /oauth/token": ["token", token],
  "POST /api/v2/connections": ["connections", createConnection],
  "GET /authorize": ["authorize", authorize],
  "POST /login/callback": ["callback", callback],
  "GET /userinfo": ["userinfo", userinfo],
};

const NOTHING = ["unknown", () => managementProblem(404)];
const BEYOND = ["beyond_scope", beyondOurScope];

function routeOf(request) {
  const found = ROUTES[`${request.method} ${request.path}`];
  if (found?.[0] === "token") return [tokenEndpointName(request), found[1]];
  return found ?? (request.path.startsWith("/api/v2") ? BEYOND : NOTHING);
}

function count(tenant, endpoint) {
  tenant.calls[endpoint] = (tenant.calls[endpoint] ?? 0) + 1;
  tenant.sequence.push(endpoint);
  tenant.sequence.splice(0, tenant.sequence.length - KEPT_CALLS);
}

/** @returns {Promise<{response: object|null, fault: object}>} the reply, and the fault that may spoil it */
export async function dispatch(tenant, request) {
  const [endpoint, handler] = routeOf(request);
  count(tenant, endpoint);
  const fault = takeFault(tenant.settings, endpoint);
  const response = await underFault(fault, endpoint, () => handler(tenant, request, fault));
  return { response, fault };
}
