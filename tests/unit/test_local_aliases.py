"""Aliases on one machine lead to what was last deployed."""

from typing import Any

from local.aliases import with_latest_versions

VERSION: dict[str, Any] = {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Poll"}}}
ALIAS: dict[str, Any] = {
    "Type": "AWS::Lambda::Alias",
    "Properties": {"Name": "live", "FunctionVersion": {"Fn::GetAtt": ["PollVersion1", "Version"]}},
}
OTHER: dict[str, Any] = {"Type": "AWS::Lambda::Function", "Properties": {}}


def test_an_alias_keeps_its_name_and_leads_to_the_latest_code() -> None:
    resources = with_latest_versions({"PollVersion1": VERSION, "PollAlias": ALIAS, "Poll": OTHER})
    assert resources == {
        "PollAlias": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {"Name": "live", "FunctionVersion": "$LATEST"},
        },
        "Poll": OTHER,
    }


def test_what_was_given_stays_as_it_was() -> None:
    with_latest_versions({"PollAlias": ALIAS})
    assert ALIAS["Properties"]["FunctionVersion"] == {"Fn::GetAtt": ["PollVersion1", "Version"]}
