"""What a QR code or an invitation says: an origin and a token."""

import re
from dataclasses import dataclass
from enum import StrEnum

from local.phone_simulator.errors import UnreadableCode

LINK = re.compile(
    r"(?P<origin>(?i:https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?))"
    r"/(?P<purpose>[QE])/(?P<token>(?:(?![/?#])[!-~])+)"
)


class Purpose(StrEnum):
    """What a code is for; the value is the first segment of its path."""

    SIGN_IN = "Q"
    ENROLL = "E"


@dataclass(frozen=True, slots=True)
class Link:
    """A code's content. `token` is kept as it stands in the URL; `origin` is in lower case, as `aud` needs it."""

    purpose: Purpose
    origin: str
    token: str


def is_link(text: str) -> bool:
    """Tell a URL from the name of an image file."""
    return text.lower().startswith(("http://", "https://"))


def parse_link(text: str, purpose: Purpose) -> Link:
    """Return what `text` says; raises UnreadableCode unless it is exactly `ORIGIN/<purpose>/TOKEN`.

    Codes are upper case to stay small (`HTTPS://HOST/Q/TOKEN`); scheme and host have no case (RFC 3986, 6.2.2.1).
    """
    found = LINK.fullmatch(text)
    if found is None:
        raise UnreadableCode(f"this is no code of a passwordless service: {text!a}")
    if found["purpose"] != purpose:
        raise UnreadableCode(
            f"this code is not for {_DEEDS[purpose]} but for {_DEEDS[Purpose(found['purpose'])]}"
        )
    return Link(purpose, found["origin"].lower(), found["token"])


_DEEDS = {Purpose.SIGN_IN: "signing in", Purpose.ENROLL: "enrolling a phone"}
