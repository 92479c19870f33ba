"""Persistent NameIDs: opaque, one a user and application, the same for ever (SAML Core, 8.3.7)."""

import hashlib
import hmac

from passwordless.model.tokens import base32

_LENGTH = 40


def pairwise(pairwise_key: str, application_id: str) -> str:
    """Return the user's NameID at one application: 200 bits of HMAC-SHA256 in letters of one case.

    Nobody without the user's key can tell two applications' NameIDs to belong to one person.
    """
    mac = hmac.new(pairwise_key.encode(), application_id.encode(), hashlib.sha256).digest()
    return base32(mac)[:_LENGTH].lower()
