// Which attributes an application is told, with a preview of what one user's assertion would carry.

import { at, call } from "./api.js";
import { applicationHead } from "./applications.js";
import { el } from "./element.js";
import { field, form } from "./forms.js";
import { button, card, confirmed, facts, say, troublePlace, working } from "./parts.js";

const SOURCES = [["email", "E-mail address"], ["given_name", "Given name"], ["family_name", "Family name"], ["name", "Full name"], ["groups", "Groups"], ["user_id", "User id"], ["", "A fixed text"]];
const RELEASES = [["requested", "if asked for"], ["required", "if required"], ["always", "always"]];

/** Return the page with the mapping and its preview. */
export async function attributesPage({ application: application_id }) {
  const { application, head } = await applicationHead(application_id, "attributes");
  const mapping = new Mapping(application);
  return { title: `Attributes – ${application.name}`, nodes: [...head, mapping.node, preview(application, mapping)] };
}

/** The rows of a mapping while they are edited; what a row has besides is kept as it came. */
class Mapping {
  constructor(application) {
    this.path = at(["applications", application.application_id]);
    this.list = el("ul", { class: "mapping" }, application.attributes.map((rule) => this.row(rule)));
    const place = troublePlace();
    const save = button("Save attributes", () => working(save, place, () => this.save({ attributes: this.read() })), "primary");
    const usual = button("Back to the usual ones", () => working(usual, place, () => this.reset()));
    const add = button("Add an attribute", () => this.add(), "plain", "plus");
    const lead = el("p", { class: "soft" }, "An attribute is told under its name, and only when it has a value.");
    this.node = card("Mapping", {}, lead, this.list, el("p", { class: "actions" }, add), place, el("p", { class: "actions" }, save, usual));
  }

  read() {
    return [...this.list.children].map((row) => row.rule());
  }

  row(rule) {
    const name = el("input", { value: rule.name, "aria-label": "Name", spellcheck: "false", autocomplete: "off", maxlength: "512" });
    const source = options("Value", SOURCES, rule.source ?? "");
    const constant = el("input", { value: rule.constant ?? "", "aria-label": "Fixed text", hidden: Boolean(rule.source), maxlength: "1024" });
    const release = options("When", RELEASES, rule.release);
    const remove = button("Remove", () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (next?.querySelector("input") ?? this.list.parentElement.querySelector("button")).focus();
    });
    source.addEventListener("change", () => (constant.hidden = source.value !== ""));
    remove.setAttribute("aria-label", `Remove ${rule.name || "this attribute"}`);
    const row = el("li", {}, name, el("div", { class: "value" }, source, constant), release, remove);
    row.rule = () => {
      const { source: _source, constant: _constant, name_format, ...rest } = rule;
      const format = name.value.trim() === rule.name ? { name_format } : {};
      const value = source.value ? { source: source.value } : { constant: constant.value };
      return { ...rest, ...format, ...value, name: name.value.trim(), release: release.value };
    };
    return row;
  }

  add() {
    const row = this.row({ name: "", source: "email", release: "always" });
    this.list.append(row);
    row.querySelector("input").focus();
  }

  async reset() {
    if (await confirmed({ title: "Back to the usual attributes?", words: "The mapping shown here is given up.", action: "Use the usual ones" })) await this.save({ attributes: null });
  }

  async save(body) {
    const changed = await call("PATCH", this.path, body);
    this.list.replaceChildren(...changed.attributes.map((rule) => this.row(rule)));
    say("Attributes saved.");
  }
}

function preview(application, mapping) {
  const asked = field({ name: "email", label: "E-mail address of a user", help: "With the mapping above as it is now, saved or not. Nothing is changed.", required: true, placeholder: "ada@example.com" });
  const result = el("div", { class: "result" });
  const made = form({
    fields: [asked],
    action: "Preview",
    work: async ({ email }) => {
      result.replaceChildren();
      const found = await call("POST", at(["applications", application.application_id, "attributes", "preview"]), { email, attributes: mapping.read() });
      result.replaceChildren(told(found));
      say(`${found.attributes.length} attributes.`);
    },
  });
  return card("Preview", { id: "preview" }, made.node, result);
}

function told(found) {
  const names = found.name_id ? [["Name ID", el("code", {}, found.name_id.value ?? "a new one each time")], ["Its format", found.name_id.format]] : [["Name ID", "none"]];
  const carried = found.attributes.map((one) => [one.name, one.values.join(", ")]);
  return facts([...names, ["Strength", found.authn_context], ...carried]);
}

function options(label, choices, chosen) {
  return el("select", { "aria-label": label }, choices.map(([value, words]) => el("option", { value, selected: value === chosen }, words)));
}
