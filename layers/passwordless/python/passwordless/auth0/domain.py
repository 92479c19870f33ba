"""The domains of an Auth0 tenant, read from what an administrator pastes.

Only the canonical domain `tenant[.region].auth0.com` reaches the Management API (a custom domain gets 401 there), so
one anchored expression decides; everything else only explains why a text did not match. A custom domain is where
answers may be posted to; it is never fetched (S40).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from passwordless.auth0 import problems
from passwordless.config import Config
from passwordless.errors import Failure, Malformed

_TENANT = r"(?!xn--)(?P<name>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)"
_REGION = r"(?:\.[a-z0-9]{1,12}(?:-[a-z0-9]{1,8})?)?"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+{_LABEL}")


@dataclass(frozen=True, slots=True)
class Auth0Tenant:
    """A tenant by its canonical domain; `base_url`, and `custom_url` of its custom domain, have no trailing slash."""

    domain: str
    name: str
    base_url: str
    custom_url: str | None = None

    @property
    def base_urls(self) -> tuple[str, ...]:
        """Where logins of this tenant take place, its own domain first."""
        return (self.base_url,) if self.custom_url is None else (self.base_url, self.custom_url)


def read_tenant(pasted: str, custom: str | None, config: Config, origin: str) -> Auth0Tenant:
    """Read a tenant's own domain and its custom domain, if there is one.

    Raises what `read_domain` and `read_custom_domain` raise.
    """
    tenant = read_domain(pasted, config)
    if custom is None:
        return tenant
    return replace(tenant, custom_url=base_url(read_custom_domain(custom, config, origin), config))


def read_domain(pasted: str, config: Config) -> Auth0Tenant:
    """Read a domain as pasted: letter case, white space around it, `https://` before and `/` after it do not matter.

    Raises Unprocessable: `auth0_custom_domain` for another host name, `auth0_domain_invalid` for what is none.
    """
    domain = _trimmed(pasted)
    found = _expression(config.auth0_domain_suffixes).fullmatch(domain)
    if found is None:
        raise _refusal(domain, config.auth0_domain_suffixes)
    return Auth0Tenant(domain, found["name"], base_url(domain, config))


def read_custom_domain(pasted: str, config: Config, origin: str) -> str:
    """Read a custom domain, pasted like a tenant's own; it is neither one of Auth0's hosts nor that of our `origin`.

    Raises Malformed `invalid_field`.
    """
    domain = _trimmed(pasted)
    reason = _reason(domain)
    if reason is None and _is_of_auth0(domain, config.auth0_domain_suffixes):
        reason = "It is one of Auth0's own domains."
    if reason is None and domain == urlsplit(origin).hostname:
        reason = "It is the host of this service."
    if reason is None and not domain.rpartition(".")[2][0].isalpha():
        reason = "It is not a host name."
    if reason is not None:
        told = f"is not a custom domain such as login.example.com. {reason}"
        complaint = {"field": "custom_domain", "reason": told}
        raise Malformed("invalid_field", f"custom_domain {told}", extra={"fields": [complaint]})
    return domain


def base_url(domain: str, config: Config) -> str:
    """Return where a tenant's canonical domain is served: there, or at its double on this machine."""
    return config.auth0_map.get(domain, f"https://{domain}")


@cache
def _expression(suffixes: tuple[str, ...]) -> re.Pattern[str]:
    if not all(suffix.startswith(".") for suffix in suffixes):
        raise ValueError("a domain suffix begins with its dot")
    endings = "|".join(re.escape(suffix) for suffix in suffixes)
    return re.compile(f"{_TENANT}{_REGION}(?:{endings})")


def _trimmed(pasted: str) -> str:
    domain = pasted.strip()
    return domain.lower().removeprefix("https://").removesuffix("/") if domain.isascii() else domain


def _is_of_auth0(domain: str, suffixes: Sequence[str]) -> bool:
    return domain.endswith(tuple(suffixes)) or f".{domain}" in suffixes


def _refusal(domain: str, suffixes: Sequence[str]) -> Failure:
    reason = _reason(domain)
    if reason is None and _is_of_auth0(domain, suffixes):
        reason = "It does not name a tenant."
    if reason is not None:
        return _about_the_field(problems.problem("auth0_domain_invalid", reason=reason), reason)
    failure = problems.problem("auth0_custom_domain", domain=domain)
    return _about_the_field(failure, "It does not end in auth0.com.")


def _about_the_field(failure: Failure, reason: str) -> Failure:
    failure.extra["fields"] = [{"field": "auth0_domain", "reason": reason}]
    return failure


def _reason(domain: str) -> str | None:
    """Say why this is no host name; None when it is one."""
    if not domain:
        return "It is empty."
    if not domain.isascii() or "xn--" in domain:
        return "Letters outside a-z cannot be part of it."
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
