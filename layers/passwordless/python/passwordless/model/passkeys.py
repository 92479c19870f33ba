"""Passkeys: what a phone without the app signs with (WebAuthn), and the handle under which it keeps them."""

import hashlib
import hmac
from dataclasses import dataclass

from passwordless.model.tokens import base64url

_HANDLE = b"qr-passkey-user-v1"


@dataclass(frozen=True, slots=True)
class Passkey:
    """A credential; `credential_id` is unique in the deployment, `sign_count` the last one seen.

    `public_key` is a COSE key for ES256 on P-256 (RFC 9053, 7.1.1); it and the id are base64url. A passkey that is
    shared between a person's devices counts nothing, so its `sign_count` stays zero.
    """

    credential_id: str
    public_key: str
    sign_count: int


def user_handle(pairwise_key: str) -> str:
    """Return the handle (base64url, 256 bits) by which phones know a user: random, and no word about the person.

    It comes from the user's own random key, so that looking at an invite needs to write nothing.
    """
    return base64url(hmac.new(pairwise_key.encode(), _HANDLE, hashlib.sha256).digest())
