"""What browsers and service providers call: metadata, single sign-on and logout, the login page and its poll."""

from collections.abc import Mapping
from typing import Any, Final

from docs.openapi.failures import SLO_STEPS, SSO_STEPS
from docs.openapi.operation import FORM, PAGE, Answer, Body, Operation, header, query
from docs.openapi.schema import Schema, flag, record, ref, text, whole, words
from passwordless.model.sessions import Status

SAML: Final = "SAML"
LOGIN: Final = "Login page"
ALWAYS: Final = ("internal_error", "store_unavailable")
APPLICATION: Final = ("unknown_application", "application_not_ready", "sp_metadata_expired")
SIGNING: Final = ("signing_key_missing", "signing_unavailable", "signing_failed")
MESSAGE: Final = ("saml_request_malformed", "request_replayed")
SLO: Final = (
    *ALWAYS,
    *APPLICATION,
    *SIGNING,
    *MESSAGE,
    *(step.code for step in SLO_STEPS),
    "logout_answer_unexpected",
    "logout_failed",
)
SSO: Final = (*SLO, *(step.code for step in SSO_STEPS))
type Schemes = tuple[Mapping[str, list[str]], ...]

LOGIN_COOKIE: Final[Schemes] = ({"LoginCookie": []},)
PERHAPS_A_SESSION: Final[Schemes] = ({}, {"SessionCookie": []})
OWN_PAGE: Final = header(
    "Origin",
    text(),
    "Our own origin, unless the browser says Sec-Fetch-Site: same-origin; any other is refused.",
)
PAGE_OF_OURS: Final = text(1)
TO_LOGIN: Final = Answer(
    303, "To the login page", headers={"Location": text(pattern="^/login/[A-Z2-7]{16}$")}
)
ONWARD: Final = Answer(303, "On, to a service provider or the login page", headers={"Location": text(1)})
AUTO_POST: Final = Answer(
    200, "A page, or one that posts to the service provider by itself", PAGE_OF_OURS, media=PAGE
)
HOLD: Final = query("hold", text(examples=["1"]), "1: codes that are held still.")


def _saml(*carried: str) -> Schema:
    """Return a SAML message as it comes, by one of these parameters; what SAML does not name is ignored."""
    properties = {name: text() for name in (*carried, "RelayState")}
    alone = (
        {"required": list(carried)}
        if len(carried) == 1
        else {"anyOf": [{"required": [name]} for name in carried]}
    )
    return {"type": "object", "properties": properties, "additionalProperties": text(), **alone}


def _redirected(*carried: str) -> tuple[Mapping[str, Any], ...]:
    names = (*carried, "RelayState", "SigAlg", "Signature", "SAMLEncoding")
    return tuple(query(name, text(), "As SAML's HTTP-Redirect binding has it.") for name in names)


SCHEMAS: Final[Mapping[str, Schema]] = {
    "LoginState": record(
        {
            "status": words(Status),
            "next_poll_ms": whole(0, description="When to ask again; 0: never."),
            "frame?": whole(0),
            "qr_svg?": text(pattern="^<svg "),
            "qr_path?": text(pattern="^/Q/[A-Z2-7]{26}$"),
            "code_required?": flag(),
            "message": text(1),
        }
    ),
}

