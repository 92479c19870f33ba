"""Signatures of AuthnRequests: only a registered key counts, and only what it signed goes on."""

import base64
import hmac
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from lxml import etree

from passwordless.model.applications import ServiceProvider
from passwordless.saml.bindings import from_post, from_redirect
from passwordless.saml.refusals import Refusal
from passwordless.saml.request import AuthnRequest
from tests.unit.saml.builders import (
    ACS,
    ALGORITHMS,
    NOW,
    SECOND_ACS,
    an_authn_request,
    an_sp,
    checked,
    enveloped,
    key_pair,
    node_escaped,
    post,
    redirect,
    sign_post,
    sign_redirect,
)
from tests.unit.saml.forgery import (
    DS,
    ENVELOPED,
    EXCLUSIVE,
    SHA1_URI,
    Recipe,
    canonical,
    forge,
    key_info,
    rsa_sha256,
    signature,
)

XML = an_authn_request()
OTHER = an_authn_request(attributes=f'AssertionConsumerServiceURL="{SECOND_ACS}"')
BOTH_ACS = an_sp(acs_urls=(ACS, SECOND_ACS))
UNREQUIRED = an_sp(require_signed_requests=False, acs_urls=(ACS, SECOND_ACS))
ATTACKER = "attacker.example"


def by_post(xml: bytes, sp: ServiceProvider = BOTH_ACS) -> AuthnRequest:
    return checked(from_post(post(xml)), sp)


def by_redirect(raw: str, sp: ServiceProvider = BOTH_ACS) -> AuthnRequest:
    return checked(from_redirect(raw), sp)


def refused(run: Callable[[], AuthnRequest], *steps: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        run()
    assert caught.value.step in (steps or ("signature",))
    assert 400 <= caught.value.status < 500
    return caught.value


# Queries


@pytest.mark.parametrize("algorithm", [uri for uri in ALGORITHMS if not uri.endswith("sha1")])
def test_a_query_signature_holds_with_every_accepted_algorithm(algorithm: str) -> None:
    assert by_redirect(sign_redirect(XML, algorithm=algorithm)).signed


def test_a_sha_1_query_signature_is_refused() -> None:
    sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
    found = refused(lambda: by_redirect(sign_redirect(XML, algorithm=sha1)))
    assert found.private is not None
    assert "rsa-sha1" in found.private


def test_a_query_signature_keyed_with_the_certificate_is_refused() -> None:
    """Key confusion: HMAC with what everybody knows."""
    algorithm = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
    octets = f"{redirect(XML)}&SigAlg={node_escaped(algorithm)}"
    for secret in (key_pair().certificate, key_pair().certificate_pem):
        value = hmac.digest(secret.encode(), octets.encode(), "sha256")
        raw = f"{octets}&Signature={node_escaped(base64.b64encode(value).decode())}"
        refused(lambda raw=raw: by_redirect(raw))  # type: ignore[misc]


@pytest.mark.parametrize("sp", [BOTH_ACS, UNREQUIRED])
def test_a_query_signature_by_another_key_is_refused_required_or_not(sp: ServiceProvider) -> None:
    assert by_redirect(sign_redirect(XML), sp).signed
    refused(lambda: by_redirect(sign_redirect(XML, pair=key_pair(ATTACKER)), sp))


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(lambda raw: raw.replace("RelayState=e", "RelayState=f"), id="other relay state"),
        pytest.param(lambda raw: raw.replace("!", "%21"), id="encoded again"),
        pytest.param(lambda raw: raw.replace("%20", "+"), id="space written otherwise"),
        pytest.param(lambda raw: raw.replace("%2F", "%2f", 1), id="lower-case escapes"),
        pytest.param(
            lambda raw: "&".join(p for p in raw.split("&") if p[:5] != "Relay"), id="relay state dropped"
        ),
        pytest.param(lambda raw: raw.replace("rsa-sha256", "rsa-sha512"), id="algorithm swapped"),
        pytest.param(
            lambda raw: raw.replace(redirect(XML, relay_state=None), redirect(OTHER, relay_state=None)),
            id="message swapped",
        ),
        pytest.param(lambda raw: raw[:-12] + node_escaped("AAAA") * 3, id="value altered"),
        pytest.param(lambda raw: raw[: raw.index("&Signature=")] + "&Signature=AAAA", id="value short"),
    ],
)
def test_an_altered_signed_query_is_refused(alter: Callable[[str], str]) -> None:
    raw = sign_redirect(XML)
    assert by_redirect(raw).signed
    altered = alter(raw)
    assert altered != raw
    refused(lambda: by_redirect(altered), "signature", "encoding")


