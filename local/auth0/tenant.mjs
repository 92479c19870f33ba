// The tenant: who it is, its one application, its keys, and everything it remembers.

import { randomBytes } from "node:crypto";
import { setClockOffset } from "./clock.mjs";
import { makeKeyPair } from "./keys.mjs";
import { defaultSettings } from "./settings.mjs";

/** @returns {string} an opaque random value, `bytes` of entropy, base64url */
export function opaque(bytes) {
  return randomBytes(bytes).toString("base64url");
}

const fresh = () => ({
  settings: defaultSettings(),
  connections: new Map(),
  transactions: new Map(),
  usedIds: new Set(),
  codes: new Map(),
  profiles: new Map(),
  calls: {},
  sequence: [],
  logins: [],
  refusals: [],
  window: { second: 0, calls: 0 },
});

/**
 * @param {{domain: string, url: string, appUrl: string}} place canonical domain, base URLs of tenant and app
 * @returns {object} the tenant, with a client made for it
 */
export function makeTenant({ domain, url, appUrl }) {
  const initial = { secret: opaque(48), sp: makeKeyPair(domain) };
  return {
    domain,
    url,
    appUrl,
    name: domain.split(".")[0],
    issuer: `https://${domain}/`,
    managementAudience: `https://${domain}/api/v2/`,
    userinfoAudience: `https://${domain}/userinfo`,
    cookieName: `auth0_${new URL(url).port}`,
    initial,
    client: { id: randomBytes(16).toString("hex"), secret: initial.secret },
    keys: { token: makeKeyPair(domain), sp: initial.sp },
    ...fresh(),
  };
}

/** Forgets everything but the client's id and the keys of the start. */
export function resetTenant(tenant) {
  Object.assign(tenant, fresh());
  tenant.client.secret = tenant.initial.secret;
  tenant.keys.sp = tenant.initial.sp;
  setClockOffset(0);
}

/** @returns {string} the assertion consumer service at the tenant's own domain, or at the host of another base URL */
export function acsUrl(tenant, name, base = tenant.url) {
  return `${base}/login/callback?connection=${encodeURIComponent(name)}`;
}

export const appCallback = (tenant) => `${tenant.appUrl}/callback`;

/** @returns {string} the service provider's entity id for a connection */
export function entityId(tenant, connection) {
  return connection.options.entityId ?? `urn:auth0:${tenant.name}:${connection.name}`;
}

/** @returns {boolean} whether the tenant's application may use the connection */
export function isEnabled(tenant, connection) {
  return connection.enabled_clients.includes(tenant.client.id);
}
