// Comparing secrets.

import { createHash, timingSafeEqual } from "node:crypto";

const digest = (value) => createHash("sha256").update(String(value)).digest();

/** @returns {boolean} whether both are equal, in a time that does not depend on where they differ */
export function sameSecret(given, expected) {
  return timingSafeEqual(digest(given), digest(expected));
}