def test_the_signed_query_of_another_message_is_not_reusable() -> None:
    raw = sign_redirect(XML, relay_state=None)
    refused(lambda: by_redirect(raw + "&RelayState=injected"))


def test_own_parameters_and_another_order_leave_a_query_signature_whole() -> None:
    parts = sign_redirect(XML).split("&")
    assert by_redirect("&".join(["tenant=1", *reversed(parts), "utm=x"])).signed


@pytest.mark.parametrize("position", [0, 1, 2])
def test_every_registered_certificate_is_tried(position: int) -> None:
    pairs = [key_pair(f"key-{n}") for n in range(3)]
    sp = an_sp(certificates=("garbage", *(pair.certificate for pair in pairs)))
    assert by_redirect(sign_redirect(XML, pair=pairs[position]), sp).signed
    assert checked(from_post(sign_post(XML, pair=pairs[position])), sp).signed
    refused(lambda: by_redirect(sign_redirect(XML), sp))
    refused(lambda: checked(from_post(sign_post(XML)), sp))


@pytest.mark.parametrize(("start", "end"), [(-3650, -3000), (3000, 3650)])
def test_an_expired_or_future_certificate_still_carries_its_key(start: int, end: int) -> None:
    pair = key_pair("odd-dates", not_before=NOW + timedelta(days=start), not_after=NOW + timedelta(days=end))
    sp = an_sp(certificates=(pair.certificate,))
    assert by_redirect(sign_redirect(XML, pair=pair), sp).signed
    assert checked(from_post(sign_post(XML, pair=pair)), sp).signed


# Enveloped signatures


def test_an_enveloped_signature_holds_by_post_and_in_a_redirect_that_is_not_deflated() -> None:
    signed = enveloped(XML)
    assert by_post(signed).signed
    assert by_redirect(redirect(signed, deflate=False)).signed


def test_an_enveloped_signature_in_a_deflated_message_is_no_proof() -> None:
    signed = enveloped(XML)
    refused(lambda: by_redirect(redirect(signed)), "signed")
    assert by_redirect(redirect(signed), UNREQUIRED).signed is False
    assert by_redirect(sign_redirect(signed), BOTH_ACS).signed


def test_a_bad_enveloped_signature_is_refused_even_where_it_proves_nothing() -> None:
    bad = enveloped(XML, pair=key_pair(ATTACKER))
    refused(lambda: by_redirect(redirect(bad), UNREQUIRED))
    refused(lambda: by_redirect(sign_redirect(bad)))
    refused(lambda: by_post(bad, UNREQUIRED))


def test_the_hand_made_signature_is_a_control_that_passes() -> None:
    assert by_post(forge(XML, Recipe())).signed
    inclusive = (
        '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces '
        'xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs"/></ds:Transform>'
    )
    assert by_post(forge(XML, Recipe(transforms=(ENVELOPED, inclusive)))).signed


