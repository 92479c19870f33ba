// What the control API can change about the tenant, with the defaults of a tenant set up as our guide says.

const FAULTS = {
  // Put in place of the answer
  status: "number", json: "object", html: "number", redirect: "string", reset_after: "number",
  // Done to the answer or to its connection
  truncate: "boolean", cut: "boolean", delay_ms: "number", drip_ms: "number", hang: "boolean", reset: "boolean",
  pad_bytes: "number", gzip_bytes: "number",
  // How often, and whether the request is carried out before the answer is replaced
  times: "number", after_commit: "boolean",
};

const FAULTS_BY_ENDPOINT = {
  openid: { issuer: "string" },
  token: { omit_scope: "boolean" },
  connections: {
    hang_before_commit: "boolean", hang_after_commit: "boolean", drop_enabled_clients: "boolean",
    omit_options: "boolean", plan_limit: "boolean", too_many_entities: "boolean", conflict: "boolean",
    being_deleted: "boolean", realm_conflict: "boolean", domain_conflict: "boolean",
    insufficient_scope: "boolean", invalid_token: "boolean",
  },
  metadata: { unknown: "boolean", entity_id: "string", acs_url: "string", certificates: "string" },
  rawpem: {},
  pem: {},
  jwks: {},
};

const AUTHN_REQUEST = { binding: null, deflate: null, signed: null, relay_state: null };

/** @returns {object} a fresh set of settings */
export function defaultSettings() {
  return {
    grant_type_enabled: true,
    client_grant: true,
    client_grant_wording: 0,
    scopes: ["create:connections"],
    over_granted: [],
    action_denies: "",
    callbacks: [],
    custom_domain: false,
    management_per_second: 0,
    clock_offset_seconds: 0,
    authn_request: { ...AUTHN_REQUEST },
    faults: {},
  };
}

function kindOf(value) {
  return Array.isArray(value) ? "array" : typeof value;
}

function faultMistakes([endpoint, fault]) {
  if (!Object.hasOwn(FAULTS_BY_ENDPOINT, endpoint)) return [`faults.${endpoint}: no such endpoint`];
  const allowed = FAULTS_BY_ENDPOINT[endpoint];
  return Object.entries(fault ?? {})
    .filter(([key, value]) => kindOf(value) !== ({ ...FAULTS, ...allowed })[key])
    .map(([key]) => `faults.${endpoint}.${key}: unknown, or of the wrong type`);
}

function mistakes(changes) {
  const known = defaultSettings();
  const wrong = Object.keys(changes).filter((key) => kindOf(changes[key]) !== kindOf(known[key]));
  const request = Object.keys(changes.authn_request ?? {}).filter((key) => !Object.hasOwn(AUTHN_REQUEST, key));
  return [
    ...wrong.map((key) => `${key}: unknown, or of the wrong type`),
    ...request.map((key) => `authn_request.${key}: unknown`),
    ...Object.entries(changes.faults ?? {}).flatMap(faultMistakes),
  ];
}

/**
 * Merges changes into settings; `authn_request` and `faults` are merged key by key, a fault of null is removed.
 * @returns {string[]} mistakes in the changes; if there is one, nothing was changed
 */
export function mergeSettings(settings, changes) {
  const found = mistakes(changes);
  if (found.length > 0) return found;
  const { authn_request: request, faults, ...plain } = changes;
  Object.assign(settings, plain);
  Object.assign(settings.authn_request, request);
  Object.assign(settings.faults, faults);
  for (const [endpoint, fault] of Object.entries(settings.faults)) {
    if (fault === null) delete settings.faults[endpoint];
  }
  return [];
}
