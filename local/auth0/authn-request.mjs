// The AuthnRequest, made by Auth0's own library from the connection's options.

import saml from "passport-wsfed-saml2";
import { redirect, text } from "./http.mjs";
import { acsUrl, entityId } from "./tenant.mjs";

const BINDINGS = {
  redirect: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
  post: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
};

/** The library's options; what the control API has set wins over the connection. */
function libraryOptions(tenant, connection, transaction) {
  const { options } = connection;
  const { binding, deflate, signed } = tenant.settings.authn_request;
  const signs = signed ?? options.signSAMLRequest ?? false;
  return {
    identityProviderUrl: options.signInEndpoint,
    realm: entityId(tenant, connection),
    request_id: transaction.requestId,
    RelayState: transaction.relayState,
    protocolBinding: BINDINGS[binding] ?? (options.protocolBinding || undefined),
    deflate: deflate ?? options.deflate ?? true,
    signatureAlgorithm: options.signatureAlgorithm,
    digestAlgorithm: options.digestAlgorithm,
    requestTemplate: options.requestTemplate,
    assertionConsumerServiceURL: acsUrl(tenant, connection.name, transaction.base),
    signingKey: signs ? { key: tenant.keys.sp.key, cert: tenant.keys.sp.cert } : undefined,
  };
}

function made(library, method) {
  return new Promise((resolve, reject) => {
    library[method]({}, (error, value) => (error ? reject(error) : resolve(value)));
  });
}

/** @returns {Promise<object>} the reply that takes the browser to the identity provider: a redirect or a form */
export async function sendAuthnRequest(tenant, connection, transaction) {
  const options = libraryOptions(tenant, connection, transaction);
  const library = new saml.samlp(options, null);
  if (options.protocolBinding !== BINDINGS.post) return redirect(await made(library, "getSamlRequestUrl"));
  const reply = text(200, "text/html; charset=utf-8", await made(library, "getSamlRequestForm"));
  return { ...reply, headers: { ...reply.headers, "cache-control": "no-store" } };
}
