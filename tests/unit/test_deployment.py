"""How a deployment takes effect: by new versions behind an alias, gradually and with a way back."""

import json
import re
import subprocess
from copy import deepcopy
from functools import cache
from typing import Any, Final

import pytest

from local.layout import layout
from local.packaging import package
from tests.template import ROOT, functions, properties, template

PROD: Final = {"JwtIssuer": "https://issuer.example.com/", "JwtAudience": "applications"}
GRADUAL: Final = ["Canary10Percent5Minutes", "Canary10Percent15Minutes", "Linear10PercentEvery1Minute"]
GRADUALLY: Final = ("connect", "sso", "poll", "verify", "keys")
"""What a login or an administrator's act depends on; any other function is replaced at once."""

LONGEST_DESCRIPTION: Final = 256
PARAMETERS: Final = template()["Parameters"]


def packaged() -> dict[str, Any]:
    """Return the template as `sam build` and `sam package` leave it: every function and layer with a zip of its own."""
    built = deepcopy(template())
    built["Globals"]["Function"].pop("CodeUri")
    for name, resource in built["Resources"].items():
        source = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
        if kind := source.get(resource["Type"]):
            resource["Properties"][kind] = name
    return package(built, ROOT, "artefacts")[0]


def translate(zipped: dict[str, Any], parameters: dict[str, str]) -> dict[str, Any]:
    """Return the resources that the SAM transform makes."""
    outcome = subprocess.run(
        [layout(ROOT).tools_python, "-P", ROOT / "local" / "sam_translate.py"],
        input=json.dumps({"template": zipped, "parameters": PROD | parameters}),
        capture_output=True,
        text=True,
        env={"AWS_DEFAULT_REGION": "eu-central-1"},
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    return dict(json.loads(outcome.stdout)["Resources"])


@cache
def deployed(deployment: str = GRADUAL[0]) -> dict[str, Any]:
    return translate(packaged(), {"Deployment": deployment})


def of_kind(resources: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in resources.items() if one["Type"] == kind}


def names(function: str) -> str:
    return f"{function.title()}Function"


class TestAliases:
    def test_what_logins_depend_on_is_replaced_gradually(self) -> None:
        aliased = [name for name, settings in functions().items() if "AutoPublishAlias" in settings]
        assert sorted(aliased) == sorted(GRADUALLY)

    @pytest.mark.parametrize("function", GRADUALLY)
    def test_callers_reach_an_alias(self, function: str) -> None:
        alias = deployed()[f"{names(function)}Aliaslive"]["Properties"]
        assert (alias["Name"], alias["FunctionName"]) == ("live", {"Ref": names(function)})

    def test_the_api_calls_their_aliases_and_may(self) -> None:
        body = json.dumps(deployed()["Api"]["Properties"]["Body"])
        called = set(re.findall(r"functions/\$\{(\w+)(?:\.Arn)?\}/invocations", body))
        permitted = of_kind(deployed(), "AWS::Lambda::Permission").values()
        allowed = {one["Properties"]["FunctionName"]["Ref"] for one in permitted}
        aliases = {f"{names(one)}Aliaslive" for one in GRADUALLY if one != "keys"}
        assert aliases <= called == allowed
        assert not {names(one) for one in GRADUALLY} & called

    def test_a_version_that_was_served_stays_for_the_way_back(self) -> None:
        versions = of_kind(deployed(), "AWS::Lambda::Version").values()
        assert {one["DeletionPolicy"] for one in versions} == {"Retain"}

    @pytest.mark.parametrize("layer", ["DependenciesLayer", "PasswordlessLayer"])
    def test_new_code_in_a_layer_makes_a_new_version_of_each(self, layer: str) -> None:
        changed = packaged()
        changed["Resources"][layer]["Properties"]["ContentUri"]["Key"] = "another.zip"
        before, after = (
            of_kind(one, "AWS::Lambda::Version").keys() for one in (deployed(), translate(changed, {}))
        )
        assert before.isdisjoint(after)


class TestSettings:
    """A version freezes its function's settings, and the transform publishes none for a parameter that changed."""

    @pytest.mark.parametrize("function", GRADUALLY)
    def test_a_parameter_that_reaches_a_function_makes_a_new_version(self, function: str) -> None:
        shared, own = template()["Globals"]["Function"], functions()[function]
        environment = {**variables(shared), **variables(own)}
        told = names_in(own["VersionDescription"])
        assert "SnapStarting" in str(own["VersionDescription"])
        # On one machine a stack is never updated.
        assert names_in(environment) - {"LocalAuth0Map"} <= told

    @pytest.mark.parametrize("function", GRADUALLY)
    def test_the_text_that_tells_settings_apart_is_never_too_long(self, function: str) -> None:
        text, own = functions()[function]["VersionDescription"]["Fn::Sub"]
        spoken_of = {"Secret": 8, "Snap": len("snap")}
        assert own.keys() <= spoken_of.keys()
        longest = {name: longest_value(name) for name in names_in(text)} | {
            name: spoken_of[name] for name in own
        }
        assert len(text) + sum(longest[one] - len(f"${{{one}}}") for one in longest) <= LONGEST_DESCRIPTION

    @pytest.mark.parametrize("function", GRADUALLY)
    def test_what_does_not_reach_a_function_makes_no_new_version(self, function: str) -> None:
        """A version of the same code and settings is not published, and the deployment that asks for it fails."""
        environment = {**variables(template()["Globals"]["Function"]), **variables(functions()[function])}
        told = names_in(functions()[function]["VersionDescription"]) - {"SnapStarting"}
        assert ("OriginSecret" in told) is ("OriginSecret" in names_in(environment))

    def test_of_the_secret_only_its_name_is_told(self) -> None:
        _, own = functions()["sso"]["VersionDescription"]["Fn::Sub"]
        name = {"Fn::Select": [0, {"Fn::Split": [":", {"Ref": "OriginSecret"}]}]}
        assert own["Secret"] == {"Fn::If": ["BehindCloudFront", name, ""]}


def variables(settings: dict[str, Any]) -> dict[str, Any]:
    return dict(settings.get("Environment", {}).get("Variables", {}))


def names_in(part: Any) -> set[str]:
    """Return the parameters that a part of the template refers to."""
    text = str(part)
    found = {*re.findall(r"'Ref': '(\w+)'", text), *re.findall(r"\$\{(\w+)\}", text)}
    return {name for name in found if name in PARAMETERS}


def longest_value(parameter: str) -> int:
    """Return how long a parameter's value can be."""
    settings = PARAMETERS[parameter]
    bounds = {"PublicOrigin": 58, "Stage": 12, "EventRetentionDays": len(str(settings.get("MaxValue")))}
    return int(settings.get("MaxLength") or bounds[parameter])


class TestGradually:
    def test_calls_move_gradually_and_go_back_when_an_alarm_rings(self) -> None:
        groups = of_kind(deployed(), "AWS::CodeDeploy::DeploymentGroup")
        assert groups.keys() == {f"{names(function)}DeploymentGroup" for function in GRADUALLY}
        for group in groups.values():
            settings = group["Properties"]
            assert settings["DeploymentConfigName"]["Fn::Sub"][1] == {"ConfigName": GRADUAL[0]}
            assert "DEPLOYMENT_STOP_ON_ALARM" in settings["AutoRollbackConfiguration"]["Events"]
            assert settings["ServiceRoleArn"] == {"Fn::GetAtt": "DeploymentRole.Arn"}

    def test_every_way_but_at_once_is_gradual(self) -> None:
        gradual = template()["Mappings"]["Deployments"]
        assert gradual == {**{one: {"Gradual": "true"} for one in GRADUAL}, "AllAtOnce": {"Gradual": "false"}}

    @pytest.mark.parametrize("function", GRADUALLY)
    def test_the_alarms_are_those_of_errors_of_the_api_and_of_its_own(self, function: str) -> None:
        """One that goes back fails the update of the stack, and so the others go back, too."""
        group = deployed()[f"{names(function)}DeploymentGroup"]["Properties"]
        told = [one["Name"] for one in group["AlarmConfiguration"]["Alarms"]]
        own = {"Ref": f"{function.title()}ErrorsAlarm"}
        assert told == [properties("ApiErrorsAlarm")["AlarmName"], own]

    def test_all_at_once_needs_nothing_that_deploys(self) -> None:
        kinds = {one["Type"] for one in deployed("AllAtOnce").values()}
        assert not [kind for kind in kinds if kind.startswith("AWS::CodeDeploy")]

    def test_gradually_is_the_default(self) -> None:
        assert PARAMETERS["Deployment"]["Default"] == GRADUAL[0]
        assert PARAMETERS["Deployment"]["AllowedValues"] == [*GRADUAL, "AllAtOnce"]


class TestSnapStart:
    @pytest.mark.parametrize("function", GRADUALLY)
    def test_it_is_a_parameter_that_is_off_by_default(self, function: str) -> None:
        assert functions()[function]["SnapStart"] == {"ApplyOn": {"Ref": "SnapStart"}}
        assert PARAMETERS["SnapStart"]["Default"] == "None"
        assert PARAMETERS["SnapStart"]["AllowedValues"] == ["None", "PublishedVersions"]
