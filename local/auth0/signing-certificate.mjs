// The identity provider's certificate as an administrator hands it over, and what Auth0 derives from it.

import { X509Certificate } from "node:crypto";
import { thumbprint } from "./keys.mjs";

const PEM = /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

function decoded(value) {
  if (value.includes("-----BEGIN")) return value;
  return BASE64.test(value) && value.length % 4 === 0 ? Buffer.from(value, "base64").toString("latin1") : "";
}

function isCertificate(pem) {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** @returns {string|null} the one PEM certificate in `signingCert` (base64 of a PEM file, or PEM itself) */
export function pemOf(value) {
  const pem = decoded(value);
  return PEM.test(pem) && isCertificate(pem) ? pem.trim() + "\n" : null;
}

/** @returns {object} the options that Auth0 adds to what was sent: cert, expires, subject, thumbprints */
export function certificateOptions(pem) {
  const certificate = new X509Certificate(pem);
  const commonName = /^CN=(.*)$/m.exec(certificate.subject ?? "")?.[1];
  return {
    cert: pem,
    expires: certificate.validToDate.toISOString(),
    subject: commonName === undefined ? {} : { commonName },
    thumbprints: [thumbprint(pem)],
  };
}
