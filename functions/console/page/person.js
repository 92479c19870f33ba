// One user: phones, what is done about them, and what happened.

import { at, call } from "./api.js";
import { el } from "./element.js";
import { field, form } from "./forms.js";
import { eventList } from "./events.js";
import { badge, button, card, confirmed, facts, fullMoment, heading, moment, nothingYet, say, toned, trouble, troublePlace, working } from "./parts.js";
import { confirmForm, showInvite } from "./invite.js";
import { nameOf, userOf } from "./people.js";
import { to } from "./routes.js";
import { DEVICE_STATUS, PROGRESS } from "./words.js";

/** Return the page of one user. */
export async function personPage({ user: user_id }, signal) {
  const [user, { devices }, list] = await Promise.all([
    userOf(user_id),
    call("GET", at(["users", user_id, "devices"])),
    eventList(["users", user_id, "events"]).catch((problem) => trouble(problem)),
  ]);
  const person = new Person(user, devices, signal);
  return { title: nameOf(user), nodes: [person.head, el("div", { class: "pair" }, person.phones, el("div", { class: "head" }, person.details(), person.standing)), card("Events", {}, list)] };
}

/** A user's page while it is looked at; `refresh` shows what the API says now. */
class Person {
  constructor(user, devices, signal) {
    Object.assign(this, { user, signal, path: at(["users", user.user_id]) });
    this.head = el("div", {});
    this.phones = el("div", { class: "phones" });
    this.standing = el("div", {});
    this.show(devices);
  }

  async refresh() {
    const [user, { devices }] = await Promise.all([userOf(this.user.user_id), call("GET", at(["users", this.user.user_id, "devices"]))]);
    this.user = user;
    this.show(devices);
    if (document.activeElement === document.body) this.head.querySelector("h1").focus({ preventScroll: true });
  }

  show(devices) {
    const { user } = this;
    const state = user.status === "disabled" ? toned("Disabled", "off") : badge(PROGRESS, user.enrollment.state);
    this.head.replaceChildren(heading(nameOf(user), { lead: user.email, badge: state, back: ["Users and phones", to("users")] }));
    this.phones.replaceChildren(this.phoneCard(devices));
    this.standing.replaceChildren(this.standingCard());
  }

  phoneCard(devices) {
    const place = troublePlace();
    const open = this.user.enrollment.invited_until;
    const again = button(open ? "Invite again" : "Invite a phone", () => working(again, place, () => this.invited({})), "plain", "phone");
    const lost = button("Phone lost", () => working(lost, place, () => this.lost()));
    const list = devices.length ? el("ul", { class: "rows" }, devices.map((one) => this.phone(one))) : nothingYet("phone", "No phone yet", "Invite one, and hand the code over in private.");
    const over = open && Date.parse(open) < Date.now();
    const until = open && el("p", { class: "soft" }, over ? "The invite expired on " : "An invite is open until ", fullMoment(open), over ? "." : ". Inviting again voids it.");
    const withdraw = this.user.enrollment.enrollment_id && button("Withdraw the invite", () => working(withdraw, place, () => this.withdrawn()));
    return card("Phones", {}, list, until, place, this.user.status === "active" && el("p", { class: "actions" }, again, withdraw, lost));
  }

  phone(device) {
    const place = troublePlace();
    const path = at(["devices", device.device_id]);
    const revoke = button("Revoke", () =>
      working(revoke, place, async () => {
        const sure = await confirmed({ title: `Revoke ${device.name}?`, words: "It can never sign in again, and what it approved just now ends.", action: "Revoke" });
        if (!sure) return;
        await call("DELETE", path);
        await this.refresh();
        say("The phone was revoked.");
      }),
    );
    const rename = button("Rename", () => place.replaceChildren(this.renaming(device, path, place)));
    revoke.setAttribute("aria-label", `Revoke ${device.name}`);
    rename.setAttribute("aria-label", `Rename ${device.name}`);
    const waits = device.status === "pending" && device.enrollment_id && confirmForm(device.enrollment_id, device.name, () => this.refresh());
    const acts = device.status !== "revoked" && el("span", { class: "actions" }, rename, revoke);
    return el("li", {}, el("div", { class: "row three" }, el("span", { class: "main" }, el("span", { class: "strong" }, device.name), el("span", { class: "soft" }, device.os, " · added ", moment(device.created_at))), badge(DEVICE_STATUS, device.status), acts), place, waits);
  }

