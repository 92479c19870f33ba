"""Where LogoutRequests and LogoutResponses go, read from a service provider's metadata."""

import pytest

from passwordless.saml.logout_endpoint import LogoutEndpoint
from passwordless.saml.metadata import read_service_provider

BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings:"
REDIRECT = f'<SingleLogoutService Binding="{BINDINGS}HTTP-Redirect" Location="https://sp.example.com/out"/>'
POST = f'<SingleLogoutService Binding="{BINDINGS}HTTP-POST" Location="https://sp.example.com/post"/>'
SOAP = f'<SingleLogoutService Binding="{BINDINGS}SOAP" Location="https://sp.example.com/soap"/>'
ANSWERS = POST.replace("/>", ' ResponseLocation="https://sp.example.com/answers"/>')


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ("", None),
        (SOAP, None),
        (REDIRECT, LogoutEndpoint("https://sp.example.com/out", by_post=False)),
        (POST, LogoutEndpoint("https://sp.example.com/post", by_post=True)),
        (SOAP + POST + REDIRECT, LogoutEndpoint("https://sp.example.com/out", by_post=False)),
        (
            ANSWERS,
            LogoutEndpoint(
                "https://sp.example.com/answers", by_post=True, request_url="https://sp.example.com/post"
            ),
        ),
    ],
)
def test_the_endpoint_is_one_that_a_browser_reaches(services: str, expected: LogoutEndpoint | None) -> None:
    acs = f'<AssertionConsumerService Binding="{BINDINGS}HTTP-POST" Location="https://sp.example.com/acs" index="0"/>'
    xml = (
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.com">'
        '<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f"{services}{acs}</SPSSODescriptor></EntityDescriptor>"
    )
    assert read_service_provider(xml.encode()).logout == expected