def test_the_key_inside_the_message_is_never_used() -> None:
    """Key confusion: KeyInfo carries the attacker's certificate, or the registered one beside another's signature."""
    attacker = key_pair(ATTACKER)
    refused(lambda: by_post(enveloped(XML, pair=attacker)))
    forged = Recipe(sign=rsa_sha256(attacker), key_info=key_info(key_pair()))
    refused(lambda: by_post(forge(XML, forged)))
    assert by_post(forge(XML, Recipe(key_info=key_info(attacker)))).signed
    value = "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQ==</ds:Modulus><ds:Exponent>AQAB</ds:Exponent>"
    both = key_info(attacker).replace("</ds:KeyInfo>", f"{value}</ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>")
    assert by_post(forge(XML, Recipe(key_info=both))).signed


def test_a_signature_keyed_with_the_certificate_is_refused() -> None:
    """Key confusion: HMAC with what everybody knows."""
    for secret in (key_pair().certificate, key_pair().certificate_pem):
        recipe = Recipe(
            sign=lambda data, secret=secret: hmac.digest(secret.encode(), data, "sha256"),  # type: ignore[misc]
            method="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        )
        refused(lambda recipe=recipe: by_post(forge(XML, recipe)))  # type: ignore[misc]


def test_sha_1_is_refused_as_signature_and_as_digest() -> None:
    by_sha1 = Recipe(
        sign=lambda data: key_pair().key.sign(data, PKCS1v15(), SHA1()),  # noqa: S303  the attack
        method="http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    )
    refused(lambda: by_post(forge(XML, by_sha1)))
    refused(lambda: by_post(forge(XML, Recipe(digest=SHA1_URI))))


XPATH = (
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">'
    "<ds:XPath>not(ancestor-or-self::node())</ds:XPath></ds:Transform>"
)
XPATH_FILTER = (
    '<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2">'
    '<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">/</f:XPath></ds:Transform>'
)
XSLT = (
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116">'
    '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0"><x:template match="/"/></x:stylesheet>'
    "</ds:Transform>"
)
XPATH_IN_C14N = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ds:XPath>self::x</ds:XPath></ds:Transform>'
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


@pytest.mark.parametrize(
    "transforms",
    [
        pytest.param((ENVELOPED, XPATH, EXCLUSIVE), id="xpath"),
        pytest.param((XPATH,), id="xpath alone"),
        pytest.param((ENVELOPED, XPATH_FILTER, EXCLUSIVE), id="xpath filter"),
        pytest.param((ENVELOPED, XSLT, EXCLUSIVE), id="xslt"),
        pytest.param((ENVELOPED, XPATH_IN_C14N), id="xpath inside canonicalization"),
    ],
)
@pytest.mark.parametrize("covered", [b"", None])
def test_a_signature_over_nothing_by_a_transform_is_refused(
    transforms: tuple[str, ...], covered: bytes | None
) -> None:
    """Even by the registered key: the transform could leave out everything that is read."""
    refused(lambda: by_post(forge(XML, Recipe(transforms=transforms, covered=covered))))


@pytest.mark.parametrize(
    "recipe",
    [
        pytest.param(Recipe(transforms=()), id="no transforms"),
        pytest.param(Recipe(transforms=(ENVELOPED,)), id="enveloped alone"),
        pytest.param(Recipe(transforms=(EXCLUSIVE,)), id="canonicalization alone"),
        pytest.param(Recipe(transforms=(ENVELOPED, ENVELOPED, EXCLUSIVE)), id="doubled"),
        pytest.param(Recipe(transforms=(ENVELOPED, f'<ds:Transform Algorithm="{C14N}"/>')), id="inclusive"),
        pytest.param(Recipe(canonicalization=C14N), id="inclusive SignedInfo"),
        pytest.param(
            Recipe(canonicalization="http://www.w3.org/2001/10/xml-exc-c14n#WithComments"), id="comments"
        ),
        pytest.param(Recipe(uri=""), id="empty URI"),
        pytest.param(Recipe(uri="#_other"), id="other ID"),
        pytest.param(Recipe(uri="#xpointer(/)"), id="xpointer"),
        pytest.param(Recipe(uri="https://attacker.example/signed.xml"), id="external URI"),
        pytest.param(Recipe(references=2), id="two references"),
        pytest.param(Recipe(objects="<ds:Object>x</ds:Object>"), id="object"),
        pytest.param(Recipe(covered=b"<x/>"), id="digest of something else"),
        pytest.param(Recipe(sign=lambda data: b"\x00" * 256), id="zero signature"),
        pytest.param(Recipe(sign=lambda data: b""), id="empty signature"),
    ],
)
def test_a_signature_of_another_shape_is_refused(recipe: Recipe) -> None:
    refused(lambda: by_post(forge(XML, recipe)), "signature", "xml")


@pytest.mark.parametrize("sp", [BOTH_ACS, UNREQUIRED])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ACS.encode(), SECOND_ACS.encode()),
        (b'Version="2.0"', b'Version="2.0" ForceAuthn="true"'),
        (b"2026-02-09T11:56:42Z", b"2026-02-09T11:56:41Z"),
        (b"_3f1c", b"_3f1d"),
    ],
)
def test_altered_signed_content_is_refused_required_or_not(
    sp: ServiceProvider, old: bytes, new: bytes
) -> None:
    signed = enveloped(an_authn_request(attributes=f'AssertionConsumerServiceURL="{ACS}"'))
    assert by_post(signed, sp).acs_url == ACS
    assert old in signed
    refused(lambda: by_post(signed.replace(old, new), sp))


