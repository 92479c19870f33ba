// GET /userinfo: the profile of the user to whom an access token was issued.

import { json } from "./http.mjs";
import { readToken } from "./jwt.mjs";
import { tokenRejected } from "./problems.mjs";

/** GET /userinfo */
export function userinfo(tenant, request) {
  const bearer = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  const expected = { issuer: tenant.issuer, audience: tenant.userinfoAudience };
  const { claims } = readToken(tenant.keys.token, bearer, expected);
  const profile = tenant.profiles.get(claims?.sub);
  return profile ? json(200, { sub: claims.sub, ...profile }) : tokenRejected();
}
