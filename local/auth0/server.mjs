// Starts the tenant on 127.0.0.1 and its application on localhost, and says where on one line of standard output.

import "./quiet.mjs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { application } from "./application.mjs";
import { installClock } from "./clock.mjs";
import { control } from "./control.mjs";
import { deliver } from "./delivery.mjs";
import { isOwnHost, readRequest } from "./http.mjs";
import { managementProblem } from "./problems.mjs";
import { reportFault } from "./quiet.mjs";
import { dispatch } from "./routes.mjs";
import { makeTenant } from "./tenant.mjs";

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    "app-port": { type: "string", default: "0" },
    domain: { type: "string", default: "acme.auth0.com" },
    "control-token": { type: "string" },
  },
});

function tenantSide(tenant) {
  return async (request) => {
    if (!request.path.startsWith("/_control/")) return dispatch(tenant, request);
    return { response: control(tenant, request, options["control-token"]) };
  };
}

function applicationSide(tenant) {
  return async (request) => ({ response: await application(tenant, request) });
}

async function answer(incoming, ownHosts, side) {
  if (!isOwnHost(incoming, ownHosts())) return { response: managementProblem(403, "Not a name of this server") };
  const request = await readRequest(incoming);
  return request.body === null ? { response: managementProblem(413) } : side(request);
}

function serve(server, ownHosts, side) {
  server.on("request", async (incoming, outgoing) => {
    try {
      const { response, fault } = await answer(incoming, ownHosts, side);
      await deliver(outgoing, response, fault);
    } catch (error) {
      reportFault(incoming.method, error);
      if (outgoing.headersSent) outgoing.destroy();
      else await deliver(outgoing, managementProblem(500));
    }
  });
}

function listen(port) {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(Number(port), "127.0.0.1", () => resolve(server));
  });
}

async function main() {
  if (!options["control-token"]) throw new Error("--control-token is required");
  installClock();
  const [tenantServer, appServer] = await Promise.all([listen(options.port), listen(options["app-port"])]);
  const own = `127.0.0.1:${tenantServer.address().port}`;
  const app = `localhost:${appServer.address().port}`;
  const tenant = makeTenant({ domain: options.domain, url: `http://${own}`, appUrl: `http://${app}` });
  const custom = `login.localhost:${tenantServer.address().port}`;
  serve(tenantServer, () => (tenant.settings.custom_domain ? [own, custom] : [own]), tenantSide(tenant));
  serve(appServer, () => [app], applicationSide(tenant));
  const { url, appUrl, domain, client } = tenant;
  const line = { url, app_url: appUrl, domain, client_id: client.id, client_secret: client.secret };
  process.stdout.write(JSON.stringify(line) + "\n");
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
}

await main();
