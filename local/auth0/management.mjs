// The Management API: POST /api/v2/connections is allowed; every other call is beyond create:connections.

import { bodyMistake } from "./connection-rules.mjs";
import { epochSeconds } from "./clock.mjs";
import { json, jsonBody } from "./http.mjs";
import { readToken } from "./jwt.mjs";
import {
  connectionProblems, insufficientScope, managementProblem, rateLimited, tokenRejected,
} from "./problems.mjs";
import { certificateOptions, pemOf } from "./signing-certificate.mjs";
import { opaque } from "./tenant.mjs";

const VERBS = { GET: "read", HEAD: "read", POST: "create", PUT: "update", PATCH: "update", DELETE: "delete" };

function overLimit(tenant) {
  const limit = tenant.settings.management_per_second;
  const second = epochSeconds();
  if (tenant.window.second !== second) tenant.window = { second, calls: 0 };
  tenant.window.calls += 1;
  return limit > 0 && tenant.window.calls > limit ? rateLimited("connections", 1, limit) : null;
}

function authorize(tenant, request) {
  const [, bearer] = /^Bearer ([\w.-]+)$/.exec(request.headers.authorization ?? "") ?? [];
  if (!bearer) return { problem: managementProblem(401, "Missing authentication") };
  const expected = { issuer: tenant.issuer, audience: tenant.managementAudience };
  const { claims, expired } = readToken(tenant.keys.token, bearer, expected);
  if (claims) return { scopes: String(claims.scope ?? "").split(" ") };
  return { problem: tokenRejected(expired ? "Expired token received for JSON Web Token validation" : undefined) };
}

function create(tenant, body) {
  const options = { ...body.options, ...certificateOptions(pemOf(body.options.signingCert)) };
  const connection = {
    id: `con_${opaque(24).replace(/[-_]/g, "").slice(0, 16)}`,
    options,
    strategy: body.strategy,
    name: body.name,
    provisioning_ticket_url: `${tenant.issuer}p/samlp/${opaque(6)}`,
    is_domain_connection: body.is_domain_connection ?? false,
    show_as_button: body.show_as_button ?? false,
    display_name: body.display_name,
    authentication: body.authentication ?? { active: true },
    metadata: body.metadata,
    enabled_clients: body.enabled_clients ?? [],
    realms: body.realms ?? [body.name],
  };
  tenant.connections.set(connection.name, connection);
  return connection;
}

function refusal(tenant, request) {
  const { problem, scopes } = authorize(tenant, request);
  if (problem) return problem;
  return scopes.includes("create:connections") ? null : insufficientScope("create:connections");
}

/** POST /api/v2/connections */
export function createConnection(tenant, request, fault) {
  const refused = overLimit(tenant) ?? refusal(tenant, request);
  if (refused) return refused;
  const body = jsonBody(request);
  if (!body) return managementProblem(400, "Invalid request payload JSON format");
  const mistake = bodyMistake(body);
  if (mistake) return managementProblem(400, mistake, "invalid_body");
  if (tenant.connections.has(body.name)) return connectionProblems.conflict();
  const sent = fault.drop_enabled_clients ? { ...body, enabled_clients: [] } : body;
  const created = create(tenant, sent);
  return json(201, fault.omit_options ? { ...created, options: undefined } : created);
}

/** Any other call under /api/v2: refused whatever the token holds, so that nothing can come to need more. */
export function beyondOurScope(tenant, request) {
  const { problem } = authorize(tenant, request);
  if (problem) return problem;
  const entity = request.path.split("/")[3] || "tenant_settings";
  return insufficientScope(`${VERBS[request.method] ?? "read"}:${entity}`);
}
