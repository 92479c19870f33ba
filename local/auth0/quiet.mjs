// Keeps messages out of logs: the XML parser reports every oddity on the console together with the parsed
// text, which here is an assertion. Imported first, for its effect.

console.log = console.info = console.warn = console.error = () => {};
process.noDeprecation = true;

/** Writes where and of what kind an unforeseen error was, but not its message, which may quote the input. */
export function reportFault(endpoint, error) {
  const [, place = ""] = String(error?.stack ?? "").split("\n    at ");
  process.stderr.write(`${endpoint}: ${error?.name ?? "error"} at ${place.trim()}\n`);
}
