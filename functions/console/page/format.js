// Times, lists and numbers as people read and write them: no page, no clock of its own.

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const PEM = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Return a moment in the reader's own time zone. */
export function localTime(instant, locale = "en-GB", zone = undefined) {
  const form = { dateStyle: "medium", timeStyle: "short", timeZone: zone };
  return new Intl.DateTimeFormat(locale, form).format(new Date(instant));
}

/** Return a day of a chart, `2026-11-27`, in short. */
export function shortDay(date, locale = "en-GB") {
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(date));
}

/** Return a moment in UTC, to the second. */
export function utcTime(instant) {
  return `${new Date(instant).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Return how long ago, or in how long, a moment is; `now` in milliseconds. */
export function distance(instant, now) {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  if (unit === "second") return seconds > 0 ? "in less than a minute" : "just now";
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

/** Return the whole days until a moment, negative after it. */
export function daysUntil(instant, now) {
  return Math.floor((new Date(instant).getTime() - now) / 86_400_000);
}

/** Return what is left until a moment: minutes and seconds, such as `4:05`, or hours, or days. */
export function countdown(instant, now) {
  const left = Math.max(0, Math.ceil((new Date(instant).getTime() - now) / 1000));
  if (left >= 2 * 86_400) return `${Math.floor(left / 86_400)} days`;
  if (left >= 2 * 3600) return `${Math.floor(left / 3600)} hours`;
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** Return the entries of a list that was typed with commas, semicolons or line breaks between. */
export function listed(text) {
  return [...new Set(text.split(/[\n,;]+/).map((one) => one.trim()).filter(Boolean))];
}

/** Return the certificates in a text: each PEM block, or else each block between empty lines. */
export function certificatesIn(text) {
  const blocks = text.match(PEM) ?? text.split(/\n\s*\n/);
  return blocks.map((block) => block.trim()).filter(Boolean);
}

/** Return a number with its noun. */
export function counted(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** Return a thumbprint in pairs, as other programs show it. */
export function inPairs(hex) {
  return (String(hex).replace(/[^0-9a-f]/gi, "").toUpperCase().match(/../g) ?? []).join(":");
}