  renaming(device, path, place) {
    const name = field({ name: `name-${device.device_id}`, label: "Name of the phone", required: true, max_length: 64 });
    name.write(device.name);
    const made = form({
      fields: [name],
      action: "Save name",
      work: async (values) => {
        await call("PATCH", path, { name: values[name.name] });
        await this.refresh();
        say("The phone was renamed.");
      },
      extra: [button("Cancel", () => place.replaceChildren())],
    });
    queueMicrotask(() => name.input.focus());
    return made.node;
  }

  async invited(more) {
    const { email } = this.user;
    const invited = await call("POST", at(["enrollments"]), { user: { email }, ...more });
    await this.refresh();
    const place = el("div", {});
    const close = () => dialog.close();
    const dialog = el("dialog", { "aria-label": `Invite for ${email}` }, place, el("p", { class: "actions end" }, button("Close", close)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (!this.signal.aborted) this.refresh();
    });
    this.signal.addEventListener("abort", close);
    document.body.append(dialog);
    dialog.showModal();
    showInvite(place, invited, email, this.signal, close);
  }

  async withdrawn() {
    const words = "Its code and its link are worth nothing then. Phones that are enrolled stay.";
    if (!(await confirmed({ title: "Withdraw the invite?", words, action: "Withdraw" }))) return;
    await call("DELETE", at(["enrollments", this.user.enrollment.enrollment_id]));
    await this.refresh();
    say("The invite was withdrawn.");
  }

  async lost() {
    const words = ["All phones of this user are revoked at once, and a new one is invited.", "Sign-ins that they approved just now end."];
    if (await confirmed({ title: "Phone lost?", words, action: "Revoke all and invite" })) await this.invited({ revoke_devices: true });
  }

  details() {
    const { user } = this;
    const fields = [
      field({ name: "given_name", label: "Given name" }),
      field({ name: "family_name", label: "Family name" }),
      field({ name: "groups", label: "Groups", help: "With commas between them.", type: "domain_list" }),
    ];
    for (const one of fields) one.write(one.name === "groups" ? user.groups.join(", ") : (user[one.name] ?? ""));
    const made = form({
      fields,
      action: "Save details",
      work: async (values) => {
        await call("PATCH", this.path, { given_name: values.given_name ?? null, family_name: values.family_name ?? null, groups: values.groups ?? [] });
        await this.refresh();
        say("Details saved.");
      },
    });
    return card("Details", {}, facts([["E-mail address", user.email], ["Known since", fullMoment(user.created_at)]]), made.node);
  }

  standingCard() {
    const place = troublePlace();
    const disabled = this.user.status === "disabled";
    const turn = button(disabled ? "Enable" : "Disable", () => working(turn, place, () => this.turned(disabled)));
    const erase = button("Erase user", () => working(erase, place, () => this.erased()), "danger");
    const words = disabled ? "This user cannot sign in. The phones are kept." : "A disabled user cannot sign in; the phones are kept. An erased one is gone for good.";
    return card("Access", { class: "card grave" }, el("p", {}, words), place, el("p", { class: "actions" }, turn, erase));
  }

  async turned(disabled) {
    const question = { title: `Disable ${nameOf(this.user)}?`, words: "Sign-ins under way end, and the open invite is void.", action: "Disable" };
    if (!disabled && !(await confirmed(question))) return;
    await call("PATCH", this.path, { disabled: !disabled });
    await this.refresh();
    say(disabled ? "Enabled." : "Disabled.");
  }

  async erased() {
    const words = "The user and all phones are erased. Invited again, the same person is somebody new to every application.";
    if (!(await confirmed({ title: `Erase ${nameOf(this.user)}?`, words, action: "Erase", typed: this.user.email }))) return;
    await call("DELETE", this.path);
    say("The user was erased.");
    location.hash = to("users");
  }
}
