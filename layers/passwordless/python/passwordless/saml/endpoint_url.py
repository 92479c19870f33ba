"""The rules for a URL that answers are sent to (S33), read by one anchored expression."""

import re
from ipaddress import IPv4Address

from passwordless.errors import Unprocessable
from passwordless.saml.refusals import shown

MAX_URL = 2048

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]{1,253})(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_DEFAULT_PORTS = {"https": "443", "http": "80"}


def check_endpoint_url(url: str, *, public_origin: str, allow_http_loopback: bool) -> None:
    """Check the URL of an endpoint that answers are sent to (S33).

    Absolute https, a host of letters, digits and hyphens, no user information, no fragment, at most 2048 characters,
    not our own origin; http for loopback hosts if allowed. Raises Unprocessable `endpoint_url_invalid`.
    """
    found = _URL.fullmatch(url) if len(url) <= MAX_URL else None
    if found is None or not _is_host(found["host"]) or int(found["port"] or "1") > 65535:
        raise _bad_url("The address must be a complete https:// URL without user name or fragment.", url)
    loopback = allow_http_loopback and _is_loopback(found["host"])
    if found["scheme"] != "https" and not loopback:
        raise _bad_url("The address must begin with https://.", url)
    own = _URL.fullmatch(public_origin)
    if own is not None and _origin(found) == _origin(own):
        raise _bad_url("The address must be the application's own, not one of this service.", url)


def _is_host(host: str) -> bool:
    labels = host.split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        return _is_address(host)
    return all(_LABEL.fullmatch(label) for label in labels)


def _is_address(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    name = host.lower()
    return (
        name == "localhost"
        or name.endswith(".localhost")
        or (_is_address(name) and IPv4Address(name).is_loopback)
    )


def _origin(url: re.Match[str]) -> tuple[str, str, str]:
    scheme = url["scheme"]
    return scheme, url["host"].lower(), url["port"] or _DEFAULT_PORTS[scheme]


def _bad_url(detail: str, url: str) -> Unprocessable:
    return Unprocessable(
        "endpoint_url_invalid",
        detail,
        guidance="Copy the assertion consumer service URL from the service provider's settings.",
        private=shown(url),
    )
