"""Each function's role, tried from inside a function: what it needs works, what it must not do is refused.

A probe function with the role under test makes the call, so that the emulator judges it as it judges ours.
"""

import io
import json
import secrets
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local import aws
from local.stack import Stack

PROBE = """
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    client = boto3.client(event["service"])
    try:
        getattr(client, event["call"])(**event["arguments"])
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "Success"
"""
DENIED = {"AccessDeniedException", "AccessDenied"}
FUNCTIONS = ("Connect", "Sso", "Poll", "Verify", "Keys", "Console")
TABLES = {
    "Applications": {"pk": "x"},
    "Attempts": {"pk": "x"},
    "Users": {"pk": "x"},
    "Devices": {"pk": "x"},
    "Enrollments": {"pk": "x"},
    "Sessions": {"session_id": "x"},
    "BrowserSessions": {"pk": "x", "sk": "x"},
    "Replays": {"pk": "x"},
    "Metadata": {"application_id": "x"},
    "SigningKeys": {"tenant": "x", "key_id": "x"},
    "Events": {"pk": "x", "sk": "x"},
    "Ledger": {"pk": "x", "sk": "x"},
    "Traces": {"pk": "x"},
    "Blocks": {"pk": "x"},
}
MAY_READ = {
    "Connect": {"Applications", "Attempts", "Users", "Devices", "Enrollments", "SigningKeys", "Traces"},
    "Sso": {
        "Applications",
        "Users",
        "Sessions",
        "BrowserSessions",
        "Replays",
        "Metadata",
        "SigningKeys",
        "Blocks",
    },
    "Poll": {"Sessions"},
    "Verify": {"Applications", "Users", "Devices", "Enrollments", "Sessions", "Blocks"},
    "Keys": {"SigningKeys"},
    "Console": set(),
}
MAY_PUT = {
    "Connect": {"Applications", "Attempts", "Users", "Enrollments", "Events"},
    "Sso": {"Sessions", "BrowserSessions", "Replays", "Metadata", "Events", "Ledger", "Traces"},
    "Poll": set(),
    "Verify": {"Devices", "Events"},
    "Keys": {"SigningKeys", "Ledger"},
    "Console": set(),
}

type Try = Callable[[str, str, str, dict[str, Any]], str]


@pytest.fixture(scope="module")
def account(stack: Stack) -> Any:
    """The emulated account's root."""
    return aws.session(stack.aws.endpoint_url, stack.aws.access_key_id, stack.aws.secret_access_key)


@pytest.fixture(scope="module")
def try_as(account: Any, stack: Stack) -> Iterator[Try]:
    """Return a function that makes a call with a function's role and answers "Success" or the error's code."""
    client, iam = account.client("lambda"), account.client("iam")
    names: dict[str, str] = {}
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("probe.py", PROBE)

    def attempt(function: str, service: str, call: str, arguments: dict[str, Any]) -> str:
        if function not in names:
            role = iam.get_role(RoleName=stack.aws.resources[f"{function}Role"])["Role"]["Arn"]
            names[function] = f"probe-{function.lower()}-{secrets.token_hex(3)}"
            client.create_function(
                FunctionName=names[function],
                Runtime="python3.13",
                Role=role,
                Handler="probe.handler",
                Code={"ZipFile": code.getvalue()},
                Timeout=20,
            )
        event = {"service": service, "call": call, "arguments": arguments}
        answer = client.invoke(FunctionName=names[function], Payload=json.dumps(event).encode())
        return str(json.loads(answer["Payload"].read()))

    yield attempt
    for name in names.values():
        client.delete_function(FunctionName=name)


@pytest.fixture(scope="module")
def tenant_key(account: Any, stack: Stack) -> str:
    """A signing key of this stack, as the keys function makes it."""
    made = account.client("kms").create_key(
        KeySpec="RSA_2048",
        KeyUsage="SIGN_VERIFY",
        Tags=[
            {"TagKey": "stack", "TagValue": stack.aws.stack_name},
            {"TagKey": "tenant", "TagValue": "roles"},
        ],
    )
    return str(made["KeyMetadata"]["KeyId"])


@pytest.fixture(scope="module")
def foreign_key(account: Any) -> str:
    """A key of the same account that belongs to something else."""
    made = account.client("kms").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    return str(made["KeyMetadata"]["KeyId"])


