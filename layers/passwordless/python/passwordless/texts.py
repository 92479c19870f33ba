"""Every word that people read on our pages, by code: one catalogue a language.

A code is `<state>.<part>`; the states are those of `model.sessions.Status`, with `code` for a login that is approved
once a step-up code is typed, and `over` for one that the server does not know (any more). A refusal may have words of
its own, `refused.<reason>.message`. Another language is another catalogue with the same codes.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

DEFAULT_LANGUAGE = "en"
DIRECTIONS: Mapping[str, str] = {"en": "ltr", "de": "ltr", "es": "ltr", "ar": "rtl"}
"""The languages that our pages speak, each with the direction in which it is read."""

_MOST_RANGES = 20

ENGLISH: Mapping[str, str] = {
    "pending.heading": "Scan to sign in",
    "pending.message": "Waiting for your phone to scan the code.",
    "scanned.heading": "Check your phone",
    "scanned.message": "Your phone has the request. Approve it there to continue.",
    "approved.heading": "Approved",
    "approved.message": "Taking you back to the application.",
    "code.heading": "Enter the code",
    "code.message": "Your phone now shows a code of six letters. Type it here to finish, and tell it to nobody.",
    "completed.heading": "You are signed in",
    "completed.message": "You can close this tab or go back to your application.",
    "denied.heading": "Sign-in declined",
    "denied.message": "The request was declined on the phone, so nobody was signed in.",
    "expired.heading": "This sign-in has expired",
    "expired.message": "It was not approved in time, so nobody was signed in.",
    "refused.heading": "Sign-in not allowed",
    "refused.message": "Your organisation does not allow this sign-in. Your administrator can tell you why.",
    "refused.device.message": "This phone may not sign in any more. Ask your administrator to enrol it again.",
    "refused.user.message": "Your account may not sign in. Your administrator can tell you why.",
    "refused.rollout.message": "This application is not open to you yet. Ask your administrator for access.",
    "refused.risk.message": (
        "Your phone is not where this browser is, or got the code in an unusual way, so nobody was signed in."
        " Start again at your application."
    ),
    "refused.reported.message": (
        "Sign-ins from this network were reported as an attack, so they are stopped for a day."
        " Ask your administrator if this is your own browser."
    ),
    "refused.code.message": "The code was wrong, so nobody was signed in. Start again at your application.",
    "refused.other_person.message": "The application asked for another person to sign in. Start again there.",
    "over.heading": "This sign-in is over",
    "over.message": "It cannot be continued here. Close this tab and sign in again from your application.",
    "login.qr_label": (
        "QR code to sign in to {application}. Scan it with your phone's camera or the sign-in app."
        " If you cannot scan it, go back to the application and choose another way to sign in."
    ),
    "login.step_open": "Open the camera or the app",
    "login.step_scan": "Scan this code",
    "login.step_unlock": "Unlock to approve",
    "login.hold": "Hold the code still",
    "login.move": "Let the code change again",
    "login.open_here": "Open on this phone",
    "login.or_scan": "Or scan the code with another phone",
    "login.restart": "Not my phone? Start over",
    "login.continue": "Continue",
    "login.return": "Return to the application",
    "login.code_label": "Code from your phone",
    "login.advice": "Approve only if your phone shows {application} and {domain}.",
    "login.unreachable": "We cannot reach the server. Trying again…",
    "auto_post.heading": "One moment",
    "auto_post.message": "Taking you back to the application.",
    "auto_post.signing_out": "Signing you out of your applications, one after the other.",
    "auto_post.continue": "Continue",
    "phone.sign_in": "Sign in to {application}",
    "phone.ask.heading": "Is this you signing in?",
    "phone.ask.message": "Approve only if you are signing in right now, on a screen in front of you.",
    "phone.application": "Application",
    "phone.domain": "Asked for by",
    "phone.browser": "Browser",
    "phone.browser_on": "{browser} on {os}",
    "phone.place": "Place",
    "phone.started": "Started",
    "phone.now": "Just now",
    "phone.seconds": "{count} seconds ago",
    "phone.minutes": "{count} minutes ago",
    "phone.approve": "Approve",
    "phone.decline": "Decline",
    "phone.app_hint": "If you have the sign-in app, scan the code with it instead.",
    "phone.working.heading": "Unlock your phone",
    "phone.working.message": "Your phone asks for your face, your fingerprint or your PIN.",
    "phone.approved.heading": "Look at your computer",
    "phone.approved.message": "You approved the sign-in. It continues there, and you can close this page.",
    "phone.step_up.heading": "One more step",
    "phone.step_up.message": "Type this code on your computer, only on the page where you began to sign in.",
    "phone.declined.heading": "Nothing was approved",
    "phone.declined.message": (
        "Nobody was signed in, and you can close this page."
        " If you did not begin to sign in, tell your administrator that somebody asked you to scan a code."
    ),
    "phone.failed.heading": "It did not work",
    "phone.failed.message": "Nothing was approved on this page. Scan the code that your computer shows now.",
    "phone.back": "Back to the sign-in",
    "phone.unsupported.heading": "No passkeys here",
    "phone.unsupported.message": (
        "This browser cannot use passkeys, or it runs no scripts."
        " Scan the code with the sign-in app, or open it in your phone's own browser."
    ),
    "phone.not_used": "No passkey was used. Try again, or decline.",
    "phone.unreachable": "We could not reach the server. Check your connection, then scan the code again.",
    "phone.elsewhere.heading": "Scan the code with your camera",
    "phone.elsewhere.message": (
        "A link on another site or in a message brought you here, so nothing can be approved on this page."
    ),
    "phone.elsewhere.guidance": (
        "If you are signing in, scan the code that your own computer shows with this phone's camera."
        " If somebody sent you the link, close this page."
    ),
    "invite.title": "Set up this phone",
    "invite.ask.heading": "Sign in with this phone",
    "invite.ask.message": (
        "{tenant} invites you to sign in with your face, your fingerprint or your PIN instead of a password."
    ),
    "invite.company": "Invited by",
    "invite.service": "Sign-in service",
    "invite.phone": "This phone",
    "invite.create": "Create a passkey",
    "invite.app_hint": "If you have the sign-in app, scan the invite with it instead.",
    "invite.working.heading": "Create your passkey",
    "invite.working.message": "Your phone asks where to keep it, and for your face, your fingerprint or your PIN.",
    "invite.enrolled.heading": "This phone is ready",
    "invite.enrolled.message": "To sign in, scan the code on your computer with this phone's camera.",
    "invite.unconfirmed.heading": "Almost done",
    "invite.unconfirmed.message": (
        "This phone waits. Confirm it with the app on another phone, or tell your administrator this check."
    ),
    "invite.failed.heading": "It did not work",
    "invite.failed.message": "This phone was not set up. Open the invite again.",
    "invite.unsupported.heading": "No passkeys here",
    "invite.unsupported.message": (
        "This browser cannot create passkeys, or it runs no scripts. The invite is still unused:"
        " open it with the sign-in app, or in your phone's own browser."
    ),
    "invite.not_used": "No passkey was created. Try again when you are ready.",
    "invite.unreachable": "We could not reach the server. Check your connection, then open the invite again.",
    "notice.code": "Code",
    "notice.correlation_id": "Reference",
}


def negotiated(accept_language: str) -> str:
    """Return the language that a reader likes best of ours (RFC 9110, 12.5.4; RFC 4647, 3.4), English if none.

    Args:
        accept_language: the header as it came; only its first 20 ranges count.
    """
    ranges = accept_language[:1000].split(",")[:_MOST_RANGES]
    liked = sorted((_range(one) for one in ranges), key=lambda pair: -pair[1])
    return next((tag for tag, weight in liked if weight > 0 and tag in DIRECTIONS), DEFAULT_LANGUAGE)


def _range(one: str) -> tuple[str, float]:
    """Return the primary language of a range and its weight, 0 when it cannot be read."""
    tag, _, parameter = one.partition(";")
    try:
        weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        weight = 0.0
    return tag.strip().lower().partition("-")[0], weight


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the words of one of our languages by code. Raises KeyError."""
    words: Mapping[str, str] = ENGLISH if language == DEFAULT_LANGUAGE else _module(language).WORDS
    return words


