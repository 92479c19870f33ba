// Error bodies in Auth0's own words (facts/auth0.md, sections 1 and 2).

import { epochSeconds } from "./clock.mjs";
import { json } from "./http.mjs";

const TITLES = {
  400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict",
  413: "Request Entity Too Large", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
  503: "Service Unavailable", 504: "Gateway Timeout",
};

/** An error of the Management API. */
export function managementProblem(status, message, errorCode, headers) {
  const title = TITLES[status] ?? "Error";
  return json(status, { statusCode: status, error: title, message: message ?? title, errorCode }, headers);
}

/** An error of the token endpoint (RFC 6749, section 5.2, with Auth0's statuses). */
export function oauthProblem(status, error, description, more = {}) {
  return json(status, { error, error_description: description, ...more });
}

export function tokenRejected(message = "Invalid token") {
  return json(401, { statusCode: 401, error: "Unauthorized", message, attributes: { error: message } });
}

export function insufficientScope(scope) {
  return managementProblem(403, `Insufficient scope, expected any of: ${scope}`, "insufficient_scope");
}

export const connectionProblems = {
  too_many_entities: () => managementProblem(
    403, "You reached the limit of entities of this type for this tenant.", "too_many_entities"),
  plan_limit: () => managementProblem(
    403, "You can only create 1 non-Okta enterprise connection(s) for this tenant."),
  conflict: () => managementProblem(409, "A connection with the same name already exists", "connection_conflict"),
  being_deleted: () => managementProblem(
    409, "A connection with the same name is being deleted, try again later", "connection_conflict"),
  realm_conflict: () => managementProblem(
    409, "A connection with the same realm already exists", "connection_conflict"),
  domain_conflict: () => managementProblem(
    409, "A connection with the same domain already exists", "connection_conflict"),
  insufficient_scope: () => insufficientScope("create:connections"),
  invalid_token: () => tokenRejected(),
};

/** @param {number} resetAfter seconds until the limit is lifted */
export function rateLimited(endpoint, resetAfter, limit = 2) {
  const headers = {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(epochSeconds() + resetAfter),
    "retry-after": String(resetAfter),
  };
  if (endpoint !== "token") {
    delete headers["retry-after"];
    return managementProblem(429, "Global limit has been reached", "too_many_requests", headers);
  }
  const problem = oauthProblem(429, "too_many_requests", "Global limit has been reached", {
    error_uri: "https://auth0.com/docs/policies/rate-limits",
  });
  return { ...problem, headers: { ...problem.headers, ...headers } };
}

/** The body that an endpoint gives with a bare status. */
export function problemOf(endpoint, status, resetAfter) {
  if (status === 429) return rateLimited(endpoint, resetAfter);
  if (endpoint === "token" && status === 401) return oauthProblem(401, "access_denied", "Unauthorized");
  if (endpoint === "token" && status === 403) return oauthProblem(403, "access_denied", "Forbidden");
  if (endpoint === "connections" && status === 401) return tokenRejected();
  return managementProblem(status);
}
