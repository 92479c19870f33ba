// Failures on demand: which fault meets a call, and what it makes of the answer.

import { gzipSync } from "node:zlib";
import { json, redirect, text } from "./http.mjs";
import { connectionProblems, problemOf } from "./problems.mjs";

const RESET_AFTER_SECONDS = 10;
const MAX_PADDING = 268_435_456;

/** @returns {object} the fault set for the endpoint, counted down if it has `times`; {} for none */
export function takeFault(settings, endpoint) {
  const fault = settings.faults[endpoint];
  if (!fault) return {};
  if (fault.times !== undefined && --fault.times <= 0) delete settings.faults[endpoint];
  return { ...fault };
}

const htmlPage = (status) => text(status, "text/html; charset=utf-8", "<!doctype html><p>Another page.</p>");

function replacement(fault, endpoint) {
  const named = Object.keys(connectionProblems).find((name) => endpoint === "connections" && fault[name]);
  if (named) return connectionProblems[named]();
  if (fault.html) return htmlPage(fault.html);
  if (fault.redirect) return redirect(fault.redirect);
  if (fault.json) return json(fault.status ?? 200, fault.json);
  if (fault.status) return problemOf(endpoint, fault.status, fault.reset_after ?? RESET_AFTER_SECONDS);
  return null;
}

const silences = (fault) => fault.hang || fault.reset || fault.hang_before_commit;

function altered(response, fault) {
  const { body } = response;
  if (fault.truncate) return { ...response, body: body.slice(0, Math.ceil(body.length / 2)) };
  if (fault.pad_bytes) return { ...response, body: body + " ".repeat(Math.min(fault.pad_bytes, MAX_PADDING)) };
  if (!fault.gzip_bytes) return response;
  const bomb = gzipSync(Buffer.alloc(Math.min(fault.gzip_bytes, MAX_PADDING), " "));
  return { ...response, headers: { ...response.headers, "content-encoding": "gzip" }, body: bomb };
}

/**
 * Answers a call under a fault. What replaces or withholds the answer also keeps the call from being carried out,
 * unless `after_commit` is set: then the work is done and only its answer is lost.
 * @returns {Promise<object|null>} the reply; null when there will be none
 */
export async function underFault(fault, endpoint, carryOut) {
  const instead = replacement(fault, endpoint);
  if (!fault.after_commit && (instead || silences(fault))) return instead && altered(instead, fault);
  const response = await carryOut();
  if (fault.hang_after_commit || silences(fault)) return null;
  return altered(instead ?? response, fault);
}
