"""S53 and design.md, Roles: what each function's role allows, read from the template.

The table below was written from the stores' code: which methods a function calls, and which DynamoDB actions they make
(a part of a transaction needs the action of its kind, a condition on another table ConditionCheckItem).
"""

import re
from collections.abc import Iterator, Mapping

import pytest

from tests.template import Statement, functions, properties, role_of, statements, tables

ANY_KEY = {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"}
OWN_STACK = {"Ref": "AWS::StackName"}
GETS, PUTS, UPDATES = frozenset({"GetItem"}), frozenset({"PutItem"}), frozenset({"UpdateItem"})
DELETES, QUERIES, CHECKS = frozenset({"DeleteItem"}), frozenset({"Query"}), frozenset({"ConditionCheckItem"})
STREAM = frozenset({"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"})

NEEDS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "connect": {
        "ApplicationsTable": GETS | PUTS | UPDATES | DELETES | QUERIES,
        "AttemptsTable": GETS | PUTS | UPDATES | DELETES,
        "UsersTable": GETS | PUTS | UPDATES | DELETES | QUERIES,
        "DevicesTable": GETS | UPDATES | DELETES,
        "EnrollmentsTable": GETS | PUTS | UPDATES,
        "BlocksTable": DELETES,
        "SigningKeysTable": GETS | UPDATES | QUERIES,
        "EventsTable": PUTS | QUERIES,
        "TracesTable": GETS,
    },
    "sso": {
        "ApplicationsTable": GETS | CHECKS,
        "UsersTable": GETS | CHECKS,
        "DevicesTable": CHECKS,
        "SessionsTable": GETS | PUTS | UPDATES,
        "BrowserSessionsTable": GETS | PUTS | UPDATES | DELETES | CHECKS | QUERIES,
        "BlocksTable": GETS,
        "ReplaysTable": GETS | PUTS,
        "SigningKeysTable": GETS | QUERIES,
        "MetadataTable": GETS | PUTS,
        "EventsTable": PUTS,
        "LedgerTable": PUTS,
        "TracesTable": PUTS,
    },
    "poll": {"SessionsTable": GETS},
    "verify": {
        "ApplicationsTable": GETS | CHECKS,
        "UsersTable": GETS | UPDATES | CHECKS,
        "BlocksTable": GETS | UPDATES,
        "DevicesTable": GETS | PUTS | UPDATES | CHECKS,
        "EnrollmentsTable": GETS | UPDATES,
        "SessionsTable": GETS | UPDATES,
        "EventsTable": PUTS,
    },
    "keys": {"SigningKeysTable": GETS | PUTS | UPDATES, "LedgerTable": PUTS},
    "export": {"EventsTable": STREAM},
    "console": {},
}


def allowing() -> list[Statement]:
    return [statement for statement in statements() if statement.effect == "Allow"]


def name_of(statement: Statement) -> str:
    return f"{statement.function}-{statement.sid}"


def services_of(function: str) -> set[str]:
    return {action.split(":")[0] for s in statements(function) if s.effect == "Allow" for action in s.actions}


def allowed(function: str, action: str) -> list[Statement]:
    return [s for s in statements(function) if s.effect == "Allow" and action in s.actions]


def granted(function: str) -> Iterator[tuple[str, str]]:
    """Yield (table, DynamoDB action) for everything that a role allows on a table or its index."""
    for statement in statements(function):
        names = [table for table in tables() if re.search(rf"\b{table}\b", statement.resource_text)]
        for action in statement.actions:
            if action.startswith("dynamodb:"):
                assert len(names) == 1, f"{statement.sid} is about one table"
                yield names[0], action.removeprefix("dynamodb:")


