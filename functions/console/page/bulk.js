// Inviting many phones at once: a list or CSV, and what became of each row.

import { at, call } from "./api.js";
import { el } from "./element.js";
import { counted, listed } from "./format.js";
import { choice, field, form, selection } from "./forms.js";
import { card, copier, heading, say, toned } from "./parts.js";
import { to } from "./routes.js";
import { plainly } from "./words.js";

const TIMES = [["3600", "an hour"], ["86400", "a day"], ["604800", "a week"]];
const FIRST_LINE = "email,given_name,family_name,groups";

/** Return the page that invites many. */
export async function bulkPage() {
  const list = field({ name: "list", label: "E-mail addresses", help: "One a line, 100 at most.", type: "text_area", required: true });
  const csv = field({ name: "csv", label: "CSV", help: `First line: ${FIRST_LINE}. Groups with ; between them. 100 rows at most.`, type: "xml", required: true });
  const time = selection("ttl_seconds", "Good for", TIMES, "86400", "Each phone is confirmed afterwards, by the check that it shows.");
  const show = (way) => {
    list.node.hidden = way !== "list";
    csv.node.hidden = way !== "csv";
  };
  const picker = choice("way", "What you have", [["list", "Addresses"], ["csv", "A CSV file"]], "list", show);
  show("list");
  const result = el("div", { class: "result" });
  const made = form({
    fields: [list, csv],
    children: [time.node],
    action: "Invite all",
    work: async (values) => {
      const rows = values.csv ? [] : listed(values.list);
      const body = values.csv ? { csv: values.csv } : { users: rows.map((email) => ({ email })) };
      const found = await call("POST", at(["enrollments"]), { ...body, ttl_seconds: Number(time.read()) });
      const box = outcomes(found, rows);
      result.replaceChildren(box);
      box.focus();
      say(`${found.invited} invited, ${found.refused} refused.`);
    },
  });
  made.node.prepend(picker.node);
  const head = heading("Invite many phones", { lead: "Each person gets a link of their own.", back: ["Users and phones", to("users")] });
  return { title: "Invite many phones", nodes: [head, card(null, {}, made.node), result] };
}

function outcomes(found, rows) {
  const table = el("ul", { class: "rows" }, found.results.map((one) => outcome(one, one.email ?? rows[one.row - 1] ?? `Row ${one.row}`)));
  const links = found.results.filter((one) => one.url).map((one) => `${cell(one.email)},${one.url}`);
  const all = links.length > 0 && copier(links.join("\n"), "all links", "Copy all links");
  const lead = el("p", {}, `${counted(found.invited, "phone")} invited, ${found.refused} refused. The links are shown this once.`);
  return card("Outcome", { class: "card", tabindex: "-1" }, lead, el("p", { class: "actions" }, all), table);
}

/** Return a cell that no spreadsheet takes for a formula. */
function cell(text) {
  return /^[=+\-@]/.test(text) ? `'${text}` : text;
}

function outcome(one, email) {
  const invited = one.status === "invited";
  const why = invited ? null : el("span", { class: "soft" }, one.detail ?? plainly(one.code));
  const link = invited && copier(one.url, `link of ${email}`, "Copy link");
  return el("li", { class: "row three" }, el("span", { class: "main" }, el("span", { class: "strong" }, email), why), toned(invited ? "Invited" : "Refused", invited ? "ok" : "bad"), el("span", {}, link));
}
