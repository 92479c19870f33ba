// What Auth0's own SAML library makes of a Response. No check of ours stands in for one of the library's.

import saml from "passport-wsfed-saml2";
import xmlCrypto from "xml-crypto";

// Auth0 accepts RSA alone; this version of xml-crypto would also take the certificate's text for an HMAC key.
delete xmlCrypto.SignedXml.SignatureAlgorithms["http://www.w3.org/2000/09/xmldsig#hmac-sha1"];

const ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";

function confirmationInResponseTo(assertion) {
  const found = assertion.getElementsByTagNameNS(ASSERTION, "SubjectConfirmationData");
  return found.length > 0 ? found[0].getAttribute("InResponseTo") : "";
}

function makeLibrary(expected, seen) {
  const options = {
    cert: expected.cert,
    thumbprints: expected.thumbprints,
    realm: expected.audience,
    destinationUrl: expected.destination,
    recipientUrl: expected.recipient,
    isValidResponseID: (id, done) => { seen.responseId = id; done(); },
    isValidInResponseTo: (id, done) => { seen.inResponseTo = id; done(); },
    extractSAMLAssertion: (node) => {
      const assertion = node.documentElement ?? node;
      seen.assertionId = assertion.getAttribute("ID");
      seen.confirmedInResponseTo = confirmationInResponseTo(assertion);
      return assertion;
    },
  };
  return new saml.samlp(options, new saml.SAML.SAML(options));
}

/**
 * @param {string} encoded the form field SAMLResponse
 * @param {object} expected cert? (base64 of the DER), thumbprints (SHA-1, hexadecimal), audience, destination,
 *   recipient
 * @returns {Promise<object>} claims, responseId, inResponseTo, assertionId, confirmedInResponseTo
 * @throws {Error} with the library's message when it refuses
 */
export function validateResponse(encoded, expected) {
  return new Promise((resolve, reject) => {
    const seen = {};
    const library = makeLibrary(expected, seen);
    const xml = library.decodeResponse({ body: { SAMLResponse: encoded } });
    if (!xml.includes("<")) throw new Error("SAMLResponse should be a valid xml");
    const done = (error, claims) => (error ? reject(error) : resolve({ ...seen, claims }));
    library.validateSamlResponse(xml, done);
  });
}

/** @returns {string|null} why the Response does not answer the request of this id; null when it does */
export function inResponseToMistake(verified, requestId) {
  const named = [verified.inResponseTo, verified.confirmedInResponseTo].filter(Boolean);
  const foreign = named.find((id) => id !== requestId);
  return foreign === undefined ? null : `InResponseTo ${foreign} did not match ${requestId}`;
}