OPERATIONS: Final = (
    Operation(
        "GET /saml/{application_id}/metadata",
        "getMetadata",
        SAML,
        "Our signed metadata for an application",
        (
            Answer(200, "Metadata", text(1), media="application/samlmetadata+xml", headers={"ETag": text(1)}),
            Answer(304, "As known by its ETag", headers={"ETag": text(1)}),
        ),
        (*ALWAYS, *APPLICATION, *SIGNING, "metadata_busy"),
        parameters=(header("If-None-Match", text(), "The ETag of a copy."),),
        pages=True,
    ),
    Operation(
        "GET /saml/{application_id}/sso",
        "ssoByRedirect",
        SAML,
        "An AuthnRequest by HTTP-Redirect",
        (ONWARD, AUTO_POST),
        SSO,
        parameters=_redirected("SAMLRequest"),
        pages=True,
    ),
    Operation(
        "POST /saml/{application_id}/sso",
        "ssoByPost",
        SAML,
        "An AuthnRequest by HTTP-POST",
        (ONWARD, AUTO_POST),
        SSO,
        body=Body(_saml("SAMLRequest"), {"request": {"SAMLRequest": "PHNhbWxwOkF1dGhuUmVxdWVzdC8+"}}, FORM),
        pages=True,
    ),
    Operation(
        "GET /saml/{application_id}/slo",
        "logoutByRedirect",
        SAML,
        "A LogoutRequest, or the answer to one of ours, by HTTP-Redirect",
        (ONWARD, AUTO_POST),
        SLO,
        parameters=_redirected("SAMLRequest", "SAMLResponse"),
        pages=True,
    ),
    Operation(
        "POST /saml/{application_id}/slo",
        "logoutByPost",
        SAML,
        "A LogoutRequest, or the answer to one of ours, by HTTP-POST",
        (ONWARD, AUTO_POST),
        SLO,
        body=Body(
            _saml("SAMLRequest", "SAMLResponse"),
            {"request": {"SAMLRequest": "PHNhbWxwOkxvZ291dFJlcXVlc3QvPg=="}},
            FORM,
        ),
        pages=True,
    ),
    Operation(
        "GET /saml/{application_id}/start",
        "showStart",
        SAML,
        "A button that begins a login here, where the application allows it",
        (Answer(200, "A page", PAGE_OF_OURS, media=PAGE),),
        (*ALWAYS, *APPLICATION, "idp_initiated_off"),
        pages=True,
    ),
    Operation(
        "POST /saml/{application_id}/start",
        "startLogin",
        SAML,
        "Begin a login here",
        (TO_LOGIN,),
        (*ALWAYS, *APPLICATION, "idp_initiated_off", "foreign_origin"),
        parameters=(OWN_PAGE,),
        pages=True,
    ),
    Operation(
        "POST /saml/{application_id}/complete",
        "completeLogin",
        SAML,
        "The page that posts the Response to the service provider",
        (AUTO_POST, TO_LOGIN),
        (
            *ALWAYS,
            *SIGNING,
            "unknown_application",
            "unknown_session",
            "not_approved",
            "already_finished",
            "name_id_invalid",
            "login_unfinished",
            "malformed_form",
            "foreign_origin",
        ),
        parameters=(OWN_PAGE,),
        body=Body(
            {
                "type": "object",
                "properties": {"session_id": text(), "code": text()},
                "additionalProperties": text(),
            },
            {"finish": {"session_id": "ABCDEFGHIJKLMNOP"}},
            FORM,
            required=False,
        ),
        pages=True,
        login=LOGIN_COOKIE,
    ),
    Operation(
        "GET /login/{session_id}",
        "showLogin",
        LOGIN,
        "The login page, for the browser that began the login",
        (AUTO_POST,),
        (*ALWAYS, *SIGNING, "unknown_session", "unknown_application", "login_unfinished"),
        parameters=(HOLD,),
        pages=True,
        login=LOGIN_COOKIE,
    ),
    Operation(
        "GET /sessions/{session_id}",
        "pollLogin",
        LOGIN,
        "How a login stands, for the browser that began it",
        (
            Answer(
                200,
                "How it stands",
                ref("LoginState"),
                {
                    "status": "scanned",
                    "next_poll_ms": 800,
                    "message": "Your phone has the request. Approve it there to continue.",
                },
            ),
        ),
        (*ALWAYS, "unknown_session", "polled_too_fast"),
        "The code is sent when it is another than `frame`.",
        (query("frame", text(examples=["3"]), "Which code the page shows."), HOLD),
        login=LOGIN_COOKIE,
    ),
    Operation(
        "POST /sessions/{session_id}/restart",
        "restartLogin",
        LOGIN,
        "“Not my phone”: another code for the same login",
        (TO_LOGIN,),
        (*ALWAYS, "unknown_session", "not_restartable", "foreign_origin"),
        parameters=(OWN_PAGE,),
        pages=True,
        login=LOGIN_COOKIE,
    ),
    Operation(
        "GET /session",
        "showSession",
        LOGIN,
        "Whether this browser has a session with us",
        (Answer(200, "A page", PAGE_OF_OURS, media=PAGE),),
        ALWAYS,
        pages=True,
        login=PERHAPS_A_SESSION,
    ),
    Operation(
        "POST /session/end",
        "endSession",
        LOGIN,
        "End this browser's session with us",
        (AUTO_POST, ONWARD),
        (*ALWAYS, *SIGNING, "foreign_origin", "logout_answer_unexpected"),
        parameters=(OWN_PAGE,),
        pages=True,
        login=PERHAPS_A_SESSION,
    ),
)
