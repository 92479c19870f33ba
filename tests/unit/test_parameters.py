"""What `sam deploy --guided` asks: little, explained, in a good order; contradictions are refused before all else."""

import re
from typing import Any, Final

import pytest

from tests.template import ROOT, template

PARAMETERS: Final = template()["Parameters"]
MOST: Final = 24
"""A question more needs a good reason; what can be a list is one."""

CERTIFICATE: Final = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
ORIGIN: Final = "https://login.example.com"
SECRET: Final = "2026-11:" + "s" * 32


def evaluated(part: Any, given: dict[str, str]) -> Any:
    """Return what a condition of a rule comes to with these parameters, and the others at their defaults."""
    if not isinstance(part, dict):
        return part
    ((name, content),) = part.items()
    if name == "Ref":
        return given.get(content, PARAMETERS[content].get("Default"))
    values = [evaluated(one, given) for one in content]
    return values[0] == values[1] if name == "Fn::Equals" else not values[0]


def broken(**given: str) -> list[str]:
    """Return the names of the rules that these parameters break."""
    rules = template()["Rules"].items()
    return [
        name
        for name, rule in rules
        if evaluated(rule["RuleCondition"], given)
        and not all(evaluated(one["Assert"], given) for one in rule["Assertions"])
    ]


class TestQuestions:
    def test_they_are_few(self) -> None:
        assert len(PARAMETERS) <= MOST

    def test_only_the_first_two_must_be_answered(self) -> None:
        assert [name for name in PARAMETERS if "Default" not in PARAMETERS[name]] == list(PARAMETERS)[:2]
        assert list(PARAMETERS)[:2] == ["JwtIssuer", "JwtAudience"]

    @pytest.mark.parametrize("name", PARAMETERS)
    def test_each_is_explained(self, name: str) -> None:
        assert len(PARAMETERS[name]["Description"]) > 30

    @pytest.mark.parametrize("name", [name for name in PARAMETERS if PARAMETERS[name].get("Default") == ""])
    def test_each_that_may_be_empty_says_what_that_means(self, name: str) -> None:
        assert re.search(r"Empty: |Leave it empty", PARAMETERS[name]["Description"])

    @pytest.mark.parametrize(
        "name", [name for name in PARAMETERS if PARAMETERS[name].get("Default", "x") != ""]
    )
    def test_a_default_is_allowed(self, name: str) -> None:
        settings = PARAMETERS[name]
        default, pattern = settings.get("Default"), settings.get("AllowedPattern")
        values = str(default).split(",") if settings["Type"] == "CommaDelimitedList" else [str(default)]
        assert default is None or pattern is None or all(re.fullmatch(pattern, one) for one in values)

    def test_each_is_in_one_group_of_the_console(self) -> None:
        groups = template()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
        assert sorted(name for group in groups for name in group["Parameters"]) == sorted(PARAMETERS)

    def test_each_is_told_of_in_the_operators_guide(self) -> None:
        told = (ROOT / "docs" / "operations.md").read_text()
        assert [name for name in PARAMETERS if f"`{name}`" not in told] == []


class TestContradictions:
    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"PublicOrigin": ORIGIN},
            {"PublicOrigin": ORIGIN, "DomainCertificateArn": CERTIFICATE},
            {"PublicOrigin": ORIGIN, "DomainCertificateArn": CERTIFICATE, "HostedZoneId": "Z1"},
            {"PublicOrigin": ORIGIN, "DomainCertificateArn": CERTIFICATE, "OriginSecret": SECRET},
            {"PublicOrigin": "http://localhost:1", "Stage": "local", "LocalAuth0Map": "a=b"},
        ],
    )
    def test_what_fits_together_is_taken(self, given: dict[str, str]) -> None:
        assert broken(**given) == []

    @pytest.mark.parametrize(
        ("given", "rule"),
        [
            ({"LocalAuth0Map": "a=b"}, "LocalParametersAreForTheLocalStage"),
            ({"Stage": "local"}, "TheLocalStageNeedsAnOrigin"),
            ({"DomainCertificateArn": CERTIFICATE}, "ADomainNameIsThatOfThePublicOrigin"),
            ({"PublicOrigin": ORIGIN, "HostedZoneId": "Z1"}, "ARecordLeadsToADomainName"),
            ({"OriginSecret": SECRET}, "CloudFrontNeedsAnOrigin"),
        ],
    )
    def test_a_contradiction_is_refused(self, given: dict[str, str], rule: str) -> None:
        assert broken(**given) == [rule]

    def test_a_record_past_cloudfront_is_refused(self) -> None:
        domain = {"PublicOrigin": ORIGIN, "DomainCertificateArn": CERTIFICATE, "HostedZoneId": "Z1"}
        assert broken(**domain, OriginSecret=SECRET) == ["ARecordLeadsToADomainName"]

    @pytest.mark.parametrize(
        ("parameter", "value", "allowed"),
        [
            ("DomainCertificateArn", CERTIFICATE, True),
            ("DomainCertificateArn", "certificate", False),
            ("HostedZoneId", "Z0123456789ABCDEFGHIJ", True),
            ("HostedZoneId", "/hostedzone/Z0123456789ABCDEFGHIJ", False),
            ("AlarmTopicArn", "arn:aws:sns:eu-central-1:123456789012:alarms", True),
            ("AlarmTopicArn", "alarms", False),
            ("Stage", "Local", False),
        ],
    )
    def test_a_value_of_the_wrong_form_is_refused(self, parameter: str, value: str, allowed: bool) -> None:
        assert (re.fullmatch(PARAMETERS[parameter]["AllowedPattern"], value) is not None) is allowed


class TestDomain:
    def test_nothing_is_made_unless_asked_for(self) -> None:
        made = {
            name: template()["Resources"][name]["Condition"]
            for name in ("Domain", "DomainMapping", "DomainRecord")
        }
        assert made == {"Domain": "OwnDomain", "DomainMapping": "OwnDomain", "DomainRecord": "OwnRecord"}
        conditions = template()["Conditions"]
        for condition, parameter in (("OwnDomain", "DomainCertificateArn"), ("OwnRecord", "HostedZoneId")):
            assert conditions[condition] == {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]}
            assert PARAMETERS[parameter]["Default"] == ""

    def test_the_record_leads_to_the_domain_name_of_the_api(self) -> None:
        record = template()["Resources"]["DomainRecord"]["Properties"]
        assert record["Name"] == {"Ref": "Domain"}
        assert record["AliasTarget"]["DNSName"] == {"Fn::GetAtt": "Domain.RegionalDomainName"}
