// Puts a reply on the wire, or fails to in the way that a fault asks for.

import { setTimeout as pause } from "node:timers/promises";

async function drip(outgoing, body, everyMs) {
  for (const byte of body) {
    if (outgoing.destroyed) return;
    outgoing.write(Buffer.of(byte));
    await pause(everyMs);
  }
  outgoing.end();
}

/** @param {object|null} response null leaves the caller waiting for ever, or resets the connection */
export async function deliver(outgoing, response, fault = {}) {
  if (fault.delay_ms) await pause(fault.delay_ms);
  if (fault.reset) return outgoing.socket?.resetAndDestroy();
  if (!response) return undefined;
  const body = Buffer.from(response.body ?? "");
  outgoing.writeHead(response.status, { ...response.headers, "content-length": body.length });
  if (fault.drip_ms) return drip(outgoing, body, fault.drip_ms);
  if (!fault.cut) return outgoing.end(body);
  return outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy());
}
