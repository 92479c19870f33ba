"""Signing keys that live in KMS, and the certificates they sign themselves.

A key belongs to one tenant, is born with its final tags and never leaves KMS. Which key a tenant uses is state of ours
(`store/signing_keys.py`), never a tag that somebody could change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509 import load_pem_x509_certificate

from passwordless.errors import Unavailable
from passwordless.model.signing_keys import (
    SigningKey,
    SigningKeyStatus,
    next_key_exists,
    no_signing_key,
)
from passwordless.model.tokens import Randomness, identifier
from passwordless.saml.certificates import self_signed
from passwordless.saml.external_key import ExternalRsaKey
from passwordless.store.signing_keys import SigningKeys

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

CERTIFICATE_LIFETIME = timedelta(days=3652)
_RESERVATION = 60


@dataclass(frozen=True, slots=True)
class KmsSigner:
    """Signs with keys that KMS holds."""

    client: "KMSClient"

    def private_key(self, key: SigningKey) -> rsa.RSAPrivateKey:
        """Return the key as an object that signs through KMS and verifies each signature before it returns it."""
        return ExternalRsaKey(_public_key(key.certificate_pem), self.signing_with(key.kms_key))

    def signing_with(self, kms_key: str) -> Callable[[bytes], bytes]:
        """Return a function that has KMS sign a message (4096 bytes at most) with RSA PKCS #1 v1.5 and SHA-256."""

        def sign(message: bytes) -> bytes:
            try:
                answer = self.client.sign(
                    KeyId=kms_key.rpartition("/")[2],  # the ARN names one region, replicas share the id
                    Message=message,
                    MessageType="RAW",
                    SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
                )
            except (ClientError, BotoCoreError) as error:
                raise _unavailable(error) from None
            return answer["Signature"]

        return sign


@dataclass(frozen=True, slots=True)
class KeyMaker:
    """Makes a tenant's signing keys and the certificates that service providers will trust."""

    client: "KMSClient"
    store: SigningKeys
    stack_name: str
    randomness: Randomness

    def current(self, tenant: str, now: datetime) -> SigningKey:
        """Return the tenant's current key, made now if there is none.

        Raises Unavailable `signing_key_busy` while another call is making it.
        """
        existing = self.store.current(tenant)
        if existing is not None:
            return existing
        seconds = int(now.timestamp())
        if not self.store.reserve(tenant, now=seconds, until=seconds + _RESERVATION):
            raise _busy()
        return self._made(tenant, now, SigningKeyStatus.CURRENT)

    def next(self, tenant: str, now: datetime) -> SigningKey:
        """Return a new key that is to follow the tenant's current one.

        Raises Conflict: `no_signing_key`, `next_key_exists`; Unavailable `signing_key_busy`.
        """
        seconds = int(now.timestamp())
        if not self.store.reserve_next(tenant, now=seconds, until=seconds + _RESERVATION):
            if self.store.current(tenant) is None:
                raise no_signing_key()
            raise next_key_exists() if self.store.has_next(tenant) else _busy()
        return self._made(tenant, now, SigningKeyStatus.NEXT)

    def _made(self, tenant: str, now: datetime, status: SigningKeyStatus) -> SigningKey:
        made = self._make(tenant, now, status)
        if not self.store.add(made):
            raise _busy()
        return made

    def _make(self, tenant: str, now: datetime, status: SigningKeyStatus) -> SigningKey:
        arn, public = self._create(tenant)
        key_id = identifier("key", self.randomness)
        expires = now + CERTIFICATE_LIFETIME
        signing = ExternalRsaKey(public, KmsSigner(self.client).signing_with(arn))
        certificate = self_signed(
            signing,
            common_name=f"{key_id} {tenant}",
            serial=int.from_bytes(self.randomness(16)) >> 1,
            not_before=now - timedelta(days=1),
            not_after=expires,
        )
        created, ends = int(now.timestamp()), int(expires.timestamp())
        return SigningKey(key_id, tenant, arn, certificate, status, created, ends)

    def _create(self, tenant: str) -> tuple[str, rsa.RSAPublicKey]:
        try:
            made = self.client.create_key(
                KeySpec="RSA_2048",
                KeyUsage="SIGN_VERIFY",
                MultiRegion=True,
                Description="SAML signing key",
                Tags=[
                    {"TagKey": "stack", "TagValue": self.stack_name},
                    {"TagKey": "tenant", "TagValue": tenant},
                ],
            )["KeyMetadata"]
            public = self.client.get_public_key(KeyId=made["KeyId"])["PublicKey"]
        except (ClientError, BotoCoreError) as error:
            raise _unavailable(error) from None
        return made["Arn"], _rsa(load_der_public_key(public))


@lru_cache(maxsize=256)
def _public_key(certificate_pem: str) -> rsa.RSAPublicKey:
    return _rsa(load_pem_x509_certificate(certificate_pem.encode()).public_key())


def _rsa(key: object) -> rsa.RSAPublicKey:
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError("a signing key is an RSA key")
    return key


def _busy() -> Unavailable:
    return Unavailable("signing_key_busy", "The tenant's signing key is being made.", retry_after=2)


def _unavailable(error: ClientError | BotoCoreError) -> Unavailable:
    cause = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    return Unavailable(
        "signing_unavailable",
        "The signing service did not answer.",
        guidance="Try again in a moment.",
        private=cause,
        retry_after=2,
    )
