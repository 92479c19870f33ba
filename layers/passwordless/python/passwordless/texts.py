"""Every word that people read on our pages, by code: one catalogue a language.

A code is `<state>.<part>`; the states are those of `model.sessions.Status`, with `code` for a login that is approved
once a step-up code is typed, and `over` for one that the server does not know (any more). A refusal may have words of
its own, `refused.<reason>.message`. Another language is another catalogue with the same codes.
"""

from collections.abc import Mapping

DEFAULT_LANGUAGE = "en"

ENGLISH: Mapping[str, str] = {
    "pending.heading": "Scan to sign in",
    "pending.message": "Waiting for your phone to scan the code.",
    "scanned.heading": "Check your phone",
    "scanned.message": "Your phone has the request. Approve it there to continue.",
    "approved.heading": "Approved",
    "approved.message": "Taking you back to the application.",
    "code.heading": "Enter the code",
    "code.message": "Your phone now shows a code of six letters. Type it here to finish.",
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
    "refused.other_person.message": "The application asked for another person to sign in. Start again there.",
    "over.heading": "This sign-in is over",
    "over.message": "It cannot be continued here. Close this tab and sign in again from your application.",
    "login.qr_label": (
        "QR code to sign in to {application}. Scan it with the sign-in app on your phone."
        " If you cannot scan it, go back to the application and choose another way to sign in."
    ),
    "login.step_open": "Open the sign-in app",
    "login.step_scan": "Scan this code",
    "login.step_unlock": "Unlock to approve",
    "login.restart": "Not my phone? Start over",
    "login.continue": "Continue",
    "login.return": "Return to the application",
    "login.code_label": "Code from your phone",
    "login.advice": "Approve only if your phone shows {application} and {domain}.",
    "login.unreachable": "We cannot reach the server. Trying again…",
    "auto_post.heading": "One moment",
    "auto_post.message": "Taking you back to the application.",
    "auto_post.continue": "Continue",
    "phone.code.heading": "Scan this code with the sign-in app",
    "phone.code.message": "Open the sign-in app on this phone and scan the code from there. Nothing has happened yet.",
    "phone.invite.heading": "Open this invite with the sign-in app",
    "phone.invite.message": "Open the sign-in app on this phone and scan the invite from there. It is still unused.",
    "notice.code": "Code",
    "notice.correlation_id": "Reference",
}

CATALOGUES: Mapping[str, Mapping[str, str]] = {DEFAULT_LANGUAGE: ENGLISH}


def text(code: str, values: Mapping[str, str] | None = None, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the words for `code`, with `{name}` replaced from `values`; not escaped for HTML.

    Raises:
        KeyError: the language, the code or a value is unknown.
    """
    words = CATALOGUES[language][code]
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
    return text(special if special in CATALOGUES[language] else f"{shown}.message", language=language)
