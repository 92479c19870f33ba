"""template.yaml as tests read it: short forms kept as CloudFormation's long ones, and views of what rules speak of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
METHODS_THAT_READ = frozenset({"GET"})

type Resource = Mapping[str, Any]


class _Loader(yaml.SafeLoader):
    """Reads `!Ref X` as `{"Ref": "X"}` and `!Name value` as `{"Fn::Name": value}`."""


def _long_form(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": _content(loader, node)}


def _content(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _long_form)


@cache
def template(name: str = "template.yaml") -> dict[str, Any]:
    """Return the template, or the one of another file."""
    return dict(yaml.load((ROOT / name).read_text(), _Loader))  # noqa: S506 - a SafeLoader of ours


def resources(kind: str) -> dict[str, Resource]:
    """Return the resources of one type by logical id."""
    found = template()["Resources"].items()
    return {name: resource for name, resource in found if resource["Type"] == kind}


def properties(name: str) -> dict[str, Any]:
    """Return the properties of the resource with this logical id."""
    return dict(template()["Resources"][name]["Properties"])


def functions() -> dict[str, dict[str, Any]]:
    """Return each function's properties by the name of its folder."""
    return {
        name.removesuffix("Function").lower(): dict(function["Properties"])
        for name, function in resources("AWS::Serverless::Function").items()
    }


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the API: its key, the function that serves it, and its authorizer's settings if it has one."""

    key: str
    function: str
    auth: Mapping[str, Any] | None

    @property
    def reads(self) -> bool:
        """Tell whether the route changes nothing."""
        return self.key.split(" ")[0] in METHODS_THAT_READ


def routes() -> list[Route]:
    """Return all routes, in the template's order."""
    return [
        Route(f"{event['Method']} {event['Path']}", function, event.get("Auth"))
        for function, settings in functions().items()
        for event in _events(settings)
    ]


def _events(function: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for event in function.get("Events", {}).values():
        assert event["Type"] == "HttpApi"
        yield event["Properties"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a function's role."""

    function: str
    sid: str
    effect: str
    actions: tuple[str, ...]
    resource: Any
    condition: Mapping[str, Mapping[str, Any]]

    @property
    def resource_text(self) -> str:
        """Return the resource as text in which the tables' and functions' logical ids can be found."""
        return str(self.resource)


def statements(function: str | None = None) -> list[Statement]:
    """Return the statements of one function's role, or of all."""
    names = [function] if function else list(functions())
    return [_statement(name, raw) for name in names for raw in _raw_statements(name)]


def role_of(function: str) -> dict[str, Any]:
    """Return the properties of the role that a function assumes."""
    return properties(functions()[function]["Role"]["Fn::GetAtt"].removesuffix(".Arn"))


def _raw_statements(function: str) -> Iterator[Mapping[str, Any]]:
    for policy in role_of(function)["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def _statement(function: str, raw: Mapping[str, Any]) -> Statement:
    action = raw["Action"]
    actions = (action,) if isinstance(action, str) else tuple(action)
    return Statement(function, raw["Sid"], raw["Effect"], actions, raw["Resource"], raw.get("Condition", {}))


def tables() -> dict[str, dict[str, Any]]:
    """Return each table's properties by logical id."""
    return {name: dict(table["Properties"]) for name, table in resources("AWS::DynamoDB::Table").items()}


def logical_id(store: str) -> str:
    """Return the logical id of a store's table: `signing_keys` is SigningKeysTable."""
    return "".join(word.title() for word in store.split("_")) + "Table"
