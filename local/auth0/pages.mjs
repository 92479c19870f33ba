// HTML pages that people see: one layout, light and dark, no scripts.

import { createHash } from "node:crypto";
import { text } from "./http.mjs";

const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1c2230; --soft: #5d6678; --line: #dde1ea; --card: #fff; --back: #f3f5f9; --accent: #4650dd;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ebf2; --soft: #9aa3b5; --line: #2d3546; --card: #1a202d; --back: #10141d; --accent: #8f97ff; }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; padding: 24px; display: grid; place-items: center;
  background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
}
main {
  width: 100%; max-width: 440px; padding: 32px; background: var(--card);
  border: 1px solid var(--line); border-radius: 16px; box-shadow: 0 12px 32px rgb(16 20 29 / 8%);
}
h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.25; }
p { margin: 8px 0; }
a { color: var(--accent); }
dl { margin: 20px 0; border-top: 1px solid var(--line); }
dl div { padding: 10px 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); font-size: 13px; }
dd { margin: 0; overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; font-size: 14px; }
.soft { color: var(--soft); font-size: 14px; }
.button, .avatar { background: var(--accent); color: var(--card); font-weight: 600; }
.button {
  display: block; margin-top: 12px; padding: 12px 16px; border-radius: 10px;
  text-align: center; text-decoration: none;
}
.avatar {
  display: grid; place-items: center; width: 64px; height: 64px; margin-bottom: 16px;
  border-radius: 50%; font-size: 28px;
}`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");
const POLICY = [
  "default-src 'none'", `style-src 'sha256-${STYLE_HASH}'`, "base-uri 'none'", "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** @returns {string} the value as text or attribute value of HTML or XML */
export function escape(value) {
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character]);
}

function page(status, title, body) {
  const html = `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title>` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<style>${STYLE}</style></head><body><main>${body}</main></body></html>\n`;
  const reply = text(status, "text/html; charset=utf-8", html);
  Object.assign(reply.headers, { "cache-control": "no-store", "content-security-policy": POLICY });
  return reply;
}

/** The page on which a tenant ends a login that it refuses. */
export function errorPage(status, code, description) {
  return page(status, "Login failed",
    `<h1>Oops! Something went wrong</h1><p id="error-description">${escape(description)}</p>` +
    `<p class="soft">Technical detail: <code id="error-code">${escape(code)}</code></p>`);
}

const button = ({ href, label }) => `<a class="button" href="${escape(href)}">${escape(label)}</a>`;

/** The tenant's own login page, when the application named no connection. */
export function loginPage(domain, buttons) {
  const choice = buttons.map(button).join("") || "<p>No connection shows a button here.</p>";
  const about = `<p class="soft">Log in at ${escape(domain)} to continue to Acme Portal.</p>`;
  return page(200, "Log in", `<h1>Welcome</h1>${about}${choice}`);
}

/** The application's front page. */
export function frontPage(domain, buttons) {
  const choice = buttons.map(button).join("") ||
    '<p>There is no connection yet. Create one with Connect, then reload this page.</p>';
  const about = `<p class="soft">An application of the tenant ${escape(domain)}.</p>`;
  return page(200, "Acme Portal", `<h1>Acme Portal</h1>${about}${choice}`);
}

const LABELS = { email: "E-mail", user_id: "Auth0 user id", given_name: "Given name", family_name: "Family name" };

const shown = (value) => escape(Array.isArray(value) ? value.join(", ") : value);

function row([key, value]) {
  return `<div><dt>${escape(LABELS[key] ?? key)}</dt><dd data-field="${escape(key)}">${shown(value)}</dd></div>`;
}

/** The application's page for a user who is logged in; the profile stands in it as JSON too. */
export function profilePage(profile) {
  const name = profile.name ?? profile.email ?? profile.user_id;
  const rows = Object.entries(profile).filter(([key]) => key !== "name").map(row).join("");
  const data = JSON.stringify(profile).replaceAll("<", "\\u003c");
  return page(200, "Logged in",
    `<div class="avatar" aria-hidden="true">${escape([...String(name)][0] ?? "?")}</div>` +
    `<h1 data-field="name">${escape(name)}</h1><p class="soft">You are logged in to Acme Portal.</p>` +
    `<dl>${rows}</dl><a href="/">Back to the start</a>` +
    `<script type="application/json" id="profile">${data}</script>`);
}