def typed(key: dict[str, str]) -> dict[str, Any]:
    """Return a key as DynamoDB takes it."""
    return {name: {"S": value} for name, value in key.items()}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_reads_and_writes_the_tables_it_needs_and_no_other(
    try_as: Try, stack: Stack, function: str
) -> None:
    for table, key in TABLES.items():
        name = stack.aws.resources[f"{table}Table"]
        read = try_as(function, "dynamodb", "get_item", {"TableName": name, "Key": typed(key)})
        assert (read == "Success") is (table in MAY_READ[function]), (table, read)
        put = try_as(function, "dynamodb", "put_item", {"TableName": name, "Item": typed(key)})
        assert (put == "Success") is (table in MAY_PUT[function]), (table, put)
        assert {read, put} <= DENIED | {"Success"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_scans_a_table_or_deletes_a_session(try_as: Try, stack: Stack, function: str) -> None:
    sessions = stack.aws.resources["SessionsTable"]
    key = typed(TABLES["Sessions"])
    assert try_as(function, "dynamodb", "scan", {"TableName": sessions}) in DENIED
    assert try_as(function, "dynamodb", "delete_item", {"TableName": sessions, "Key": key}) in DENIED
    assert try_as(function, "dynamodb", "delete_table", {"TableName": sessions}) in DENIED


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_changes_or_removes_what_happened_or_what_was_signed(
    try_as: Try, stack: Stack, function: str
) -> None:
    for table in ("Events", "Ledger"):
        one = {"TableName": stack.aws.resources[f"{table}Table"], "Key": typed(TABLES[table])}
        change = {**one, "UpdateExpression": "REMOVE tenant"}
        assert try_as(function, "dynamodb", "update_item", change) in DENIED
        assert try_as(function, "dynamodb", "delete_item", one) in DENIED


def sign(key: str) -> dict[str, Any]:
    """Return a Sign call; bytes do not travel in JSON, and a text is as good to an access decision."""
    return {
        "KeyId": key,
        "Message": "x",
        "MessageType": "RAW",
        "SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256",
    }


@pytest.mark.parametrize(
    ("function", "may"),
    [
        ("Connect", False),
        ("Sso", True),
        ("Poll", False),
        ("Verify", False),
        ("Keys", True),
        ("Console", False),
    ],
)
def test_only_sso_and_keys_sign_with_a_key_of_this_stack(
    try_as: Try, tenant_key: str, function: str, may: bool
) -> None:
    answer = try_as(function, "kms", "sign", sign(tenant_key))
    assert answer == "Success" if may else answer in DENIED


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nobody_signs_with_a_key_of_something_else(try_as: Try, foreign_key: str, function: str) -> None:
    assert try_as(function, "kms", "sign", sign(foreign_key)) in DENIED


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_keys_makes_keys_and_only_with_the_tag_of_this_stack(
    try_as: Try, stack: Stack, function: str
) -> None:
    def create(tag: str) -> dict[str, Any]:
        tags = [{"TagKey": "stack", "TagValue": tag}, {"TagKey": "tenant", "TagValue": "roles"}]
        return {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY", "Tags": tags}

    own = try_as(function, "kms", "create_key", create(stack.aws.stack_name))
    assert own == "Success" if function == "Keys" else own in DENIED
    assert try_as(function, "kms", "create_key", create("another-stack")) in DENIED


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nobody_changes_who_may_use_a_key(try_as: Try, tenant_key: str, function: str) -> None:
    """S53: a key is born with its final tags and keeps them."""
    tag = {"KeyId": tenant_key, "Tags": [{"TagKey": "stack", "TagValue": "another-stack"}]}
    untag = {"KeyId": tenant_key, "TagKeys": ["tenant"]}
    assert try_as(function, "kms", "tag_resource", tag) in DENIED
    assert try_as(function, "kms", "untag_resource", untag) in DENIED
    assert try_as(function, "kms", "put_key_policy", {"KeyId": tenant_key, "Policy": "{}"}) in DENIED
    assert try_as(function, "kms", "schedule_key_deletion", {"KeyId": tenant_key}) in DENIED


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_connect_has_keys_made(try_as: Try, stack: Stack, function: str) -> None:
    keys = f"{stack.aws.stack_name}-keys:live"
    answer = try_as(function, "lambda", "invoke", {"FunctionName": keys, "Payload": '{"tenant": "roles"}'})
    assert answer == "Success" if function == "Connect" else answer in DENIED
