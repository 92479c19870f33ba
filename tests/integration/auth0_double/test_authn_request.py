"""The AuthnRequest that the double sends: Auth0's shape, in each binding, signed or not."""

import base64
import re
from urllib.parse import unquote, urlsplit

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree
from signxml.verifier import XMLVerifier

from tests.integration.auth0_double.browser import Sent, begin
from tests.integration.auth0_double.calls import a_body, create, get, some_options
from tests.integration.auth0_double.process import Double

SHAPE = (
    '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"    \tDestination="{destination}"    '
    'ID="_[0-9a-f]{{32}}"    IssueInstant="\\d{{4}}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"    '
    'ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-{binding}" Version="2.0">'
    '<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">urn:auth0:acme:{name}</saml:Issuer>'
    "{signature}</samlp:AuthnRequest>"
)
SSO = "http://a1b2.execute-api.localhost:4566/saml/app/sso"
BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-"


def has_shape(sent: Sent, binding: str, name: str = "acme-x2k4") -> bool:
    """The template's own spacing, as it is without an enveloped signature."""
    pattern = SHAPE.format(destination=re.escape(SSO), binding=binding, name=name, signature="")
    return re.fullmatch(pattern, sent.xml) is not None


def has_signed_shape(sent: Sent, binding: str, name: str = "acme-x2k4") -> bool:
    """Signing serialises the request anew, which leaves one space between attributes."""
    pattern = re.sub(r" +\t?", " ", SHAPE).format(
        destination=re.escape(SSO), binding=binding, name=name, signature="<Signature .*</Signature>"
    )
    return re.fullmatch(pattern, sent.xml) is not None


def sp_certificate(double: Double) -> x509.Certificate:
    return x509.load_pem_x509_certificate(get(double, "/rawpem?cert=connection").content)


def verify_query(double: Double, query: str) -> None:
    signed, _, signature = query.partition("&Signature=")
    key = sp_certificate(double).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(
        base64.b64decode(unquote(signature)), signed.encode("latin-1"), padding.PKCS1v15(), hashes.SHA256()
    )


def verify_enveloped(double: Double, xml: str) -> None:
    verified = XMLVerifier().verify(etree.fromstring(xml.encode()), x509_cert=sp_certificate(double))
    signed = verified[0] if isinstance(verified, list) else verified
    assert signed.signed_xml is not None
    assert signed.signed_xml.tag.endswith("AuthnRequest")


def test_a_connection_that_signs_sends_a_redirect_signed_over_the_raw_query(
    double: Double, browser: requests.Session
) -> None:
    sent = begin(browser, double, "acme-x2k4")
    query = urlsplit(sent.url).query
    assert sent.url.startswith(SSO + "?SAMLRequest=")
    assert re.findall(r"(?:^|&)(\w+)=", query) == ["SAMLRequest", "RelayState", "SigAlg", "Signature"]
    assert has_shape(sent, "POST")
    verify_query(double, query)


def test_a_relay_state_with_marks_that_node_leaves_bare_is_signed_as_sent(
    double: Double, browser: requests.Session
) -> None:
    double.settings(authn_request={"relay_state": "a!'()*~ &+=/é"})
    sent = begin(browser, double, "acme-x2k4")
    query = urlsplit(sent.url).query
    assert "RelayState=a!'()*~%20%26%2B%3D%2F%C3%A9&" in query
    verify_query(double, query)


def test_a_connection_that_does_not_sign_sends_a_bare_redirect(
    double: Double, browser: requests.Session
) -> None:
    create(double, a_body(double, name="bare", options=some_options(signSAMLRequest=False)))
    sent = begin(browser, double, "bare")
    assert "Sig" not in sent.url
    assert has_shape(sent, "POST", name="bare")


def test_the_endpoints_own_query_is_kept_in_front(double: Double, browser: requests.Session) -> None:
    create(double, a_body(double, name="query", options=some_options(signInEndpoint=SSO + "?a=1&b=2")))
    assert begin(browser, double, "query").url.startswith(SSO + "?a=1&b=2&SAMLRequest=")


def test_the_request_says_the_binding_that_the_connection_names(
    double: Double, browser: requests.Session
) -> None:
    options = some_options(protocolBinding=BINDING + "Redirect")
    create(double, a_body(double, name="named", options=options))
    assert has_shape(begin(browser, double, "named"), "Redirect", name="named")


def test_without_deflate_the_redirect_carries_an_enveloped_signature(
    double: Double, browser: requests.Session
) -> None:
    double.settings(authn_request={"deflate": False})
    sent = begin(browser, double, "acme-x2k4")
    assert "&Signature=" not in sent.url
    assert base64.b64decode(unquote(urlsplit(sent.url).query.split("=")[1].split("&")[0]))[:1] == b"<"
    assert has_signed_shape(sent, "POST")
    verify_enveloped(double, sent.xml)


def test_a_post_is_a_form_with_an_enveloped_signature(double: Double, browser: requests.Session) -> None:
    create(double, a_body(double, name="post", options=some_options(protocolBinding=BINDING + "POST")))
    sent = begin(browser, double, "post")
    assert sent.url == SSO
    assert has_signed_shape(sent, "POST", name="post")
    verify_enveloped(double, sent.xml)


def test_control_can_change_binding_and_signature(double: Double, browser: requests.Session) -> None:
    double.settings(authn_request={"binding": "post", "signed": False})
    sent = begin(browser, double, "acme-x2k4")
    assert (sent.url, has_shape(sent, "POST")) == (SSO, True)


def test_a_request_template_can_name_the_assertion_consumer_service(
    double: Double, browser: requests.Session
) -> None:
    template = (
        '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="@@ID@@" Version="2.0" '
        'AssertionConsumerServiceURL="@@AssertionConsumerServiceURL@@"/>'
    )
    create(double, a_body(double, name="template", options=some_options(requestTemplate=template)))
    sent = begin(browser, double, "template")
    acs = etree.fromstring(sent.xml.encode()).get("AssertionConsumerServiceURL")
    assert acs == double.acs("template")


def test_a_tenant_whose_clock_is_wrong_dates_the_request_so(
    double: Double, browser: requests.Session
) -> None:
    double.settings(clock_offset_seconds=-86400)
    sent = begin(browser, double, "acme-x2k4")
    now = double.state()["now"]
    assert (etree.fromstring(sent.xml.encode()).get("IssueInstant") or "")[:10] == now[:10]
