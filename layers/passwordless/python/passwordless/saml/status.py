"""Statuses of a SAML Response: two levels and a sentence for a person (SAML Core, 3.2.2.2)."""

from dataclasses import dataclass, replace

_PREFIX = "urn:oasis:names:tc:SAML:2.0:status:"
SUCCESS = _PREFIX + "Success"
REQUESTER = _PREFIX + "Requester"
RESPONDER = _PREFIX + "Responder"


@dataclass(frozen=True, slots=True)
class SamlStatus:
    """The top-level code, which is one of the four that Core allows there, the cause, and what a person reads."""

    top: str
    second: str | None = None
    message: str | None = None

    def told_as(self, reference: str) -> "SamlStatus":
        """Return the status with the reference by which support finds the case in its sentence."""
        return replace(self, message=f"{self.message or 'The sign-in failed.'} Reference: {reference}")


INVALID_NAME_ID_POLICY = SamlStatus(
    REQUESTER,
    _PREFIX + "InvalidNameIDPolicy",
    "The application asked for a kind of user identifier that this sign-in service does not give it.",
)
UNKNOWN_PRINCIPAL = SamlStatus(
    REQUESTER,
    _PREFIX + "UnknownPrincipal",
    "The application asked for another person than the one who can sign in here.",
)
REQUEST_UNSUPPORTED = SamlStatus(
    REQUESTER, _PREFIX + "RequestUnsupported", "The application asked for something that is not supported."
)
NO_AUTHN_CONTEXT = SamlStatus(
    RESPONDER,
    _PREFIX + "NoAuthnContext",
    "The application asked for a way of signing in that a phone approval does not satisfy.",
)
NO_PASSIVE = SamlStatus(
    RESPONDER, _PREFIX + "NoPassive", "The user is not signed in yet and has to approve on a phone."
)
DENIED = SamlStatus(RESPONDER, _PREFIX + "RequestDenied", "The sign-in was declined.")
LOGGED_OUT = SamlStatus(SUCCESS)
PARTIAL_LOGOUT = SamlStatus(
    SUCCESS,
    _PREFIX + "PartialLogout",
    "The session here is over; not every other application that it was used for has confirmed its own sign-out.",
)
LOGOUT_FAILED = SamlStatus(RESPONDER, None, "The session could not be ended. Try again in a moment.")
FAILED = SamlStatus(RESPONDER, _PREFIX + "AuthnFailed", "The sign-in was not completed in time.")
