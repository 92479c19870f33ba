"""edge.yaml, CloudFront and the firewall: nobody gets past, no secret is cached or logged, and SAML passes."""

import re
from typing import Any, Final

import pytest

from passwordless.viewer import SECRET_HEADER, SHORTEST_SECRET
from tests.template import properties, routes, template

EDGE: Final = template("edge.yaml")
CACHING_DISABLED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
SECRET: Final = "aB3_-" * 8
OTHER: Final = "x" * 32


def made(name: str) -> dict[str, Any]:
    """Return the properties of a resource of edge.yaml."""
    return dict(EDGE["Resources"][name]["Properties"])


def distribution() -> dict[str, Any]:
    return dict(made("Distribution")["DistributionConfig"])


def rule(name: str) -> dict[str, Any]:
    (found,) = [one for one in made("Firewall")["Rules"] if one["Name"] == name]
    return dict(found)


def pattern(file: str, parameter: str) -> str:
    return str(template(file)["Parameters"][parameter]["AllowedPattern"])


class TestBothTemplates:
    def test_the_header_is_the_one_that_the_functions_read(self) -> None:
        (origin,) = distribution()["Origins"]
        (header,) = origin["OriginCustomHeaders"]
        assert header["HeaderName"].lower() == SECRET_HEADER
        assert header["HeaderValue"] == {"Ref": "OriginSecret"}

    def test_the_origin_is_what_the_other_stack_puts_out(self) -> None:
        (origin,) = distribution()["Origins"]
        assert origin["DomainName"] == {"Ref": "OriginDomain"}
        assert "Output EdgeOriginDomain" in EDGE["Parameters"]["OriginDomain"]["Description"]
        assert template()["Outputs"]["EdgeOriginDomain"]["Value"] == {
            "Fn::GetAtt": "Domain.RegionalDomainName"
        }

    def test_the_api_s_domain_name_is_the_host_that_viewers_ask_for(self) -> None:
        """Host goes along to the API, which answers for its own domain name only."""
        host = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "PublicOrigin"}]}]}
        assert properties("Domain")["DomainName"] == host
        assert distribution()["Aliases"] == [{"Ref": "PublicHost"}]
        assert made("ToTheApi")["OriginRequestPolicyConfig"]["HeadersConfig"]["HeaderBehavior"] == (
            "allViewerAndWhitelistCloudFront"
        )

    def test_the_viewer_s_headers_are_those_that_the_functions_read(self) -> None:
        sent = made("ToTheApi")["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]
        read = ("Address", "City", "Country", "Latitude", "Longitude")
        assert sent == [f"CloudFront-Viewer-{name}" for name in read]

    @pytest.mark.parametrize("secret", [SECRET, "a" * SHORTEST_SECRET])
    def test_a_secret_of_the_edge_fits_into_the_other_template(self, secret: str) -> None:
        assert re.fullmatch(pattern("edge.yaml", "OriginSecret"), secret)
        assert re.fullmatch(pattern("template.yaml", "OriginSecret"), f"2026-11:{secret}")
        assert re.fullmatch(pattern("template.yaml", "OriginSecret"), f"2026-12:{OTHER}:{secret}")

    @pytest.mark.parametrize(
        "value", [SECRET, f":{SECRET}", f"a:{'s' * 31}", f"a:{SECRET}:{OTHER}:{OTHER}", "a:"]
    )
    def test_a_secret_without_a_name_too_short_or_one_too_many_is_refused(self, value: str) -> None:
        """The name shows that the secret is another: functions take over settings with a new version only."""
        assert re.fullmatch(pattern("template.yaml", "OriginSecret"), value) is None

    @pytest.mark.parametrize("file", ["template.yaml", "edge.yaml"])
    def test_the_secret_is_hidden(self, file: str) -> None:
        assert template(file)["Parameters"]["OriginSecret"]["NoEcho"] is True

    def test_the_api_s_own_address_is_closed_where_it_has_another(self) -> None:
        closed = {"Fn::If": ["OwnDomain", True, False]}
        assert properties("Api")["DisableExecuteApiEndpoint"] == closed


class TestDistribution:
    def test_nothing_is_cached_but_static_files_of_the_console_and_as_the_origin_says(self) -> None:
        shown = distribution()
        assert shown["DefaultCacheBehavior"]["CachePolicyId"] == CACHING_DISABLED
        (console,) = shown["CacheBehaviors"]
        assert (console["PathPattern"], console["CachePolicyId"]) == (
            "/console/*",
            {"Ref": "AsTheOriginSays"},
        )
        policy = made("AsTheOriginSays")["CachePolicyConfig"]
        assert (int(policy["MinTTL"]), int(policy["DefaultTTL"])) == (0, 0)

    def test_an_error_of_one_caller_is_not_told_to_the_next(self) -> None:
        """CloudFront keeps these for ten seconds else, whatever Cache-Control says, and without cookies in the key."""
        kept = {one["ErrorCode"]: one["ErrorCachingMinTTL"] for one in distribution()["CustomErrorResponses"]}
        assert kept == dict.fromkeys((404, 414, 500, 501, 502, 503, 504), 0)

    def test_no_other_route_is_a_static_file(self) -> None:
        under = [route.key for route in routes() if re.match(r"\w+ /console/", route.key)]
        assert under in ([], ["GET /console/{file}"])

    def test_viewers_speak_new_protocols_and_no_old_ones(self) -> None:
        shown = distribution()
        assert shown["HttpVersion"] == "http2and3"
        assert shown["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
        assert shown["IPV6Enabled"] is False
        assert shown["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "https-only"

    def test_no_log_of_cloudfront_holds_a_path_or_a_query(self) -> None:
        """S50."""
        assert "Logging" not in distribution()

    def test_every_method_of_the_api_passes(self) -> None:
        methods = {route.key.split(" ")[0] for route in routes()}
        assert methods <= set(distribution()["DefaultCacheBehavior"]["AllowedMethods"])


class TestFirewall:
    def test_it_stands_before_the_distribution(self) -> None:
        assert distribution()["WebACLId"] == {"Fn::GetAtt": "Firewall.Arn"}
        assert made("Firewall")["Scope"] == "CLOUDFRONT"

    def test_an_address_has_a_limit_and_a_tighter_one_for_posts(self) -> None:
        every, posts = rule("requests-per-address"), rule("posts-per-address")
        assert every["Statement"]["RateBasedStatement"]["Limit"] == {"Ref": "RequestsPerAddress"}
        assert posts["Statement"]["RateBasedStatement"]["Limit"] == {"Ref": "PostsPerAddress"}
        defaults = [
            int(EDGE["Parameters"][name]["Default"]) for name in ("PostsPerAddress", "RequestsPerAddress")
        ]
        assert defaults[0] < defaults[1]

    def test_the_tighter_limit_holds_for_what_phones_and_service_providers_post(self) -> None:
        told = str(rule("posts-per-address")["Statement"])
        for part in ("'POST'", "'/mobile/'", "'/saml/'"):
            assert f"'SearchString': {part}" in told

    @pytest.mark.parametrize(
        "name",
        [
            "SizeRestrictions_BODY",
            "SizeRestrictions_QUERYSTRING",
            "GenericRFI_BODY",
            "GenericRFI_QUERYARGUMENTS",
        ],
    )
    def test_a_rule_that_saml_breaks_only_counts(self, name: str) -> None:
        group = rule("common-rules")["Statement"]["ManagedRuleGroupStatement"]
        overrides = {one["Name"]: one["ActionToUse"] for one in group["RuleActionOverrides"]}
        assert overrides[name] == {"Count": {}}

    def test_the_common_rules_only_count_unless_asked_for_more(self) -> None:
        assert rule("common-rules")["OverrideAction"] == {"Fn::If": ["Counting", {"Count": {}}, {"None": {}}]}
        assert EDGE["Parameters"]["CommonRules"]["Default"] == "Count"

    def test_no_sample_of_a_request_is_kept(self) -> None:
        """S50: samples hold paths, queries and cookies."""
        settings = [made("Firewall"), *made("Firewall")["Rules"]]
        assert {one["VisibilityConfig"]["SampledRequestsEnabled"] for one in settings} == {False}

    def test_its_log_holds_blocked_requests_without_path_query_cookie_or_token(self) -> None:
        """S50."""
        logging = made("FirewallLogging")
        headers = [{"SingleHeader": {"Name": name}} for name in ("cookie", "authorization", "referer")]
        assert logging["RedactedFields"] == [{"UriPath": {}}, {"QueryString": {}}, *headers]
        assert logging["LoggingFilter"]["DefaultBehavior"] == "DROP"
        assert made("FirewallLogs")["RetentionInDays"] == {"Ref": "LogRetentionDays"}
        assert made("FirewallLogs")["LogGroupName"] == {"Fn::Sub": "aws-waf-logs-${AWS::StackName}"}

    def test_it_can_only_be_deployed_where_cloudfront_looks_for_it(self) -> None:
        (rules,) = EDGE["Rules"].values()
        assert rules["Assertions"][0]["Assert"] == {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}


@pytest.mark.parametrize("name", EDGE["Parameters"])
def test_every_parameter_is_explained_and_used(name: str) -> None:
    assert len(EDGE["Parameters"][name]["Description"]) > 20
    assert f"{{'Ref': '{name}'}}" in str({part: EDGE[part] for part in ("Resources", "Conditions")})
