"""The domain of an Auth0 tenant, read from what an administrator pastes.

Only the canonical domain `tenant[.region].auth0.com` reaches the Management API (a custom domain gets 401 there), so
one anchored expression decides; everything else only explains why a text did not match.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address

from passwordless.auth0 import problems
from passwordless.config import Config
from passwordless.errors import Failure

_TENANT = r"(?!xn--)(?P<name>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)"
_REGION = r"(?:\.[a-z0-9]{1,12}(?:-[a-z0-9]{1,8})?)?"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+{_LABEL}")


@dataclass(frozen=True, slots=True)
class Auth0Tenant:
    """A tenant by its canonical domain; `base_url` has no trailing slash."""

    domain: str
    name: str
    base_url: str


def read_domain(pasted: str, config: Config) -> Auth0Tenant:
    """Read a domain as pasted: letter case, white space around it, `https://` before and `/` after it do not matter.

    Raises Unprocessable: `auth0_custom_domain` for another host name, `auth0_domain_invalid` for what is none.
    """
    domain = pasted.strip()
    if domain.isascii():
        domain = domain.lower().removeprefix("https://").removesuffix("/")
    found = _expression(config.auth0_domain_suffixes).fullmatch(domain)
    if found is None:
        raise _refusal(domain, config.auth0_domain_suffixes)
    return Auth0Tenant(domain, found["name"], base_url(domain, config))


def base_url(domain: str, config: Config) -> str:
    """Return where a tenant's canonical domain is served: there, or at its double on this machine."""
    return config.auth0_map.get(domain, f"https://{domain}")


@cache
def _expression(suffixes: tuple[str, ...]) -> re.Pattern[str]:
    if not all(suffix.startswith(".") for suffix in suffixes):
        raise ValueError("a domain suffix begins with its dot")
    endings = "|".join(re.escape(suffix) for suffix in suffixes)
    return re.compile(f"{_TENANT}{_REGION}(?:{endings})")


def _refusal(domain: str, suffixes: Sequence[str]) -> Failure:
    reason = _reason(domain)
    if reason is not None:
        return problems.problem("auth0_domain_invalid", reason=reason)
    if domain.endswith(tuple(suffixes)) or f".{domain}" in suffixes:
        return problems.problem("auth0_domain_invalid", reason="It does not name a tenant.")
    return problems.problem("auth0_custom_domain", domain=domain)


def _reason(domain: str) -> str | None:
    """Say why this is no host name; None when it is one."""
    if not domain:
        return "It is empty."
    if not domain.isascii() or "xn--" in domain:
        return "Letters outside a-z are not part of an Auth0 domain."
    if _is_address(domain):
        return "It is an IP address."
    for marks, reason in _MARKS:
        if any(mark in domain for mark in marks):
            return reason
    return None if _HOST.fullmatch(domain) else "It is not a host name."


_MARKS = (
    (("://",), "Leave out everything before the host name."),
    (("@",), "Leave out the user name before the @."),
    (("/", "\\", "?", "#"), "Leave out everything after the host name."),
    ((":",), "Leave out the port."),
)


def _is_address(domain: str) -> bool:
    if re.fullmatch(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*", domain):
        return True
    try:
        ip_address(domain.strip("[]"))
    except ValueError:
        return False
    return True
