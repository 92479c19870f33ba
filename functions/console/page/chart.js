// Sign-ins by day as a small picture, with the same numbers as a table.

import { el, svg } from "./element.js";
import { counted, shortDay } from "./format.js";

const WIDTH = 640;
const HEIGHT = 120;
const KINDS = [["approved", "Approved"], ["declined", "Declined or reported"], ["failed", "Failed"]];

/** Return the height of each kind on each day as `[{date, started, parts: [[kind, from, to]]}]` between 0 and 1. */
export function stacked(days) {
  const most = Math.max(1, ...days.map((day) => Math.max(day.started, total(day))));
  return days.map((day) => {
    let reached = 0;
    const parts = KINDS.map(([kind]) => [kind, reached / most, (reached += day[kind]) / most]);
    return { date: day.date, started: day.started / most, parts };
  });
}

/** Return the picture, its legend and its table. */
export function chart(days) {
  const sum = (kind) => days.reduce((before, day) => before + day[kind], 0);
  const label = `In ${days.length} days ${counted(sum("started"), "sign-in")} started, ${sum("approved")} approved, ${sum("declined")} declined, ${sum("failed")} failed`;
  const step = WIDTH / days.length;
  const picture = svg(
    "svg",
    { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label },
    stacked(days).map((day, place) => column(day, place * step, step)),
  );
  const legend = [["started", "Started"], ...KINDS].map(([kind, words]) => el("li", { class: kind }, `${words} `, el("strong", {}, String(sum(kind)))));
  return el("figure", {}, el("ul", { class: "legend" }, legend), picture, ends(days), el("details", {}, el("summary", {}, "The same as a table"), table(days)));
}

function total(day) {
  return day.approved + day.declined + day.failed;
}

function column(day, left, step) {
  const width = Math.min(28, step * 0.62);
  const x = left + (step - width) / 2;
  const bar = (kind, from, to) => svg("rect", { class: kind, x, width, y: HEIGHT * (1 - to), height: HEIGHT * (to - from) });
  return svg("g", {}, bar("started", 0, day.started), day.parts.filter(([, from, to]) => to > from).map((part) => bar(...part)));
}

function ends(days) {
  const shown = [days.at(0), days.at(days.length / 2), days.at(-1)];
  return el("p", { class: "ends", "aria-hidden": "true" }, shown.map((day) => el("span", {}, shortDay(day.date))));
}

function table(days) {
  const columns = [["started", "Started"], ...KINDS];
  const head = el("tr", {}, el("th", { scope: "col" }, "Day (UTC)"), columns.map(([, words]) => el("th", { scope: "col" }, words)));
  const rows = days.map((day) => el("tr", {}, el("th", { scope: "row" }, shortDay(day.date)), columns.map(([kind]) => el("td", {}, String(day[kind])))));
  return el("div", { class: "wide", tabindex: "0", role: "group", "aria-label": "Sign-ins by day" }, el("table", {}, el("thead", {}, head), el("tbody", {}, rows.toReversed())));
}
