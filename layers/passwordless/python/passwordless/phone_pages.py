"""The pages that a phone's camera opens: what a login is about, to approve by a passkey, and an invite (S12, S54)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from passwordless import texts
from passwordless.markup import Safe, escape, read
from passwordless.pages import Notice, Page, Pages

_POLICY = ("connect-src 'self'", "form-action 'self'")
_JUST_NOW = 10
_APPROVING = {
    "bad_proof": 401,
    "device_inactive": 403,
    "login_refused": 403,
    "login_blocked": 403,
    "address_reported": 403,
    "already_decided": 409,
    "session_claimed": 409,
    "session_expired": 410,
    "ticket_expired": 410,
}
"""What can become of an approval, by code, with the status it is answered with."""

_ENROLLING = {"bad_proof": 401, "unknown_invite": 404, "key_already_enrolled": 409, "invite_over": 410}
"""What can become of an enrolment."""


@dataclass(frozen=True, slots=True)
class ConsentView:
    """What a person is shown before approving.

    `context` is what the login is about, without an address; `age` how long ago it began, in seconds. `asked` is what
    the page's script works with. `return_path` leads back to the login page where that is in this browser.
    """

    context: Mapping[str, str]
    age: int
    asked: Mapping[str, Any]
    return_path: str | None = None


@dataclass(frozen=True, slots=True)
class InviteView:
    """What an invited person is shown: the company, our host, the phone as it will be called; `asked` as above."""

    tenant: str
    service: str
    phone: str
    asked: Mapping[str, Any]


class PhonePages(Pages):
    """The pages of the function that the phone calls."""

    def speaking(self, language: str) -> "PhonePages":
        """Return the same pages in one of the languages of `texts`."""
        return PhonePages(self._folder, language)

    def consent(self, view: ConsentView) -> Page:
        """Return the page that shows a login and approves it by a passkey."""
        back = view.return_path
        values = {
            "application": view.context["application"],
            "domain": view.context["domain"],
            "browser_on": self._text(
                "phone.browser_on", browser=view.context["browser"], os=view.context["os"]
            ),
            "place": self._place(view.context.get("place")),
            "started": self._started(view.age),
            "requested_at": view.context["requested_at"],
            "asked": json.dumps(view.asked),
            "problems": self._problems(_APPROVING),
            "back": Safe("") if back is None else self._back(back),
            "return_path": back or "",
        }
        return self._page(read(self._folder, "code.html"), values, script="phone.js", policy=_POLICY)

    def invite(self, view: InviteView) -> Page:
        """Return the page that sets up a phone with a passkey."""
        values = {
            "tenant": view.tenant,
            "service": view.service,
            "phone": view.phone,
            "asked": json.dumps(view.asked),
            "problems": self._problems(_ENROLLING),
        }
        return self._page(read(self._folder, "invite.html"), values, script="phone.js", policy=_POLICY)

    def elsewhere(self) -> Page:
        """Return the page for whoever came by another site's link: it offers nothing to approve (S12)."""
        part = "phone.elsewhere"
        heading, message, guidance = (
            self._text(f"{part}.{name}") for name in ("heading", "message", "guidance")
        )
        return self.notice(Notice(heading, message, guidance, tone="calm"))

    def _text(self, code: str, **values: str) -> str:
        return texts.text(code, values, self._language)

    def _problems(self, statuses: Mapping[str, int]) -> str:
        """Return the words for what can go wrong, by code, in another language than English, as JSON."""
        found = {code: texts.problem(code, status, self._language) for code, status in statuses.items()}
        return json.dumps({code: f"{told[1]} {told[2]}" for code, told in found.items() if told})

    def _started(self, age: int) -> str:
        if age < _JUST_NOW:
            return self._text("phone.now")
        if age < 120:
            return self._text("phone.seconds", count=str(age))
        return self._text("phone.minutes", count=str(age // 60))

    def _place(self, place: str | None) -> Safe:
        """Return the line that names the place of the browser, if it is known."""
        if place is None:
            return Safe("")
        return Safe(
            f'<div><dt>{escape(self._text("phone.place"))}</dt><dd dir="auto">{escape(place)}</dd></div>\n'
        )

    def _back(self, path: str) -> Safe:
        """Return the link to the login page, for a login that began in this browser."""
        states = "approved step_up declined failed"
        return Safe(
            f'<p class="next" data-states="{states}" hidden>'
            f'<a class="button plain" href="{escape(path)}">{escape(self._text("phone.back"))}</a></p>\n'
        )
