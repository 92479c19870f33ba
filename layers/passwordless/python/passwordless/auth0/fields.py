"""What an administrator sends to add an Auth0 application, checked; a complaint never repeats a value."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from passwordless.auth0.secret import Secret
from passwordless.errors import Failure, Malformed
from passwordless.model.email_addresses import normalised
from passwordless.phone.consent import clean_name
from passwordless.saml.endpoint_url import check_endpoint_url

MAX_NAME = 128
MAX_TEST_USERS = 200
MAX_EMAIL_DOMAINS = 50
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,128}")
_SECRET = re.compile(r"[!-~]{1,512}")
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_FIELD = re.compile(r"[a-z0-9_]{1,40}")


def _text(value: object, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError(f"must be a string of at most {limit} characters")
    return value.strip()


def _name(value: object) -> str:
    name = clean_name(_text(value, MAX_NAME), MAX_NAME)
    if not name:
        raise ValueError("must have at least one visible character")
    return name


def _domain(value: object) -> str:
    return _text(value, 300)


def _client_id(value: object) -> str:
    text = _text(value, 200)
    if not _CLIENT_ID.fullmatch(text):
        raise ValueError("must be a Client ID as Auth0 shows it: letters, digits, - and _")
    return text


def _secret(value: object) -> Secret:
    text = _text(value, 600)
    if not _SECRET.fullmatch(text):
        raise ValueError("must be a Client Secret as Auth0 shows it: 1 to 512 visible characters")
    return Secret(text)


def _several(one: Callable[[object], str], limit: int) -> Callable[[object], tuple[str, ...]]:
    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > limit:
            raise ValueError(f"must be a list of at most {limit}")
        return tuple(dict.fromkeys(one(item) for item in value))

    return read


def _email(value: object) -> str:
    email = normalised(value)
    if email is None:
        raise ValueError("must hold e-mail addresses only")
    return email


def _email_domain(value: object) -> str:
    domain = _text(value, 253).lower()
    if not _DOMAIN.fullmatch(domain):
        raise ValueError("must hold domain names such as example.com only")
    return domain


def _no_secret(_: object) -> None:
    raise ValueError("must be left out: in manual mode no secret is taken")


def _redirect_uri(value: object) -> str:
    url = _text(value, 2048)
    try:
        check_endpoint_url(url, public_origin="", allow_http_loopback=True)
    except Failure:
        raise ValueError("must be a complete https:// address") from None
    return url


Name = Annotated[str, BeforeValidator(_name)]
TestUsers = Annotated[tuple[str, ...], BeforeValidator(_several(_email, MAX_TEST_USERS))]


class ConnectionFields(BaseModel):
    """The fields of POST /applications for the integration `auth0-saml` in every mode; addresses are normalised."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True
    )

    name: Name
    integration: Literal["auth0-saml"]
    auth0_domain: Annotated[str, BeforeValidator(_domain)]
    auth0_client_id: Annotated[str, BeforeValidator(_client_id)]
    custom_domain: Annotated[str, BeforeValidator(_domain)] | None = None
    email_domains: Annotated[
        tuple[str, ...], BeforeValidator(_several(_email_domain, MAX_EMAIL_DOMAINS))
    ] = ()
    test_users: TestUsers = ()
    test_redirect_uri: Annotated[str, BeforeValidator(_redirect_uri)] | None = None


class Auth0Fields(ConnectionFields):
    """The fields of one-click connect, which takes a secret for one call."""

    mode: Literal["automatic"] = "automatic"
    auth0_client_secret: Annotated[Secret, BeforeValidator(_secret)]


class ManualFields(ConnectionFields):
    """The fields for a connection that the administrator makes by hand: a secret is refused, not ignored."""

    mode: Literal["manual"]
    auth0_client_secret: Annotated[None, BeforeValidator(_no_secret)] = None


type ConnectFields = Auth0Fields | ManualFields


def read(body: Mapping[str, Any]) -> ConnectFields:
    """Read the body of POST /applications; members that are null count as absent.

    Raises Malformed `invalid_field` with every complaint.
    """
    given = {name: value for name, value in body.items() if value is not None}
    if given.get("mode") == "manual":
        return validated(ManualFields, given)
    return validated(Auth0Fields, given)


def validated[Fields: BaseModel](model: type[Fields], given: Mapping[str, Any]) -> Fields:
    """Return a body's members as a model has them. Raises Malformed `invalid_field` with every complaint."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        complaints = [_complaint(one) for one in error.errors(include_url=False, include_input=False)]
    detail = "; ".join(f"{one['field']} {one['reason']}" for one in complaints[:10])
    raise Malformed("invalid_field", f"{detail}.", extra={"fields": complaints[:50]})


_REASONS = {
    "missing": "is required",
    "extra_forbidden": "is not known",
    "literal_error": "is not one of the known values",
}


def _complaint(error: Mapping[str, Any]) -> dict[str, str]:
    """Name the field and the reason; a name that is no field name of ours could be anything, so it is not repeated."""
    field = ".".join(str(part) for part in error["loc"] if isinstance(part, str))
    known = field if _FIELD.fullmatch(field) else "(a field of another name)"
    told = error.get("ctx", {}).get("error")
    return {
        "field": known,
        "reason": str(told) if told is not None else _REASONS.get(error["type"], "is not valid"),
    }