class TestEveryRole:
    @pytest.mark.parametrize("statement", statements(), ids=name_of)
    def test_no_action_has_a_wildcard(self, statement: Statement) -> None:
        assert [action for action in statement.actions if "*" in action] == []

    @pytest.mark.parametrize("statement", statements(), ids=name_of)
    def test_no_role_scans_a_table_or_reads_in_batches_or_by_partiql(self, statement: Statement) -> None:
        refused = {
            "dynamodb:Scan",
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:PartiQLSelect",
        }
        assert refused.isdisjoint(statement.actions)

    @pytest.mark.parametrize("statement", allowing(), ids=name_of)
    def test_only_the_making_of_keys_is_allowed_on_every_resource(self, statement: Statement) -> None:
        """A key that is yet to be made has no address; its tags are set by the same call."""
        if statement.resource == "*":
            assert set(statement.actions) == {"kms:CreateKey", "kms:TagResource"}
        else:
            assert "CreateKey" not in str(statement.actions)

    @pytest.mark.parametrize("function", functions())
    def test_a_role_is_written_by_hand_and_assumed_by_lambda_alone(self, function: str) -> None:
        role = role_of(function)
        assert "ManagedPolicyArns" not in role
        assert "Policies" not in functions()[function]
        assert role["AssumeRolePolicyDocument"]["Statement"] == [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ]

    def test_each_function_has_a_role_of_its_own(self) -> None:
        roles = [settings["Role"]["Fn::GetAtt"] for settings in functions().values()]
        assert len(set(roles)) == len(roles)

    @pytest.mark.parametrize("function", functions())
    def test_a_role_writes_to_its_own_log_group_and_creates_none(self, function: str) -> None:
        (logs,) = [s for s in statements(function) if any(a.startswith("logs:") for a in s.actions)]
        assert set(logs.actions) == {"logs:CreateLogStream", "logs:PutLogEvents"}
        assert logs.resource_text.endswith(f":log-group:/aws/lambda/${{AWS::StackName}}-{function}:*'}}")

    @pytest.mark.parametrize("function", functions())
    def test_a_role_allows_exactly_what_its_function_does_with_the_tables(self, function: str) -> None:
        found = {table: frozenset(a for t, a in granted(function) if t == table) for table in tables()}
        assert {table: actions for table, actions in found.items() if actions} == NEEDS[function]

    def test_only_the_indexes_a_tenants_keys_events_and_what_an_application_was_told_are_queried(
        self,
    ) -> None:
        keys = {"Fn::GetAtt": "SigningKeysTable.Arn"}
        index = {"Fn::Sub": "${ApplicationsTable.Arn}/index/by-tenant"}
        users = {"Fn::Sub": "${UsersTable.Arn}/index/by-tenant"}
        queried = [(s.function, s.resource) for s in statements() if "dynamodb:Query" in s.actions]
        sessions = {"Fn::GetAtt": "BrowserSessionsTable.Arn"}
        events = {"Fn::GetAtt": "EventsTable.Arn"}
        of_user = {"Fn::Sub": "${EventsTable.Arn}/index/by-user"}
        by_connect = [("connect", each) for each in (index, users, keys, events, of_user)]
        assert queried == [*by_connect, ("sso", sessions), ("sso", keys)]


class TestAppendOnly:
    """What happened, and what was signed, is written once and never changed or taken back."""

    @pytest.mark.parametrize("table", ["EventsTable", "LedgerTable"])
    def test_no_role_changes_or_removes_a_row(self, table: str) -> None:
        found = {a for function in functions() for t, a in granted(function) if t == table}
        assert found <= {"PutItem", "Query", *STREAM}

    def test_nobody_reads_the_ledger(self) -> None:
        assert {a for function in functions() for t, a in granted(function) if t == "LedgerTable"} == {
            "PutItem"
        }


class TestPoll:
    def test_poll_reads_one_table_writes_its_log_and_nothing_else(self) -> None:
        actions = sorted(action for s in statements("poll") for action in s.actions)
        assert actions == ["dynamodb:GetItem", "logs:CreateLogStream", "logs:PutLogEvents"]


class TestConsole:
    def test_the_console_writes_its_log_and_nothing_else(self) -> None:
        assert services_of("console") == {"logs"}


class TestVerify:
    def test_verify_touches_neither_kms_nor_other_functions(self) -> None:
        assert services_of("verify") == {"dynamodb", "logs"}


class TestConnect:
    def test_connect_never_signs(self) -> None:
        assert services_of("connect") == {"dynamodb", "lambda", "logs"}

    def test_connect_never_reads_sessions(self) -> None:
        touched = {table for table, _ in granted("connect")}
        assert touched.isdisjoint({"SessionsTable", "BrowserSessionsTable", "ReplaysTable"})

    def test_connect_never_adds_a_device(self) -> None:
        assert ("DevicesTable", "PutItem") not in set(granted("connect"))

    def test_connect_changes_the_state_of_a_key_and_neither_its_certificate_nor_its_place(self) -> None:
        (changing,) = [
            s for s in allowed("connect", "dynamodb:UpdateItem") if "SigningKeysTable" in s.resource_text
        ]
        assert changing.actions == ("dynamodb:UpdateItem",)
        attributes = {"tenant", "key_id", "status", "last_pinned_at", "points_to", "next_key_id"}
        (condition,) = changing.condition.items()
        assert condition[0] == "ForAllValues:StringEquals"
        assert set(condition[1]["dynamodb:Attributes"]) == attributes

    def test_connect_invokes_the_keys_function_alone(self) -> None:
        (invoking,) = allowed("connect", "lambda:InvokeFunction")
        assert invoking.resource == {"Fn::Sub": "${KeysFunction.Arn}:live"}


