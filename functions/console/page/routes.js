// Which page an address names: all of it lies after the `#`, which no server is ever sent.

const PATTERNS = [
  ["applications", "/applications"],
  ["add", "/applications/new"],
  ["connect", "/applications/new/:integration"],
  ["overview", "/applications/:application"],
  ["activity", "/applications/:application/activity"],
  ["transaction", "/applications/:application/activity/:reference"],
  ["attributes", "/applications/:application/attributes"],
  ["certificates", "/applications/:application/connection"],
  ["policy", "/applications/:application/settings"],
  ["people", "/users"],
  ["invite", "/users/invite"],
  ["bulk", "/users/invite-many"],
  ["person", "/users/:user"],
  ["keys", "/signing-keys"],
  ["history", "/events"],
].map(([page, pattern]) => [page, pattern.split("/")]);

/** Return `{page, parameters}` of a hash, or null if it names no page; an empty one names the first. */
export function routeOf(hash) {
  const parts = (hash.replace(/^#/, "") || "/applications").replace(/\/$/, "").split("/");
  for (const [page, pattern] of PATTERNS) {
    const parameters = matched(pattern, parts);
    if (parameters) return { page, parameters };
  }
  return null;
}

/** Return the hash of a path, each of whose parts is escaped. */
export function to(...parts) {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

function matched(pattern, parts) {
  if (pattern.length !== parts.length) return null;
  const parameters = {};
  for (const [place, expected] of pattern.entries()) {
    if (expected.startsWith(":")) {
      const value = decoded(parts[place]);
      if (!value) return null;
      parameters[expected.slice(1)] = value;
    } else if (expected !== parts[place]) return null;
  }
  return parameters;
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
