"""A tenant's signing key: where KMS holds it and the certificate it signed itself."""

from dataclasses import dataclass
from enum import StrEnum


class SigningKeyStatus(StrEnum):
    """What the key is used for."""

    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One RSA_2048 key; `kms_key` is its ARN, times are seconds since 1970."""

    key_id: str
    tenant: str
    kms_key: str
    certificate_pem: str
    status: SigningKeyStatus
    created_at: int
    expires_at: int
