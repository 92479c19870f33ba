// Public documents of the tenant: OpenID configuration, keys, certificates, SAML metadata of the service provider.

import { json, text } from "./http.mjs";
import { certificateBody, makeKeyPair, publicJwk } from "./keys.mjs";
import { managementProblem } from "./problems.mjs";
import { escape } from "./pages.mjs";
import { acsUrl, entityId } from "./tenant.mjs";

const BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:";
const NAME_ID_FORMATS = [
  "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
  "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
];
let strangeCertificate;

/** GET /.well-known/openid-configuration: issuer under the canonical domain, endpoints where the double listens. */
export function openidConfiguration(tenant, _request, fault) {
  return json(200, {
    issuer: fault.issuer ?? tenant.issuer,
    authorization_endpoint: `${tenant.url}/authorize`,
    token_endpoint: `${tenant.url}/oauth/token`,
    userinfo_endpoint: `${tenant.url}/userinfo`,
    jwks_uri: `${tenant.url}/.well-known/jwks.json`,
    scopes_supported: ["openid", "profile", "email"],
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "client_credentials"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post"],
  });
}

/** GET /.well-known/jwks.json */
export function jwks(tenant) {
  return json(200, { keys: [publicJwk(tenant.keys.token)] });
}

/** GET /pem: the tenant's token-signing certificate, which signs no AuthnRequest. */
export function tenantCertificate(tenant) {
  return text(200, "application/x-x509-ca-cert", tenant.keys.token.cert);
}

/** GET /rawpem?cert=connection: the certificate for AuthnRequests. */
export function connectionCertificate(tenant, request) {
  if (request.query.get("cert") !== "connection") return managementProblem(404);
  return text(200, "application/x-x509-ca-cert", tenant.keys.sp.cert);
}

function shownCertificates(tenant, which) {
  if (which === "none") return [];
  if (which !== "other") return [tenant.keys.sp.cert];
  strangeCertificate ??= makeKeyPair("other.example").cert;
  return [strangeCertificate];
}

const keyDescriptor = (pem) =>
  '<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>' +
  `<X509Certificate>${certificateBody(pem)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`;

/** GET /samlp/metadata?connection=NAME */
export function metadata(tenant, request, fault) {
  const connection = tenant.connections.get(request.query.get("connection"));
  if (!connection || fault.unknown) return managementProblem(404);
  const acs = escape(fault.acs_url ?? acsUrl(tenant, connection.name));
  return text(200, "application/xml; charset=utf-8", [
    `<EntityDescriptor entityID="${escape(fault.entity_id ?? entityId(tenant, connection))}" `,
    'xmlns="urn:oasis:names:tc:SAML:2.0:metadata">',
    '<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">',
    ...shownCertificates(tenant, fault.certificates).map(keyDescriptor),
    `<SingleLogoutService Binding="${BINDING}HTTP-Redirect" Location="${tenant.url}/logout"/>`,
    ...NAME_ID_FORMATS.map((format) => `<NameIDFormat>${format}</NameIDFormat>`),
    `<AssertionConsumerService Binding="${BINDING}HTTP-POST" Location="${acs}" index="0" isDefault="true"/>`,
    "</SPSSODescriptor></EntityDescriptor>",
  ].join(""));
}
