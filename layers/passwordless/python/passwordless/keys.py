"""Signing keys are made: they live in KMS and sign their own certificates.

A key belongs to one tenant, is born with its final tags and never leaves KMS. Which key a tenant uses is state of ours
(`store/signing_keys.py`), never a tag that somebody could change.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from passwordless.errors import Unavailable
from passwordless.model.signatures import Act, Purpose
from passwordless.model.signing_keys import (
    SigningKey,
    SigningKeyStatus,
    next_key_exists,
    no_signing_key,
)
from passwordless.model.tokens import Randomness, identifier
from passwordless.saml.certificates import self_signed
from passwordless.signatures import KmsSigner, rsa_public, unavailable
from passwordless.store.signing_keys import SigningKeys

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

CERTIFICATE_LIFETIME = timedelta(days=3652)
_RESERVATION = 60


@dataclass(frozen=True, slots=True)
class KeyMaker:
    """Makes a tenant's signing keys and the certificates that service providers will trust."""

    client: "KMSClient"
    signer: KmsSigner
    store: SigningKeys
    stack_name: str
    randomness: Randomness

    def current(self, tenant: str, now: datetime, correlation_id: str) -> SigningKey:
        """Return the tenant's current key, made now if there is none.

        Raises Unavailable `signing_key_busy` while another call is making it.
        """
        existing = self.store.current(tenant)
        if existing is not None:
            return existing
        seconds = int(now.timestamp())
        if not self.store.reserve(tenant, now=seconds, until=seconds + _RESERVATION):
            raise _busy()
        return self._made(tenant, now, SigningKeyStatus.CURRENT, correlation_id)

    def next(self, tenant: str, now: datetime, correlation_id: str) -> SigningKey:
        """Return a new key that is to follow the tenant's current one.

        Raises Conflict: `no_signing_key`, `next_key_exists`; Unavailable `signing_key_busy`.
        """
        seconds = int(now.timestamp())
        if not self.store.reserve_next(tenant, now=seconds, until=seconds + _RESERVATION):
            if self.store.current(tenant) is None:
                raise no_signing_key()
            raise next_key_exists() if self.store.has_next(tenant) else _busy()
        return self._made(tenant, now, SigningKeyStatus.NEXT, correlation_id)

    def _made(self, tenant: str, now: datetime, status: SigningKeyStatus, correlation_id: str) -> SigningKey:
        made = self._make(tenant, now, status, correlation_id)
        if not self.store.add(made):
            raise _busy()
        return made

    def _make(self, tenant: str, now: datetime, status: SigningKeyStatus, correlation_id: str) -> SigningKey:
        arn, public = self._create(tenant)
        key_id = identifier("key", self.randomness)
        expires = now + CERTIFICATE_LIFETIME
        act = Act(Purpose.CERTIFICATE, tenant, key_id, correlation_id)
        with self.signer.signing_as(arn, public, act) as private:
            certificate = self_signed(
                private,
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
            raise unavailable(error, self.signer.metrics) from None
        return made["Arn"], rsa_public(load_der_public_key(public))


def _busy() -> Unavailable:
    return Unavailable("signing_key_busy", "The tenant's signing key is being made.", retry_after=2)
