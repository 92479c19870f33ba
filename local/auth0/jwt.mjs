// JSON web tokens of the tenant: RS256 with a `kid`, and nothing else.

import { createPublicKey, sign, verify } from "node:crypto";
import { epochSeconds } from "./clock.mjs";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (part) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));

/** @returns {string} a compact JWS over the claims */
export function mintToken(pair, claims) {
  const signed = `${encode({ alg: "RS256", typ: "JWT", kid: pair.kid })}.${encode(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), pair.key).toString("base64url")}`;
}

function signatureHolds(pair, token) {
  const [header, payload, signature, ...rest] = token.split(".");
  if (!signature || rest.length > 0) return false;
  const { alg, kid } = decode(header);
  if (alg !== "RS256" || kid !== pair.kid) return false;
  const signed = Buffer.from(`${header}.${payload}`);
  return verify("sha256", signed, createPublicKey(pair.cert), Buffer.from(signature, "base64url"));
}

/**
 * Checks signature, issuer, audience and expiry.
 * @returns {{claims?: object, expired?: boolean}} claims only if everything holds
 */
export function readToken(pair, token, { issuer, audience }) {
  try {
    if (!signatureHolds(pair, token)) return {};
    const claims = decode(token.split(".")[1]);
    if (claims.iss !== issuer || ![claims.aud].flat().includes(audience)) return {};
    return claims.exp > epochSeconds() ? { claims } : { expired: true };
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
