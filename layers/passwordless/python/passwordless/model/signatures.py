"""What KMS signed for us: an entry of the ledger for each act that signs."""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What is signed; an assertion and the Response around it are one act."""

    RESPONSE = "response"
    ERROR_RESPONSE = "error_response"
    LOGOUT_REQUEST = "logout_request"
    LOGOUT_RESPONSE = "logout_response"
    METADATA = "metadata"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Act:
    """An act that signs: what, whose key, under which correlation id, for which application."""

    purpose: Purpose
    tenant: str
    key_id: str
    correlation_id: str
    application_id: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """An act's signatures: by which KMS key (ARN), when (seconds), under which ids of KMS's answers.

    `unanswered` counts requests whose answer never came: KMS may have signed for each of them under an id that nobody
    here knows.
    """

    entry_id: str
    at: int
    kms_key: str
    act: Act
    request_ids: tuple[str, ...]
    unanswered: int = 0
