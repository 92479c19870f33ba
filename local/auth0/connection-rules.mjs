// The body of POST /api/v2/connections: its rules, and Auth0's wording when one is broken.

import { pemOf } from "./signing-certificate.mjs";

const NAME = /^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$/;
const NAME_TEXT = "The name of the connection. Must start and end with an alphanumeric character and can only " +
  "contain alphanumeric characters and '-'. Max length 128";
const CERT_TEXT = "X.509 signing certificate (encoded in PEM or CER) you retrieved from the IdP, Base64-encoded";
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\]|[a-z0-9.-]+\.localhost)$/;
const BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:";
const BINDINGS = ["", `${BINDING}HTTP-POST`, `${BINDING}HTTP-Redirect`];

/** https as at Auth0; http only for names of this machine, so that a local identity provider can be tried. */
function isSecureUrl(value) {
  const { protocol, hostname } = URL.parse(value) ?? {};
  return protocol === "https:" || (protocol === "http:" && LOCAL_HOST.test(hostname));
}

const FORMATS = { "https-url": isSecureUrl, certificate: (value) => pemOf(value) !== null };

const text = (about, more = {}) => ({ type: "string", about, ...more });
const flag = (about) => ({ type: "boolean", about });
const url = (about) => text(about, { max: 2048, format: "https-url" });
const oneOf = (about, values) => text(about, { values });
const list = (about) => ({ type: "array", about, items: text(about) });

const OPTIONS = {
  signInEndpoint: { ...url("Passive request endpoint of the identity provider"), required: true },
  signingCert: text(CERT_TEXT, { format: "certificate", required: true }),
  signOutEndpoint: url("Sign out endpoint of the identity provider"),
  signSAMLRequest: flag("Whether AuthnRequests are signed"),
  signatureAlgorithm: oneOf("Signature algorithm", ["rsa-sha256", "rsa-sha1"]),
  digestAlgorithm: oneOf("Digest algorithm", ["sha256", "sha1"]),
  protocolBinding: oneOf("Binding of the AuthnRequest", BINDINGS),
  deflate: flag("Whether AuthnRequests are deflated"),
  entityId: text("Entity id of the service provider", { min: 1, max: 128 }),
  disableSignout: flag("Whether logout requests are left out"),
  fieldsMap: { type: "object", about: "Mapping of attributes", maxKeys: 44 },
  user_id_attribute: text("Attribute that holds the user id"),
  requestTemplate: text("Template of the AuthnRequest", { max: 10240 }),
  destinationUrl: url("Expected Destination"),
  recipientUrl: url("Expected Recipient"),
  idpinitiated: { type: "object", about: "Login that starts at the identity provider" },
  metadataUrl: url("Metadata of the identity provider"),
  domain_aliases: list("E-mail domains"),
  icon_url: url("Icon of the button"),
  debug: flag("Debug mode"),
};

const BODY = {
  name: text(NAME_TEXT, { min: 1, max: 128, pattern: NAME, required: true }),
  strategy: { ...oneOf("The identity provider identifier for the connection", ["samlp"]), required: true },
  display_name: text("Connection name used in the new universal login experience", { min: 1, max: 128 }),
  options: { type: "object", about: "Options of the connection", required: true },
  enabled_clients: list("DEPRECATED property. Use the PATCH /v2/connections/{id}/clients endpoint"),
  is_domain_connection: flag("Whether the connection is domain level"),
  show_as_button: flag("Enables showing a button for the connection in the login page"),
  realms: list("Defines the realms for which the connection will be used"),
  metadata: {
    type: "object", about: "Metadata associated with the connection", maxKeys: 10,
    values: text("Metadata", { max: 255 }),
  },
  authentication: { type: "object", about: "Configure the purpose of a connection" },
};

const typeOf = (value) => (Array.isArray(value) ? "array" : value === null ? "null" : typeof value);

function brokenStringRule(value, { min = 0, max = Infinity, pattern, values, format }) {
  const length = [...value].length;
  if (length < min) return `String is too short (${length} chars), minimum ${min}`;
  if (length > max) return `String is too long (${length} chars), maximum ${max}`;
  if (pattern && !pattern.test(value)) return `String does not match pattern ${pattern.source}: ${value}`;
  if (values && !values.includes(value)) return `Invalid value "${value}"`;
  if (!format || FORMATS[format](value)) return null;
  return `Object didn't pass validation for format ${format}: ${value.slice(0, 100)}`;
}

function brokenObjectRule(value, { maxKeys = Infinity, values }) {
  const count = Object.keys(value).length;
  if (count > maxKeys) return `Too many properties defined (${count}), maximum ${maxKeys}`;
  if (!values) return null;
  return Object.values(value).map((inner) => brokenRule(inner, values)).find(Boolean) ?? null;
}

function brokenRule(value, rule) {
  const type = typeOf(value);
  if (type !== rule.type) return `Expected type ${rule.type} but found type ${type}`;
  if (type === "string") return brokenStringRule(value, rule);
  if (type === "object") return brokenObjectRule(value, rule);
  if (type === "array") return value.map((item) => brokenRule(item, rule.items)).find(Boolean) ?? null;
  return null;
}

const complaint = (rule, path, about) =>
  `Payload validation error: '${rule}'${path ? ` on property ${path} (${about})` : ""}.`;

function firstBroken(value, rules, prefix) {
  for (const [key, rule] of Object.entries(rules)) {
    const broken = value[key] === undefined ? null : brokenRule(value[key], rule);
    if (broken) return complaint(broken, prefix + key, rule.about);
  }
  return null;
}

function missing(value, rules) {
  const key = Object.keys(rules).find((name) => rules[name].required && value[name] === undefined);
  return key ? `Missing required property: ${key}` : null;
}

/** @returns {string|null} Auth0's message about the first broken rule; null for an acceptable body */
export function bodyMistake(body) {
  const unknown = Object.keys(body).find((key) => !Object.hasOwn(BODY, key));
  const shape = unknown ? `Additional properties not allowed: ${unknown}` : missing(body, BODY);
  if (shape) return complaint(shape);
  const broken = firstBroken(body, BODY, "");
  if (broken) return broken;
  const absent = missing(body.options, OPTIONS);
  if (absent) return complaint(absent, "options", BODY.options.about);
  return firstBroken(body.options, OPTIONS, "options.");
}
