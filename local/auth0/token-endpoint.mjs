// POST /oauth/token: client credentials for the Management API, authorization codes for the application.

import { epochSeconds } from "./clock.mjs";
import { fields, json } from "./http.mjs";
import { mintToken } from "./jwt.mjs";
import { oauthProblem } from "./problems.mjs";
import { sameSecret } from "./secrets.mjs";

const TOKEN_SECONDS = 86_400;
const CODE_SECONDS = 60;
const CLIENT_GRANTS_PAGE = "https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants";

// The three wordings seen of Auth0 for an application that is not authorized for an API.
const NOT_AUTHORIZED = [
  (client, audience) => `Client is not authorized to access "${audience}". ` +
    `You need to create a "client-grant" associated to this API. See: ${CLIENT_GRANTS_PAGE}`,
  (client, audience) => `Client is not authorized to access "${audience}". ` +
    `You might probably want to create a "client-grant" associated to this API. See: ${CLIENT_GRANTS_PAGE}`,
  (client, audience) => `Client "${client}" is not authorized to access resource server "${audience}". ` +
    'You need to create a "client-grant" associated to this API.',
];

function badClient(tenant, form) {
  const known = form.client_id === tenant.client.id && sameSecret(form.client_secret, tenant.client.secret);
  return known ? null : oauthProblem(401, "access_denied", "Unauthorized");
}

function grantOff({ settings }) {
  if (settings.grant_type_enabled) return null;
  const text = "Grant type 'client_credentials' not allowed for the client.";
  return oauthProblem(403, "unauthorized_client", text, {
    error_uri: "https://auth0.com/docs/clients/client-grant-types",
  });
}

function wrongAudience(tenant, { audience }) {
  if (audience === tenant.managementAudience) return null;
  if (!audience) {
    const text = "No audience parameter was provided, and no default audience has been configured";
    return oauthProblem(403, "access_denied", text);
  }
  const foreign = String(audience).endsWith("/api/v2/");
  const text = foreign ? `Service not enabled within domain: ${audience}` : `Service not found: ${audience}`;
  return oauthProblem(403, "access_denied", text);
}

function notAuthorized({ settings, client, managementAudience }) {
  if (settings.client_grant) return null;
  const wording = NOT_AUTHORIZED[settings.client_grant_wording] ?? NOT_AUTHORIZED[0];
  return oauthProblem(403, "access_denied", wording(client.id, managementAudience));
}

const asked = ({ scope }) => String(scope ?? "").split(" ").filter(Boolean);

function missingScope({ settings }, form) {
  const missing = asked(form).filter((scope) => !settings.scopes.includes(scope));
  if (missing.length === 0) return null;
  return oauthProblem(403, "access_denied", `Client has not been granted scopes: ${missing.join(", ")}`);
}

function deniedByAction({ settings }) {
  return settings.action_denies ? oauthProblem(403, "access_denied", settings.action_denies) : null;
}

const CHECKS = [badClient, grantOff, wrongAudience, notAuthorized, missingScope, deniedByAction];

function managementToken(tenant, form, fault) {
  for (const check of CHECKS) {
    const problem = check(tenant, form);
    if (problem) return problem;
  }
  const wanted = asked(form);
  const granted = wanted.length > 0 ? wanted : tenant.settings.scopes;
  const scope = [...new Set([...granted, ...tenant.settings.over_granted])].join(" ");
  const now = epochSeconds();
  const token = mintToken(tenant.keys.token, {
    iss: tenant.issuer, sub: `${tenant.client.id}@clients`, aud: tenant.managementAudience, iat: now,
    exp: now + TOKEN_SECONDS, scope, gty: "client-credentials", azp: tenant.client.id,
  });
  const shown = fault.omit_scope ? undefined : scope;
  return json(200, { access_token: token, scope: shown, expires_in: TOKEN_SECONDS, token_type: "Bearer" });
}

function spend(tenant, code) {
  const login = tenant.codes.get(code);
  tenant.codes.delete(code);
  return login;
}

function loginTokens(tenant, form) {
  const problem = badClient(tenant, form);
  if (problem) return problem;
  const login = spend(tenant, form.code);
  const now = epochSeconds();
  if (!login || login.redirectUri !== form.redirect_uri || now > login.issuedAt + CODE_SECONDS) {
    return oauthProblem(403, "invalid_grant", "Invalid authorization code");
  }
  const common = { iss: tenant.issuer, sub: login.profile.user_id, iat: now, exp: now + TOKEN_SECONDS };
  const access = { ...common, aud: tenant.userinfoAudience, azp: tenant.client.id, scope: login.scope };
  const identity = { ...login.profile, ...common, aud: tenant.client.id, nonce: login.nonce };
  return json(200, {
    access_token: mintToken(tenant.keys.token, access), id_token: mintToken(tenant.keys.token, identity),
    scope: login.scope, expires_in: TOKEN_SECONDS, token_type: "Bearer",
  });
}

/** POST /oauth/token, as a form or as JSON */
export function token(tenant, request, fault) {
  const form = fields(request);
  if (!form) return oauthProblem(400, "invalid_request", "The request body is not valid");
  if (form.grant_type === "client_credentials") return managementToken(tenant, form, fault);
  if (form.grant_type === "authorization_code") return loginTokens(tenant, form);
  return oauthProblem(403, "unsupported_grant_type", `Unsupported grant type: ${form.grant_type}`);
}

/** @returns {string} the name under which a call is counted: the application's own exchange is not Connect's */
export function tokenEndpointName(request) {
  return fields(request)?.grant_type === "authorization_code" ? "code_exchange" : "token";
}
