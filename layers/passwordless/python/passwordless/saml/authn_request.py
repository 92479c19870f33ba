"""An AuthnRequest that passed every check, as plain data."""

from dataclasses import dataclass
from datetime import datetime

from passwordless.saml.contexts import RequestedContext


@dataclass(frozen=True, slots=True)
class RequestedSubject:
    """The person a service provider asks for; `name_id` is None when it names nobody in a way that we can match."""

    name_id: str | None
    name_id_format: str | None = None
    confirmed: bool = False
    sp_name_qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class AuthnRequest:
    """A request by the registered service provider, fit to be answered at `acs_url`.

    `signed` tells whether a registered key signed it; what an unsigned request says is advice and never adds trust.
    """

    id: str
    issuer: str
    issue_instant: datetime
    acs_url: str
    relay_state: str | None
    signed: bool
    force_authn: bool = False
    is_passive: bool = False
    name_id_format: str | None = None
    sp_name_qualifier: str | None = None
    allow_create: bool = False
    subject: RequestedSubject | None = None
    authn_contexts: RequestedContext | None = None
    attribute_service: int | None = None
