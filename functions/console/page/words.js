// What states, checks and events are called: `[words, tone]`, where the tone is a colour and a picture beside the words.

export const APPLICATION_STATUS = {
  connecting: ["Connecting", "wait"],
  connected: ["Connected", "ok"],
  unverified: ["Not verified yet", "warn"],
  failed: ["Failed", "bad"],
};

export const INTEGRATION = { "auth0-saml": "Auth0 SAML", saml: "SAML application" };

export const STEP = {
  domain: "Auth0 domain",
  token: "Client ID and Client Secret",
  connection: "SAML connection in Auth0",
  verification: "Verification",
};

export const RESULT = {
  ok: ["Done", "ok"],
  failed: ["Failed", "bad"],
  skipped: ["Not reached", "off"],
};

export const FINDING = {
  ok: ["As it should be", "ok"],
  failed: ["Needs attention", "bad"],
  unknown: ["Not known", "unknown"],
};

export const CHECK = {
  metadata_readable: "Auth0's metadata",
  entity_id: "Entity ID",
  acs_urls: "Answer addresses",
  certificates: "Certificates of the application",
  metadata_validity: "End of the metadata",
  endpoint_urls: "Addresses",
  signing_certificate: "Our signing certificate",
  rollout: "Who may sign in",
};

export const PROGRESS = {
  none: ["No phone", "off"],
  invited: ["Invited", "wait"],
  expired: ["Invite expired", "warn"],
  pending: ["Waits for confirmation", "warn"],
  enrolled: ["Phone enrolled", "ok"],
};

export const DEVICE_STATUS = {
  active: ["Active", "ok"],
  pending: ["Waits for confirmation", "warn"],
  revoked: ["Revoked", "off"],
};

export const ENROLLMENT = {
  open: ["Waiting for the phone", "wait"],
  used: ["Phone enrolled", "ok"],
  pending: ["Waits for confirmation", "warn"],
  confirmed: ["Phone confirmed", "ok"],
  expired: ["Expired", "warn"],
  withdrawn: ["Withdrawn", "off"],
};

export const KEY_STATE = {
  next: ["Next", "wait"],
  current: ["Current", "ok"],
  retiring: ["Retiring", "warn"],
  retired: ["Retired", "off"],
};

export const OUTCOME = {
  started: ["Started", "wait"],
  completed: ["Signed in", "ok"],
  denied: ["Declined on the phone", "warn"],
  expired: ["Ran out of time", "warn"],
  refused: ["Refused", "bad"],
  unanswerable: ["Could not be answered", "bad"],
};

export const TRIED = { passed: ["Passed", "ok"], failed: ["Failed", "bad"] };

export const EVENT = {
  "application.connected": ["Application added", "admin"],
  "application.connect_failed": ["Connecting failed", "bad"],
  "application.verified": ["Verified", "admin"],
  "application.certificates_refreshed": ["Certificates taken over", "admin"],
  "application.changed": ["Settings changed", "admin"],
  "application.rollout_changed": ["Rollout changed", "admin"],
  "application.removed": ["Application removed", "admin"],
  "application.signing_key_moved": ["Moved to another signing key", "key"],
  "block.lifted": ["Reported address opened again", "admin"],
  "signing_key.made": ["Signing key made", "key"],
  "signing_key.promoted": ["Signing key made current", "key"],
  "signing_key.retired": ["Signing key retired", "key"],
  "device.invited": ["Phone invited", "phone"],
  "device.invited_again": ["Phone invited again", "phone"],
  "device.invite_withdrawn": ["Invite withdrawn", "phone"],
  "device.enrolled": ["Phone enrolled", "phone"],
  "device.confirmed": ["Phone confirmed", "phone"],
  "device.check_failed": ["Wrong check typed", "warn"],
  "device.renamed": ["Phone renamed", "phone"],
  "device.revoked": ["Phone revoked", "phone"],
  "user.changed": ["User changed", "user"],
  "user.disabled": ["User disabled", "user"],
  "user.enabled": ["User enabled", "user"],
  "user.erased": ["User erased", "user"],
  "login.started": ["Sign-in started", "wait"],
  "login.approved": ["Approved on the phone", "ok"],
  "login.denied": ["Declined on the phone", "warn"],
  "login.reported": ["Reported as an attack", "bad"],
  "login.refused": ["Sign-in refused", "bad"],
  "login.completed": ["Signed in", "ok"],
  "login.returned": ["Went back without signing in", "off"],
  "logout.completed": ["Signed out", "off"],
  "logout.refused": ["Sign-out refused", "bad"],
  "logout.passed_on": ["Sign-out passed on", "off"],
};

export const DETAIL = { uv: "Unlocked by", uv_evidence: "Evidence", ip: "Address", key_id: "Key" };

/** Return the words and the picture of an event; one that is not known yet is called by its own name. */
export function eventWords(type) {
  return EVENT[type] ?? [plainly(type.replace(".", " ")), "off"];
}

/** Return a name of the API as words: `step_up` is `step up`. */
export function plainly(name) {
  const words = String(name).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Return the words and tone of a value, which may be one that is newer than this console. */
export function worded(table, value) {
  return table[value] ?? [plainly(value), "unknown"];
}