def problem(code: str, status: int, language: str) -> tuple[str, str, str] | None:
    """Return title, detail and guidance of a failure in another language than English; None if it has none there."""
    if language == DEFAULT_LANGUAGE:
        return None
    spoken = _module(language)
    told = spoken.PROBLEMS.get(code)
    return None if told is None else (spoken.TITLES[status], *told)


def _module(language: str) -> Any:
    if language not in DIRECTIONS:
        raise KeyError(language)
    return import_module(f"passwordless.catalogues.{language}")


def text(code: str, values: Mapping[str, str] | None = None, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the words for `code`, with `{name}` replaced from `values`; not escaped for HTML.

    Raises:
        KeyError: the language, the code or a value is unknown.
    """
    words = catalogue(language)[code]
    return words.format_map(values) if values is not None else words


def state(status: str, *, code_required: bool = False) -> str:
    """Return what the login page shows at a session's status: the status itself, or `code` for the step-up code."""
    return "code" if code_required and status == "approved" else status


def message(
    status: str, *, refusal: str | None = None, code_required: bool = False, language: str = DEFAULT_LANGUAGE
) -> str:
    """Return the sentence that tells how a login stands: the page's status line and the poll's `message`.

    Args:
        status: a value of `model.sessions.Status`.
        refusal: the session's `refusal`; one without words of its own gets those of every refusal.

    Raises:
        KeyError: the status or the language is unknown.
    """
    shown = state(status, code_required=code_required)
    special = f"{shown}.{refusal}.message"
    return text(special if special in catalogue(language) else f"{shown}.message", language=language)
