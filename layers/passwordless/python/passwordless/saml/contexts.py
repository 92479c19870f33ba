"""Authentication contexts: how strong each class is, and which one answers a request (SAML Core, 3.3.2.2.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from passwordless.saml.names import CLASSES

_STRENGTHS = (
    ("unspecified",),
    ("InternetProtocol", "PreviousSession", "Telephony", "PersonalTelephony"),
    ("Password", "AuthenticatedTelephony", "NomadTelephony"),
    ("PasswordProtectedTransport", "InternetProtocolPassword", "SecureRemotePassword"),
    ("MobileOneFactorUnregistered",),
    ("MobileOneFactorContract", "Kerberos", "PGP", "SPKI", "X509", "XMLDSig", "TLSClient", "SoftwarePKI"),
    ("TimeSyncToken", "Smartcard"),
    ("MobileTwoFactorUnregistered",),
    ("MobileTwoFactorContract",),
    ("SmartcardPKI",),
)
STRENGTH = {CLASSES + name: rank for rank, names in enumerate(_STRENGTHS) for name in names}
"""The standard classes by strength as we judge it; a class that is not here compares with itself only."""


class Comparison(StrEnum):
    """How the answer must compare with the classes that were asked for."""

    EXACT = "exact"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    BETTER = "better"


@dataclass(frozen=True, slots=True)
class RequestedContext:
    """What a service provider asked for, the preferred class first.

    No class at all stands for declarations, which we never issue.
    """

    comparison: Comparison
    classes: tuple[str, ...]


def choose(requested: RequestedContext | None, offered: Sequence[str]) -> str | None:
    """Return the class to authenticate with, out of those we can truthfully give, ours preferred first.

    Returns None when none satisfies the request.
    """
    if requested is None:
        return offered[0] if offered else None
    fitting = list(_fitting(requested, offered))
    if requested.comparison is Comparison.MAXIMUM:
        return max(fitting, key=lambda name: STRENGTH.get(name, -1), default=None)
    return next(iter(fitting), None)


def _fitting(requested: RequestedContext, offered: Sequence[str]) -> Iterator[str]:
    for wanted in requested.classes:
        for name in offered:
            if _satisfies(requested.comparison, name, wanted):
                yield name


def _satisfies(comparison: Comparison, given: str, wanted: str) -> bool:
    if given == wanted:
        return comparison is not Comparison.BETTER
    if comparison is Comparison.EXACT or given not in STRENGTH or wanted not in STRENGTH:
        return False
    difference = STRENGTH[given] - STRENGTH[wanted]
    if comparison is Comparison.BETTER:
        return difference > 0
    return difference >= 0 if comparison is Comparison.MINIMUM else difference <= 0
