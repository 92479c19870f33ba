"""Expands the OpenAPI body of an HTTP API into resources, because MiniStack reads resources only."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Resource = dict[str, Any]

_UNDERSTOOD = {
    "openapi",
    "info",
    "paths",
    "components",
    "tags",
    "x-amazon-apigateway-cors",
    "x-amazon-apigateway-importexport-version",
    "servers",
}
_CLOSING = "x-amazon-apigateway-endpoint-configuration"
_METHODS = {name: name.upper() for name in ("get", "put", "post", "delete", "options", "head", "patch")} | {
    "x-amazon-apigateway-any-method": "ANY"
}
_NOT_OPERATIONS = {"parameters", "summary", "description", "servers"}


class NotUnderstood(Exception):
    """Raised for something in an API's body that has no expansion here, rather than leaving it out silently."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, as the body writes it."""

    route_key: str
    definition: Mapping[str, Any]


def expand_http_apis(resources: Mapping[str, Resource]) -> dict[str, Resource]:
    """Return `resources` with every AWS::ApiGatewayV2::Api that has a Body spelled out; raises NotUnderstood."""
    expanded: dict[str, Resource] = {}
    for name, resource in resources.items():
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and "Body" in resource["Properties"]:
            expanded |= _expand(name, resource)
        else:
            expanded[name] = resource
    return expanded


def _expand(api: str, resource: Resource) -> dict[str, Resource]:
    body = resource["Properties"]["Body"]
    if unknown := body.keys() - _UNDERSTOOD:
        raise NotUnderstood(f"the body of {api} has {sorted(unknown)}")
    _check_servers(api, body.get("servers", []))
    operations = list(_operations(body.get("paths", {})))
    integrations = _integrations(api, operations)
    return (
        {api: _api(resource)}
        | {f"{api}Authorizer{name}": _authorizer(api, name, scheme) for name, scheme in _schemes(body)}
        | dict(integrations.values())
        | {
            f"{api}Route{number}": _route(api, operation, integrations[_key(operation)][0])
            for number, operation in enumerate(operations)
        }
    )


def _check_servers(api: str, servers: list[Mapping[str, Any]]) -> None:
    """Pass over whether the API's own address is closed: on one machine it has no other and stays open."""
    for server in servers:
        if server.keys() != {_CLOSING} or server[_CLOSING].keys() != {"disableExecuteApiEndpoint"}:
            raise NotUnderstood(f"a server of {api} has {sorted(server)}")


def _operations(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[Operation]:
    for path, methods in paths.items():
        for method, definition in methods.items():
            if method in _NOT_OPERATIONS:
                continue
            if method not in _METHODS:
                raise NotUnderstood(f"the path {path} has {method}")
            key = "$default" if path == "/$default" else f"{_METHODS[method]} {path}"
            yield Operation(key, definition)


def _api(resource: Resource) -> Resource:
    properties = {
        name: value
        for name, value in resource["Properties"].items()
        if name not in {"Body", "FailOnWarnings"}
    }
    body = resource["Properties"]["Body"]
    properties |= {"Name": body["info"]["title"], "ProtocolType": "HTTP"}
    if "x-amazon-apigateway-cors" in body:
        # In the case that the body has it (allowOrigins): MiniStack stores the property as it is and reads that case.
        properties["CorsConfiguration"] = body["x-amazon-apigateway-cors"]
    return resource | {"Properties": properties}


def _schemes(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    schemes = body.get("components", {}).get("securitySchemes", {})
    yield from schemes.items()


def _authorizer(api: str, name: str, scheme: Mapping[str, Any]) -> Resource:
    authorizer = scheme.get("x-amazon-apigateway-authorizer", {})
    if authorizer.get("type") != "jwt":
        raise NotUnderstood(f"authorizer {name} of {api} is not a JWT authorizer")
    configuration = authorizer["jwtConfiguration"]
    return {
        "Type": "AWS::ApiGatewayV2::Authorizer",
        "Properties": {
            "ApiId": {"Ref": api},
            "AuthorizerType": "JWT",
            "Name": name,
            "IdentitySource": [authorizer["identitySource"]],
            "JwtConfiguration": {"Issuer": configuration["issuer"], "Audience": configuration["audience"]},
        },
    }


def _integrations(api: str, operations: list[Operation]) -> dict[str, tuple[str, Resource]]:
    """Map what `_key` says of an operation to its integration: one for all routes that go to the same function."""
    integrations: dict[str, tuple[str, Resource]] = {}
    for operation in operations:
        if _key(operation) not in integrations:
            logical_id = f"{api}Integration{len(integrations)}"
            integrations[_key(operation)] = (logical_id, _integration(api, operation))
    return integrations


def _key(operation: Operation) -> str:
    return json.dumps(operation.definition.get("x-amazon-apigateway-integration"), sort_keys=True)


def _integration(api: str, operation: Operation) -> Resource:
    integration = operation.definition.get("x-amazon-apigateway-integration", {})
    if integration.get("type") != "aws_proxy":
        raise NotUnderstood(f"{operation.route_key} is not integrated with a function")
    return {
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {
            "ApiId": {"Ref": api},
            "IntegrationType": "AWS_PROXY",
            "IntegrationMethod": integration["httpMethod"],
            "IntegrationUri": integration["uri"],
            "PayloadFormatVersion": integration["payloadFormatVersion"],
            "TimeoutInMillis": integration.get("timeoutInMillis", 30_000),
        },
    }


def _route(api: str, operation: Operation, integration: str) -> Resource:
    return {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {
            "ApiId": {"Ref": api},
            "RouteKey": operation.route_key,
            "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
            **_authorization(api, operation),
        },
    }


def _authorization(api: str, operation: Operation) -> dict[str, Any]:
    security = operation.definition.get("security", [])
    if not security or "NONE" in security[0]:
        return {"AuthorizationType": "NONE"}
    if len(security) > 1 or len(security[0]) > 1:
        raise NotUnderstood(f"{operation.route_key} has more than one authorizer")
    ((name, scopes),) = security[0].items()
    return {
        "AuthorizationType": "JWT",
        "AuthorizerId": {"Ref": f"{api}Authorizer{name}"},
        "AuthorizationScopes": scopes,
    }


def with_api_id(resources: Mapping[str, Resource], api_id: str) -> dict[str, Resource]:
    """Return `resources` whose one HTTP API will get the id given (eight hex digits, MiniStack's tag)."""
    apis = [name for name, resource in resources.items() if resource["Type"] == "AWS::ApiGatewayV2::Api"]
    if len(apis) != 1:
        raise NotUnderstood(f"one HTTP API was expected, found {apis}")
    api = resources[apis[0]]
    tags = {**api["Properties"].get("Tags", {}), "ms-custom-id": api_id}
    return {**resources, apis[0]: {**api, "Properties": {**api["Properties"], "Tags": tags}}}
