"""Records of CloudTrail as KMS writes them, and entries of the ledger, with defaults."""

import json
from datetime import UTC, datetime
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from passwordless.model.signatures import Act, LedgerEntry, Purpose
from passwordless.store.codec import encode

ACCOUNT, REGION, STACK = "111122223333", "eu-central-1", "login"
KEY = "mrk-0123456789abcdef0123456789abcdef"
ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY}"
AT = int(datetime(2026, 11, 27, 8, 0, 30, tzinfo=UTC).timestamp())
ROLE = f"{STACK}-SsoRole-1A2B3C4D5E6F"


def record(
    request_id: str, *, at: int = AT, event: str = "Sign", key: str = ARN, **changes: Any
) -> dict[str, Any]:
    """Return a record of a Sign call by sso, as CloudTrail writes it (event version 1.11)."""
    return {
        "eventVersion": "1.11",
        "userIdentity": assumed_role(),
        "eventTime": datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "kms.amazonaws.com",
        "eventName": event,
        "awsRegion": REGION,
        "sourceIPAddress": "198.51.100.20",
        "userAgent": "Boto3/1.43.0 md/Botocore#1.43.0 lang/python#3.13.9 exec-env/AWS_Lambda_python3.13",
        "requestParameters": {
            "keyId": key,
            "messageType": "RAW",
            "signingAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256",
        },
        "responseElements": None,
        "requestID": request_id,
        "eventID": f"event-of-{request_id}",
        "readOnly": True,
        "resources": [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": key}],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_256_GCM_SHA384",
            "clientProvidedHostHeader": f"kms.{REGION}.amazonaws.com",
        },
        **changes,
    }


def assumed_role(role: str = ROLE, session: str = f"{STACK}-sso") -> dict[str, Any]:
    """Return who calls: a function, in the session that Lambda names after it."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAEXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLE",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {"creationDate": "2026-11-27T07:11:05Z", "mfaAuthenticated": "false"},
        },
    }


def somebody() -> dict[str, Any]:
    """Return a person of the account with long-lived credentials."""
    return {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/mallory",
        "accountId": ACCOUNT,
        "accessKeyId": "AKIAEXAMPLE",
        "userName": "mallory",
    }


def entry(*request_ids: str, at: int = AT, kms_key: str = ARN, unanswered: int = 0) -> LedgerEntry:
    """Return the entry of a login."""
    act = Act(Purpose.RESPONSE, "acme", "key_1", "ABCDEFGHIJKLMNOP", "app_1")
    return LedgerEntry(f"sig_{'_'.join(request_ids)}", at, kms_key, act, request_ids, unanswered)


def trail(*records: dict[str, Any]) -> str:
    """Return a file of a trail."""
    return json.dumps({"Records": list(records)})


def looked_up(*records: dict[str, Any]) -> str:
    """Return what `aws cloudtrail lookup-events` prints."""
    return json.dumps(
        {
            "Events": [
                {
                    "EventId": one["eventID"],
                    "EventName": one["eventName"],
                    "ReadOnly": "true",
                    "EventTime": "2026-11-27T09:00:30+01:00",
                    "EventSource": one["eventSource"],
                    "Resources": [{"ResourceType": "AWS::KMS::Key", "ResourceName": ARN}],
                    "CloudTrailEvent": json.dumps(one),
                }
                for one in records
            ]
        }
    )


def typed(value: Any) -> dict[str, Any]:
    """Return an item as DynamoDB types it."""
    serialize = TypeSerializer().serialize
    return {name: serialize(one) for name, one in encode(value).items()}
