// Asks Auth0's library about one Response: JSON on standard input, verdict as JSON on standard output.
//
// Input: {response_b64, cert_pem or thumbprint, audience, acs_url, in_response_to?, clock?}; clock is RFC 3339
// or seconds since 1970. Output: {"ok": true, "profile": claims} or {"ok": false, "error": text}.

import "./quiet.mjs";
import { text as readAll } from "node:stream/consumers";
import { installClock, setClockTo } from "./clock.mjs";
import { certificateBody, thumbprint } from "./keys.mjs";
import { inResponseToMistake, validateResponse } from "./response-validation.mjs";

function trust({ cert_pem: pem, thumbprint: given }) {
  return pem ? { cert: certificateBody(pem), thumbprints: [thumbprint(pem)] } : { thumbprints: [given] };
}

function answerMistake(verified, requestId) {
  return verified.inResponseTo ? inResponseToMistake(verified, requestId) : "InResponseTo is missing";
}

async function verdict(question) {
  const { audience, acs_url: acs, in_response_to: requestId } = question;
  try {
    const expected = { ...trust(question), audience, destination: acs, recipient: acs };
    const verified = await validateResponse(question.response_b64, expected);
    const mistake = requestId === undefined ? null : answerMistake(verified, requestId);
    return mistake ? { ok: false, error: mistake } : { ok: true, profile: verified.claims };
  } catch (error) {
    return { ok: false, error: error.message };
  }
}

const question = JSON.parse(await readAll(process.stdin));
installClock();
if (question.clock !== undefined) {
  setClockTo(typeof question.clock === "number" ? question.clock * 1000 : Date.parse(question.clock));
}
process.stdout.write(JSON.stringify(await verdict(question)) + "\n");
