"""CloudTrail's records of KMS, out of files as a trail writes them or `aws cloudtrail lookup-events` prints them."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

SIGN = "Sign"


@dataclass(frozen=True, slots=True)
class Use:
    """One call of KMS: what, when (seconds), with which keys, by whom, from where, and how it ended.

    `keys` are key ids without their region, for a multi-Region key has one id everywhere. `role` and `session` are
    there for an assumed role.
    """

    event_id: str
    request_id: str
    name: str
    at: int
    region: str
    account: str
    keys: frozenset[str]
    principal: str
    role: str | None
    session: str | None
    source: str
    user_agent: str
    error: str | None = None

    @property
    def signed(self) -> bool:
        """Tell whether a signature was made."""
        return self.name == SIGN and self.error is None


def read(paths: Iterable[Path]) -> list[Use]:
    """Return the calls of KMS in files, each once, the oldest first; a folder stands for all files in it.

    Raises ValueError for a file that is neither.
    """
    found = {
        use.event_id: use
        for path in paths
        for file in _files(path)
        for record in _records(file)
        if (use := _use(record)) is not None
    }
    return sorted(found.values(), key=lambda use: (use.at, use.event_id))


def key_id(name: str) -> str:
    """Return the id in a key's ARN, or the id itself."""
    return name.rpartition("key/")[2]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    yield from sorted(file for file in path.rglob("*") if file.name.endswith((".json", ".json.gz")))


def _records(file: Path) -> Iterator[Mapping[str, Any]]:
    raw = file.read_bytes()
    content = json.loads(gzip.decompress(raw) if file.suffix == ".gz" else raw)
    if not isinstance(content, dict) or not {"Records", "Events"} & content.keys():
        raise ValueError(f"{file} holds neither Records nor Events of CloudTrail")
    yield from content.get("Records", [])
    yield from (json.loads(event["CloudTrailEvent"]) for event in content.get("Events", []))


def _use(record: Mapping[str, Any]) -> Use | None:
    if record.get("eventSource") != "kms.amazonaws.com":
        return None
    identity = record.get("userIdentity") or {}
    issuer = (identity.get("sessionContext") or {}).get("sessionIssuer") or {}
    principal = identity.get("arn") or identity.get("invokedBy") or identity.get("principalId") or "unknown"
    assumed = identity.get("type") == "AssumedRole"
    return Use(
        event_id=record["eventID"],
        request_id=record.get("requestID", ""),
        name=record["eventName"],
        at=int(datetime.fromisoformat(record["eventTime"]).timestamp()),
        region=record["awsRegion"],
        account=record.get("recipientAccountId", ""),
        keys=_keys(record),
        principal=principal,
        role=issuer.get("userName") if assumed else None,
        session=principal.rpartition("/")[2] if assumed else None,
        source=record.get("sourceIPAddress", ""),
        user_agent=record.get("userAgent", ""),
        error=record.get("errorCode"),
    )


def _keys(record: Mapping[str, Any]) -> frozenset[str]:
    resources = record.get("resources") or []
    named = [str(one.get("ARN") or one.get("arn") or "") for one in resources]
    asked = (record.get("requestParameters") or {}).get("keyId")
    return frozenset(key_id(name) for name in (*named, *([asked] if asked else [])) if name)