# Signature wrapping: the signed request moves, another takes its place and asks for another registered ACS.

EVIL_ID = "_evil"


def _parts() -> tuple[etree._Element, etree._Element, etree._Element]:
    """Return the signed request, the same without its signature, and the signature."""
    signed = etree.fromstring(enveloped(XML))
    bare = etree.fromstring(enveloped(XML))
    taken = bare.find(f"{{{DS}}}Signature")
    assert taken is not None
    bare.remove(taken)
    return signed, bare, taken


def _evil(request_id: str = EVIL_ID) -> etree._Element:
    return etree.fromstring(an_authn_request(request_id=request_id, attributes=_SECOND))


_SECOND = f'AssertionConsumerServiceURL="{SECOND_ACS}"'
_EXTENSIONS = "{urn:oasis:names:tc:SAML:2.0:protocol}Extensions"


def _with_extensions(evil: etree._Element, position: int, *content: etree._Element) -> bytes:
    extensions = etree.Element(_EXTENSIONS)
    extensions.extend(content)
    evil.insert(position, extensions)
    return etree.tostring(evil)


def xsw_1() -> bytes:
    """The signature stays with an evil root, the signed request inside its Object."""
    _, bare, taken = _parts()
    etree.SubElement(taken, f"{{{DS}}}Object").append(bare)
    evil = _evil()
    evil.insert(1, taken)
    return etree.tostring(evil)


def xsw_2() -> bytes:
    """A detached signature beside the signed request, both in Extensions."""
    _, bare, taken = _parts()
    return _with_extensions(_evil(), 1, taken, bare)


def xsw_3() -> bytes:
    """The whole signed request in the Extensions of an evil one."""
    return _with_extensions(_evil(), 1, _parts()[0])


def xsw_4() -> bytes:
    """An evil request inside the signed one, with the signed ID."""
    signed, _, _ = _parts()
    return _with_extensions(signed, 2, _evil("_3f1c0a9d8e7b6a5f4e3d2c1b0a998877"))


def xsw_5() -> bytes:
    """The signature at an evil root, the signed request without it in Extensions."""
    _, bare, taken = _parts()
    evil = _evil()
    evil.insert(1, taken)
    return _with_extensions(evil, 2, bare)


