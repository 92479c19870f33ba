"""Access tokens of the local stack's administrators: the issuer's key, and what its tokens say."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk, jwt

AUDIENCE = "applications"
SCOPES = "applications:read applications:write"
ADMIN_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An RSA key and its id; `private_pem` never leaves the process."""

    key_id: str
    private_pem: bytes

    @classmethod
    def generate(cls) -> "SigningKey":
        """Return a new key of 2048 bits."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return cls(secrets.token_hex(8), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    def public_jwk(self) -> dict[str, str]:
        """Return the public half as RFC 7517 has it."""
        public = jwk.construct(self.private_pem.decode(), "RS256").public_key().to_dict()
        return {**public, "kid": self.key_id, "use": "sig"}

    def sign(self, claims: Mapping[str, Any], typ: str) -> str:
        """Return a JWT with exactly these claims."""
        headers = {"kid": self.key_id, "typ": typ}
        return jwt.encode(dict(claims), self.private_pem.decode(), "RS256", headers)


def admin_claims(issuer: str, now: int) -> dict[str, Any]:
    """Return the claims of the stack's administrator (RFC 9068): tenant `local`, both scopes; times in seconds."""
    return {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": "admin",
        "client_id": "local",
        "jti": secrets.token_hex(8),
        "tenant": "local",
        "scope": SCOPES,
        "token_use": "access",
        "iat": now,
        "exp": now + ADMIN_SECONDS,
    }
