"""Who is on the other side of a request: a network address and, if somebody trustworthy says so, a place (S17).

API Gateway's `sourceIp` is the address of whoever connected. Behind CloudFront that is CloudFront, whose headers then
tell of the viewer; anybody can write such headers, so they count only beside the secret that CloudFront adds to each
request to its origin.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import unquote

from passwordless.model.locations import Location
from passwordless.web import Request, same_secret

SECRET_HEADER = "x-origin-secret"  # noqa: S105 - a header's name


@dataclass(frozen=True, slots=True)
class Viewer:
    """An address, and where on the globe it is: coarse coordinates, and a place as people call it."""

    ip: str
    location: Location | None = None
    place: str | None = None


def viewer(request: Request, origin_secret: str) -> Viewer:
    """Return who sent a request; without a secret in the deployment's settings no header is ever believed."""
    given = request.headers.get(SECRET_HEADER, "")
    if not origin_secret or not same_secret(given, origin_secret):
        return Viewer(request.ip)
    told = {name: request.headers.get(f"cloudfront-viewer-{name}", "") for name in _HEADERS}
    return Viewer(
        _address(told["address"]) or request.ip,
        Location.read(told["latitude"], told["longitude"]),
        _place(told["city"], told["country"]),
    )


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