def xsw_6() -> bytes:
    """An evil root with the signed ID and signature; the signed request in the signature's Object."""
    _, bare, taken = _parts()
    etree.SubElement(taken, f"{{{DS}}}Object").append(bare)
    evil = _evil("_3f1c0a9d8e7b6a5f4e3d2c1b0a998877")
    evil.insert(1, taken)
    return etree.tostring(evil)


def xsw_7() -> bytes:
    """An evil root with the signed ID and signature; the signed request in Extensions, lax content."""
    _, bare, taken = _parts()
    evil = _evil("_3f1c0a9d8e7b6a5f4e3d2c1b0a998877")
    evil.insert(1, taken)
    wrapper = etree.Element("{urn:x}wrapper")
    wrapper.append(bare)
    return _with_extensions(evil, 2, wrapper)


def xsw_8() -> bytes:
    """As 7, with the signed request's ID hidden in an attribute that the schema does not know as an ID."""
    _, _, taken = _parts()
    evil = _evil("_3f1c0a9d8e7b6a5f4e3d2c1b0a998877")
    evil.insert(1, taken)
    hidden = etree.Element("{urn:x}AuthnRequest", {"{urn:x}ID": "_3f1c0a9d8e7b6a5f4e3d2c1b0a998877"})
    return _with_extensions(evil, 2, hidden)


@pytest.mark.parametrize("sp", [BOTH_ACS, UNREQUIRED])
@pytest.mark.parametrize("attack", [xsw_1, xsw_2, xsw_3, xsw_4, xsw_5, xsw_6, xsw_7, xsw_8])
def test_signature_wrapping_is_refused(attack: Callable[[], bytes], sp: ServiceProvider) -> None:
    assert by_post(etree.tostring(_parts()[0]), sp).acs_url == ACS
    refused(lambda: by_post(attack(), sp), "xml", "signature")
    refused(lambda: by_redirect(redirect(attack(), deflate=False), sp), "xml", "signature")


def test_the_evil_request_of_the_wrappings_would_be_accepted_when_signed() -> None:
    assert by_post(enveloped(etree.tostring(_evil()))).acs_url == SECOND_ACS


def test_two_signatures_are_refused() -> None:
    signed = etree.fromstring(enveloped(XML))
    signed.insert(1, signature(Recipe(), signed.get("ID", ""), canonical(signed)))
    refused(lambda: by_post(etree.tostring(signed)), "xml", "signature")


def test_a_signature_deep_in_extensions_is_refused_and_the_same_without_it_accepted() -> None:
    plain = an_authn_request(children='<samlp:Extensions><x:y xmlns:x="urn:x"/></samlp:Extensions>')
    assert by_post(plain, UNREQUIRED).signed is False
    root = etree.fromstring(plain)
    root[1][0].append(signature(Recipe(), "#_a", b""))
    refused(lambda: by_post(etree.tostring(root), UNREQUIRED))


def test_a_signature_beside_a_valid_one_is_refused() -> None:
    """Even when the valid one covers it: a second signature could be taken for the first by another reader."""
    root = etree.fromstring(
        an_authn_request(children='<samlp:Extensions><x:y xmlns:x="urn:x"/></samlp:Extensions>')
    )
    assert by_post(enveloped(etree.tostring(root))).signed
    root[1][0].append(signature(Recipe(), "#_a", b""))
    refused(lambda: by_post(enveloped(etree.tostring(root))))


def test_an_unsigned_request_adds_no_trust() -> None:
    """What it names is used only as far as it is registered."""
    assert by_post(OTHER, UNREQUIRED).acs_url == SECOND_ACS
    refused(lambda: by_post(OTHER, an_sp(require_signed_requests=False)), "acs")


def test_white_space_inside_a_signed_request_is_kept() -> None:
    spaced = an_authn_request(
        children="\n\t <samlp:Extensions>\n<x:y xmlns:x='urn:x'>&#13; x </x:y></samlp:Extensions>\n"
    )
    assert by_post(enveloped(spaced)).signed
