"""Who is on the other side of a request: a network address and, if somebody trustworthy says so, a place (S17).

API Gateway's `sourceIp` is the address of whoever connected. Behind CloudFront that is CloudFront, whose headers then
tell of the viewer; anybody can write such headers, so they count only beside the secret that CloudFront adds to each
request to its origin. A deployment with such a secret answers nobody who comes past CloudFront and its firewall.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import unquote

from passwordless.errors import NotFound
from passwordless.model.locations import Location
from passwordless.web import Request, same_secret

SECRET_HEADER = "x-origin-secret"  # noqa: S105 - a header's name
SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class Viewer:
    """An address, and where on the globe it is: coarse coordinates, and a place as people call it."""

    ip: str
    location: Location | None = None
    place: str | None = None


def viewer(request: Request, origin_secret: str) -> Viewer:
    """Return who sent a request; without a secret in the deployment's settings no header is ever believed.

    `origin_secret` is the template's parameter OriginSecret: a name and one or two secrets, joined by colons.
    """
    if not _came_through_cloudfront(request, origin_secret):
        return Viewer(request.ip)
    told = {name: request.headers.get(f"cloudfront-viewer-{name}", "") for name in _HEADERS}
    return Viewer(
        _address(told["address"]) or request.ip,
        Location.read(told["latitude"], told["longitude"]),
        _place(told["city"], told["country"]),
    )


def require_cloudfront(request: Request, origin_secret: str) -> None:
    """Raise NotFound for a request past the CloudFront distribution of a deployment that has one in front."""
    if origin_secret and not _came_through_cloudfront(request, origin_secret):
        raise NotFound("not_found", "There is nothing here.", private="past CloudFront")


def _came_through_cloudfront(request: Request, origin_secret: str) -> bool:
    """Tell whether a request bears one of the secrets."""
    given = request.headers.get(SECRET_HEADER, "")
    known = [part for part in origin_secret.split(":") if len(part) >= SHORTEST_SECRET]
    return any(same_secret(given, secret) for secret in known)


_HEADERS = ("address", "latitude", "longitude", "city", "country")


def _address(value: str) -> str | None:
    """Return the address before the port, None if there is none; IPv6 comes with or without brackets."""
    host = value.rpartition(":")[0].removeprefix("[").removesuffix("]")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def _place(city: str, country: str) -> str | None:
    """Return city and country, of which CloudFront percent-encodes what is not ASCII."""
    return ", ".join(unquote(part) for part in (city, country) if part) or None
