"""Signing through KMS, so that every signature belongs to an entry of the ledger.

An entry holds the ids of KMS's answers, which CloudTrail records too: whoever signs outside of an act of ours leaves a
record without an entry.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import load_pem_x509_certificate

from passwordless.errors import Failure, Unavailable
from passwordless.logs import logger
from passwordless.metrics import Metric, Metrics
from passwordless.model.signatures import Act, LedgerEntry
from passwordless.model.signing_keys import SigningKey
from passwordless.model.tokens import Randomness, identifier
from passwordless.saml.external_key import ExternalRsaKey
from passwordless.store.codec import encode
from passwordless.store.ledger import Ledger

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

ATTEMPTS = 3
"""How often the SDK asks KMS at most."""


@dataclass(slots=True)
class _Asked:
    """What KMS was asked for in one act."""

    request_ids: list[str] = field(default_factory=list)
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class KmsSigner:
    """Signs with keys that KMS holds, and enters each act into the ledger."""

    client: "KMSClient"
    ledger: Ledger
    metrics: Metrics
    randomness: Randomness
    clock: Callable[[], float]

    @contextmanager
    def signing(self, key: SigningKey, act: Act) -> Iterator[rsa.RSAPrivateKey]:
        """Give the key as an object that signs through KMS and verifies each signature, for one act."""
        with self.signing_as(key.kms_key, _public_key(key.certificate_pem), act) as private:
            yield private

    @contextmanager
    def signing_as(self, kms_key: str, public: rsa.RSAPublicKey, act: Act) -> Iterator[rsa.RSAPrivateKey]:
        """Give a key (ARN) that has no certificate yet; as `signing`.

        The entry is written at the end of the act, also of one that failed once KMS was asked.
        """
        asked = _Asked()

        def sign(message: bytes) -> bytes:
            return self._sign(kms_key, message, asked)

        try:
            yield ExternalRsaKey(public, sign)
        finally:
            if asked.request_ids or asked.unanswered:
                self._enter(kms_key, act, asked)

    def _sign(self, kms_key: str, message: bytes, asked: _Asked) -> bytes:
        """Have KMS sign a message (4096 bytes at most) with RSA PKCS #1 v1.5 and SHA-256. Raises Unavailable."""
        try:
            answer = self.client.sign(
                KeyId=kms_key.rpartition("/")[2],  # the ARN names one region, replicas share the id
                Message=message,
                MessageType="RAW",
                SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
            )
        except (ClientError, BotoCoreError) as error:
            asked.unanswered += _unanswered(error)
            raise unavailable(error, self.metrics) from None
        asked.request_ids.append(answer["ResponseMetadata"]["RequestId"])
        asked.unanswered += answer["ResponseMetadata"]["RetryAttempts"]
        return answer["Signature"]

    def _enter(self, kms_key: str, act: Act, asked: _Asked) -> None:
        """Append the entry; where that fails the log holds it instead, for no login is to be lost by it."""
        entry = LedgerEntry(
            identifier("sig", self.randomness),
            int(self.clock()),
            kms_key,
            act,
            tuple(asked.request_ids),
            asked.unanswered,
        )
        try:
            self.ledger.append(entry)
        except Failure as failure:
            told = {"entry": encode(entry), "correlation_id": act.correlation_id, "private": failure.private}
            logger("ledger").error("ledger_failed", extra=told)
            self.metrics.count(Metric.LEDGER_FAILED, correlation_id=act.correlation_id)


def unavailable(error: ClientError | BotoCoreError, metrics: Metrics) -> Unavailable:
    """Count a failure of KMS and return what it means to the caller."""
    cause = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    metrics.count(Metric.KMS_FAILED, code=cause)
    return Unavailable(
        "signing_unavailable",
        "The signing service did not answer.",
        guidance="Try again in a moment.",
        private=cause,
        retry_after=2,
    )


def _unanswered(error: ClientError | BotoCoreError) -> int:
    """Return how many requests may have been carried out although nobody heard of it; a refusal was not."""
    if isinstance(error, ClientError):
        return error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
    return ATTEMPTS


@lru_cache(maxsize=256)
def _public_key(certificate_pem: str) -> rsa.RSAPublicKey:
    return rsa_public(load_pem_x509_certificate(certificate_pem.encode()).public_key())


def rsa_public(key: object) -> rsa.RSAPublicKey:
    """Return a public key that is one of RSA. Raises TypeError."""
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError("a signing key is an RSA key")
    return key
