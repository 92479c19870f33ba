// Sign-in by OpenID Connect: a code with PKCE (RFC 7636), its state and its nonce. No page and no storage.

const LEEWAY_SECONDS = 60;

/** Raised when a sign-in does not come to its end; `code` is stable, `detail` is for people. */
export class SignInFailed extends Error {
  constructor(code, detail) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

/** Return bytes as base64url without padding. */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Return 256 random bits as text. */
function randomText() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** Return the S256 challenge of a verifier (RFC 7636, 4.2). */
export async function challengeOf(verifier) {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

/** Return what is kept of a sign-in until its answer comes; `route` is where the person was going. */
export function newSignIn(route) {
  return { state: randomText(), nonce: randomText(), verifier: randomText(), route };
}

/** Return the issuer's endpoints (OpenID Connect Discovery, 4.3). Raises SignInFailed. */
export async function discovered(settings) {
  const address = `${settings.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const found = await told(address, { headers: { accept: "application/json" } });
  if (found.issuer !== settings.issuer) {
    throw new SignInFailed("other_issuer", "The issuer calls itself otherwise than this console was told.");
  }
  return { authorize: found.authorization_endpoint, token: found.token_endpoint, end: found.end_session_endpoint };
}

/** Return the address at which the issuer asks who it is. */
export async function authorizeAddress(settings, endpoints, asked) {
  const address = new URL(endpoints.authorize);
  const query = {
    response_type: "code",
    client_id: settings.client,
    redirect_uri: settings.address,
    scope: settings.scopes,
    audience: settings.audience,
    state: asked.state,
    nonce: asked.nonce,
    code_challenge: await challengeOf(asked.verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return address.href;
}

/** Return the issuer's answer in a query, or null if there is none. */
export function answerIn(search) {
  const query = new URLSearchParams(search);
  if (!query.has("code") && !query.has("error")) return null;
  return Object.fromEntries(["code", "state", "iss", "error"].map((name) => [name, query.get(name)]));
}

/** Buy tokens for an answer to what was asked; `now` in seconds. Raises SignInFailed. */
export async function bought(settings, endpoints, asked, answer, now) {
  checkAnswer(settings, asked, answer);
  const form = {
    grant_type: "authorization_code",
    client_id: settings.client,
    code: answer.code,
    redirect_uri: settings.address,
    code_verifier: asked.verifier,
  };
  const tokens = await told(endpoints.token, { method: "POST", body: new URLSearchParams(form) });
  if (typeof tokens.access_token !== "string" || String(tokens.token_type).toLowerCase() !== "bearer") {
    throw new SignInFailed("no_token", "The issuer gave no access token.");
  }
  return { access: tokens.access_token, claims: identity(tokens.id_token, settings, asked, now) };
}

/** Refuse what does not answer our own question (RFC 6749, 10.12; RFC 9207). */
export function checkAnswer(settings, asked, answer) {
  if (answer.state !== asked.state) {
    throw new SignInFailed("other_state", "This answer belongs to another sign-in. Nothing was done with it.");
  }
  if (answer.iss && answer.iss !== settings.issuer) {
    throw new SignInFailed("other_issuer", "This answer comes from another issuer. Nothing was done with it.");
  }
  if (!answer.code) throw new SignInFailed("refused", `The issuer refused: ${answer.error}.`);
}

/**
 * Return the claims of an ID token that is for us, of now, and for this sign-in. Raises SignInFailed.
 * Its signature is not checked: it came from the token endpoint itself, by TLS (OpenID Connect Core, 3.1.3.7, 6).
 */
export function identity(token, settings, asked, now) {
  const claims = claimsOf(token);
  const audience = [claims.aud].flat();
  if (claims.iss !== settings.issuer) throw new SignInFailed("other_issuer", "The ID token comes from another issuer.");
  if (!audience.includes(settings.client) || (audience.length > 1 && claims.azp !== settings.client)) {
    throw new SignInFailed("other_audience", "The ID token is for another client.");
  }
  if (!(claims.exp > now - LEEWAY_SECONDS)) throw new SignInFailed("expired", "The ID token has expired.");
  if (claims.nonce !== asked.nonce) throw new SignInFailed("other_nonce", "The ID token belongs to another sign-in.");
  return claims;
}

function claimsOf(token) {
  try {
    const text = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (one) => one.charCodeAt(0))));
    if (claims && typeof claims === "object") return claims;
  } catch {
    // told below, as for every token that is none
  }
  throw new SignInFailed("no_identity", "The issuer gave no ID token that can be read.");
}

async function told(address, request) {
  let answer;
  try {
    answer = await fetch(address, { ...request, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" });
  } catch {
    throw new SignInFailed("unreachable", "The issuer could not be reached.");
  }
  const document = await answer.json().catch(() => ({}));
  if (answer.ok && document && typeof document === "object") return document;
  throw new SignInFailed("refused", `The issuer refused: ${document?.error ?? answer.status}.`);
}
