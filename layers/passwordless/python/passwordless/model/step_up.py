"""The code that goes the other way: shown on the phone, typed into the browser (S15).

A page that relays our login page can copy a number that it shows, but not one that only the phone has. The code is made
from the user's own random key and the proof that approved the login, so that the identical proof, sent again because
an answer was lost, is told the identical code, and nothing that is stored with the login reveals it.
"""

import hashlib
import hmac

from passwordless.model.people import User
from passwordless.model.tokens import base64url

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""Twenty letters that spell no word and do not look alike (RFC 8628, 6.1)."""

LENGTH = 6


def code(user: User, session_id: str, proof_hash: str) -> str:
    """Return the code of a login that this proof approved."""
    number = int.from_bytes(_mac(user, "step-up code", session_id, proof_hash))
    letters = []
    for _ in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def code_hash(user: User, session_id: str, typed: str) -> str:
    """Return what is stored of a code, and compared: without the user's key it says nothing about the code."""
    return base64url(_mac(user, "step-up hash", session_id, typed))


def typed_code(text: str) -> str | None:
    """Return what a person typed as a code: any case, spaces and hyphens left out; None if it can be none."""
    letters = text.upper().replace(" ", "").replace("-", "")
    return letters if len(letters) == LENGTH and set(letters) <= set(ALPHABET) else None


def _mac(user: User, label: str, session_id: str, value: str) -> bytes:
    text = "\n".join((label, user.tenant, user.user_id, session_id, value))
    return hmac.new(user.pairwise_key.encode(), text.encode(), hashlib.sha256).digest()
