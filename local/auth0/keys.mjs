// Key pairs of the tenant, each with a self-signed certificate as Auth0 makes them.

import { createHash, generateKeyPairSync, X509Certificate } from "node:crypto";
import forge from "node-forge";

const DAY_MS = 86_400_000;

function selfSigned(privateKeyPem, commonName) {
  const key = forge.pki.privateKeyFromPem(privateKeyPem);
  const certificate = forge.pki.createCertificate();
  const name = [{ name: "commonName", value: commonName }];
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.serialNumber = "01" + forge.util.bytesToHex(forge.random.getBytesSync(15));
  certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
  certificate.validity.notAfter = new Date(Date.now() + 3650 * DAY_MS);
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(key, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll("\r\n", "\n");
}

/** @returns {{key: string, cert: string, kid: string}} PEM private key, PEM certificate, key id */
export function makeKeyPair(commonName) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs1", format: "pem" });
  const cert = selfSigned(key, commonName);
  return { key, cert, kid: createHash("sha256").update(cert).digest("base64url").slice(0, 21) };
}

/** @returns {string} the certificate's DER in base64, as it stands inside X509Certificate elements */
export function certificateBody(pem) {
  return new X509Certificate(pem).raw.toString("base64");
}

/** @returns {string} SHA-1 of the certificate's DER, 40 lower-case hex digits: Auth0's thumbprint */
export function thumbprint(pem) {
  return createHash("sha1").update(new X509Certificate(pem).raw).digest("hex");
}

/** @returns {object} the public key as a JWK with its certificate, as in Auth0's jwks.json */
export function publicJwk({ cert, kid }) {
  const jwk = new X509Certificate(cert).publicKey.export({ format: "jwk" });
  return { ...jwk, use: "sig", alg: "RS256", kid, x5c: [certificateBody(cert)] };
}
