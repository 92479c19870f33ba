"""The expansion of an HTTP API's OpenAPI body into resources."""

from typing import Any

import pytest

from local.http_api import NotUnderstood, expand_http_apis, with_api_id

Resources = dict[str, dict[str, Any]]


def an_operation(function: str = "Poll", scopes: list[Any] | None = None) -> dict[str, Any]:
    uri = {"Fn::Sub": f"arn:…/functions/${{{function}Function.Arn}}/invocations"}
    integration = {"httpMethod": "POST", "type": "aws_proxy", "uri": uri, "payloadFormatVersion": "2.0"}
    security = {} if scopes is None else {"security": [{"AdminToken": scopes}]}
    return {"x-amazon-apigateway-integration": integration, "responses": {}, **security}


def an_api(paths: dict[str, Any], **body: Any) -> Resources:
    scheme = {
        "type": "oauth2",
        "x-amazon-apigateway-authorizer": {
            "type": "jwt",
            "identitySource": "$request.header.Authorization",
            "jwtConfiguration": {"issuer": {"Ref": "JwtIssuer"}, "audience": [{"Ref": "JwtAudience"}]},
        },
    }
    document = {
        "openapi": "3.0.1",
        "info": {"title": {"Ref": "AWS::StackName"}, "version": "1.0"},
        "components": {"securitySchemes": {"AdminToken": scheme}},
        "paths": paths,
        **body,
    }
    return {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": document, "FailOnWarnings": True}}
    }


def of_type(resources: Resources, name: str) -> dict[str, dict[str, Any]]:
    wanted = f"AWS::ApiGatewayV2::{name}"
    return {key: value["Properties"] for key, value in resources.items() if value["Type"] == wanted}


def test_a_public_route_gets_no_authorizer() -> None:
    expanded = expand_http_apis(an_api({"/sessions/{session_id}": {"get": an_operation()}}))
    (route,) = of_type(expanded, "Route").values()
    assert route["RouteKey"] == "GET /sessions/{session_id}"
    assert route["AuthorizationType"] == "NONE"
    assert "AuthorizerId" not in route


def test_a_protected_route_keeps_its_authorizer_and_scopes() -> None:
    scopes = [{"Ref": "ReadScope"}]
    expanded = expand_http_apis(an_api({"/applications": {"get": an_operation("Connect", scopes)}}))
    (route,) = of_type(expanded, "Route").values()
    assert route["AuthorizationType"] == "JWT"
    assert route["AuthorizerId"] == {"Ref": "ApiAuthorizerAdminToken"}
    assert route["AuthorizationScopes"] == scopes


def test_the_authorizer_keeps_issuer_audience_and_where_the_token_is() -> None:
    authorizer = of_type(expand_http_apis(an_api({})), "Authorizer")["ApiAuthorizerAdminToken"]
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert authorizer["JwtConfiguration"] == {
        "Issuer": {"Ref": "JwtIssuer"},
        "Audience": [{"Ref": "JwtAudience"}],
    }


def test_routes_of_one_function_share_an_integration() -> None:
    paths = {"/a": {"get": an_operation(), "post": an_operation()}, "/b": {"get": an_operation("Sso")}}
    expanded = expand_http_apis(an_api(paths))
    targets = {route["RouteKey"]: str(route["Target"]) for route in of_type(expanded, "Route").values()}
    assert len(of_type(expanded, "Integration")) == 2
    assert targets["GET /a"] == targets["POST /a"] != targets["GET /b"]


def test_every_route_points_at_an_integration_that_is_there() -> None:
    paths = {f"/{name}": {"get": an_operation(name)} for name in ("Sso", "Poll", "Verify")}
    expanded = expand_http_apis(an_api(paths))
    targets = [route["Target"]["Fn::Join"][1][1]["Ref"] for route in of_type(expanded, "Route").values()]
    assert sorted(targets) == sorted(of_type(expanded, "Integration"))


def test_any_method_and_the_default_route_have_their_own_keys() -> None:
    paths = {
        "/any": {"x-amazon-apigateway-any-method": an_operation()},
        "/$default": {"x-amazon-apigateway-any-method": an_operation()},
    }
    keys = {route["RouteKey"] for route in of_type(expand_http_apis(an_api(paths)), "Route").values()}
    assert keys == {"ANY /any", "$default"}


def test_cors_goes_to_the_api_and_the_body_goes_away() -> None:
    cors = {"allowOrigins": ["https://console.example.com"], "maxAge": 300}
    expanded = expand_http_apis(an_api({}, **{"x-amazon-apigateway-cors": cors}))
    (api,) = of_type(expanded, "Api").values()
    assert api == {"Name": {"Ref": "AWS::StackName"}, "ProtocolType": "HTTP", "CorsConfiguration": cors}


def test_other_resources_stay_as_they_are() -> None:
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"BillingMode": "PAY_PER_REQUEST"}}
    assert expand_http_apis({"Table": table}) == {"Table": table}


@pytest.mark.parametrize(
    ("paths", "body"),
    [
        ({"/a": {"get": {"responses": {}}}}, {}),
        ({"/a": {"Fn::If": ["Condition", {}, {}]}}, {}),
        ({"/a": {"get": {**an_operation(), "security": [{"A": []}, {"B": []}]}}}, {}),
        ({}, {"x-amazon-apigateway-policy": {}}),
        ({}, {"components": {"securitySchemes": {"Custom": {"type": "apiKey"}}}}),
    ],
    ids=[
        "no integration",
        "a condition",
        "two authorizers",
        "unknown extension",
        "another kind of authorizer",
    ],
)
def test_what_has_no_expansion_is_refused(paths: dict[str, Any], body: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        expand_http_apis(an_api(paths, **body))


def test_the_api_id_is_pinned_beside_other_tags() -> None:
    api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Tags": {"a": "b"}}}
    pinned = with_api_id({"Api": api}, "0a1b2c3d")
    assert pinned["Api"]["Properties"]["Tags"] == {"a": "b", "ms-custom-id": "0a1b2c3d"}
    assert api["Properties"] == {"Tags": {"a": "b"}}


def test_an_id_for_two_apis_is_refused() -> None:
    api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {}}
    with pytest.raises(NotUnderstood):
        with_api_id({"One": api, "Two": api}, "0a1b2c3d")
