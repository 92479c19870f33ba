// Asks SAML libraries of other authors about one Response: JSON on standard input, their verdicts on standard output.
//
// Input: {response_b64, metadata (ours), certificate, issuer, audience, acs_url, clock (seconds since 1970)}.
// Output: {"node-saml": verdict, "samlify": verdict}; a verdict is the NameID that was accepted, or null.

import { text as readAll } from "node:stream/consumers";
import { SAML } from "@node-saml/node-saml";
import * as samlify from "samlify";
import { installClock, setClockTo } from "../../local/auth0/clock.mjs";

async function nodeSaml({ response_b64: response, certificate, issuer, audience, acs_url: acs }) {
  const provider = new SAML({
    idpCert: certificate,
    idpIssuer: issuer,
    issuer: audience,
    audience,
    callbackUrl: acs,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: true,
  });
  const { profile } = await provider.validatePostResponseAsync({ SAMLResponse: response });
  return profile.nameID;
}

async function samlifyLibrary({ response_b64: response, metadata, audience, acs_url: acs }) {
  // The schema is judged by the Python tests; this library has none of its own.
  samlify.setSchemaValidator({ validate: async () => "not judged here" });
  const provider = samlify.ServiceProvider({
    entityID: audience,
    wantAssertionsSigned: true,
    wantMessageSigned: true,
    assertionConsumerService: [{ Binding: samlify.Constants.namespace.binding.post, Location: acs }],
  });
  const idp = samlify.IdentityProvider({ metadata, isAssertionEncrypted: false });
  const { extract } = await provider.parseLoginResponse(idp, "post", { body: { SAMLResponse: response } });
  return extract.nameID;
}

async function verdict(judge, question) {
  try {
    return { accepted: await judge(question) };
  } catch (error) {
    return { accepted: null, error: String(error?.message ?? error) };
  }
}

const question = JSON.parse(await readAll(process.stdin));
installClock();
setClockTo(question.clock * 1000);
const told = { "node-saml": await verdict(nodeSaml, question), samlify: await verdict(samlifyLibrary, question) };
process.stdout.write(JSON.stringify(told) + "\n");