class TestSso:
    def test_sso_signs_and_does_nothing_else_with_keys(self) -> None:
        assert [a for s in statements("sso") for a in s.actions if a.startswith("kms:")] == ["kms:Sign"]

    def test_sso_signs_only_with_keys_that_bear_the_stacks_tag(self) -> None:
        (signing,) = allowed("sso", "kms:Sign")
        assert signing.resource == ANY_KEY
        assert signing.condition["StringEquals"] == {"aws:ResourceTag/stack": OWN_STACK}

    def test_sso_signs_by_one_algorithm(self) -> None:
        """IfExists, since the local emulator does not tell the algorithm; AWS always does."""
        (signing,) = allowed("sso", "kms:Sign")
        assert signing.condition["StringEqualsIfExists"] == {
            "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256"
        }

    def test_sso_never_invokes_another_function(self) -> None:
        assert services_of("sso") == {"dynamodb", "kms", "logs"}


class TestExport:
    def test_export_follows_the_events_and_puts_them_on_one_bus(self) -> None:
        assert services_of("export") == {"dynamodb", "events", "logs", "sqs"}
        (putting,) = allowed("export", "events:PutEvents")
        assert putting.resource_text.endswith(":event-bus/${EventBusName}'}")
        (keeping,) = allowed("export", "sqs:SendMessage")
        assert keeping.resource == {"Fn::GetAtt": "ExportLeftAside.Arn"}

    def test_nobody_else_follows_a_stream(self) -> None:
        assert {s.function for s in allowing() if "dynamodb:GetRecords" in s.actions} == {"export"}


class TestKeys:
    def test_only_keys_makes_or_tags_keys(self) -> None:
        makers = {s.function for s in allowing() if {"kms:CreateKey", "kms:TagResource"} & set(s.actions)}
        assert makers == {"keys"}

    def test_a_key_is_born_with_its_tags_as_an_rsa_2048_key_that_signs(self) -> None:
        (creating,) = allowed("keys", "kms:CreateKey")
        assert creating.condition == {
            "StringEquals": {"aws:RequestTag/stack": OWN_STACK},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["stack", "tenant"]},
            "StringEqualsIfExists": {"kms:KeySpec": "RSA_2048", "kms:KeyUsage": "SIGN_VERIFY"},
        }

    def test_a_tagged_key_can_never_be_retagged_shared_or_given_another_policy(self) -> None:
        (denying,) = [statement for statement in statements() if statement.effect == "Deny"]
        assert denying.function == "keys"
        assert set(denying.actions) == {
            "kms:TagResource",
            "kms:UntagResource",
            "kms:PutKeyPolicy",
            "kms:CreateGrant",
        }
        assert denying.resource == "*"
        assert denying.condition == {"Null": {"aws:ResourceTag/stack": "false"}}

    def test_keys_signs_only_with_keys_that_bear_the_stacks_tag(self) -> None:
        (signing,) = allowed("keys", "kms:Sign")
        assert signing.resource == ANY_KEY
        assert signing.condition == {
            "StringEquals": {"aws:ResourceTag/stack": OWN_STACK},
            "StringEqualsIfExists": {"kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256"},
        }

    def test_a_key_is_never_deleted_disabled_or_exported(self) -> None:
        kms = {action for s in allowing() for action in s.actions if action.startswith("kms:")}
        assert kms == {"kms:CreateKey", "kms:TagResource", "kms:GetPublicKey", "kms:Sign"}

    def test_the_only_iam_action_is_the_linked_role_of_multi_region_keys(self) -> None:
        (linked,) = [s for s in allowing() if any(action.startswith("iam:") for action in s.actions)]
        assert linked.actions == ("iam:CreateServiceLinkedRole",)
        assert linked.condition == {"StringEquals": {"iam:AWSServiceName": "mrk.kms.amazonaws.com"}}


class TestDeployment:
    def test_what_replaces_code_shifts_calls_and_does_nothing_else(self) -> None:
        (policy,) = properties("DeploymentRole")["Policies"]
        told = {tuple(one["Action"]): one["Resource"] for one in policy["PolicyDocument"]["Statement"]}
        own = {
            "Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-*"
        }
        assert told == {
            ("lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"): own,
            ("cloudwatch:DescribeAlarms",): "*",
        }

    def test_only_the_service_that_deploys_may_take_its_role(self) -> None:
        (trusted,) = properties("DeploymentRole")["AssumeRolePolicyDocument"]["Statement"]
        assert trusted["Principal"] == {"Service": "codedeploy.amazonaws.com"}
