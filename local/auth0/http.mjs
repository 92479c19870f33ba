// HTTP in plain values: a request that was read whole, replies as {status, headers, body}.

const MAX_BODY = 1_048_576;

async function readBody(incoming) {
  const chunks = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseCookies(header) {
  const pairs = (header ?? "").split(";").map((pair) => pair.trim().split("="));
  return new Map(pairs.filter(([name]) => name).map(([name, ...value]) => [name, value.join("=")]));
}

/** @returns {Promise<object>} method, base (of the URL as asked for), path, query, headers, cookies, body (null when
 * over 1 MiB) */
export async function readRequest(incoming) {
  const target = new URL(incoming.url, "http://double.invalid");
  return {
    method: incoming.method,
    base: `http://${incoming.headers.host}`,
    path: target.pathname,
    query: target.searchParams,
    headers: incoming.headers,
    cookies: parseCookies(incoming.headers.cookie),
    body: await readBody(incoming),
  };
}

/** One Host header, and one of the server's own (rule S61: no other name may reach a local server). */
export function isOwnHost(incoming, own) {
  const hosts = incoming.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  return hosts.length === 1 && own.includes(incoming.headers.host) && incoming.url.startsWith("/");
}

/** @returns {object|null} the body as a JSON object, null if it is none */
export function jsonBody(request) {
  try {
    const value = JSON.parse(request.body);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @returns {object|null} the body's fields, sent as a form or as JSON */
export function fields(request) {
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) return jsonBody(request);
  return Object.fromEntries(new URLSearchParams(request.body));
}

export const json = (status, value, headers = {}) => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...headers },
  body: JSON.stringify(value),
});

export const text = (status, type, body) => ({ status, headers: { "content-type": type }, body });

export const redirect = (location, headers = {}) => ({
  status: 302,
  headers: { location, "cache-control": "no-store", ...headers },
  body: "",
});

/** @returns {string} the URL with query parameters added */
export function withQuery(url, parameters) {
  const target = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null) target.searchParams.append(name, value);
  }
  return target.href;
}
