"""A SAML message comes off its transport within bounds, or is refused before any XML is read."""

import base64
import tracemalloc
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from passwordless.saml.bindings import ReceivedMessage, from_post, from_redirect
from passwordless.saml.names import DEFLATE
from passwordless.saml.refusals import MalformedMessage
from tests.cpu_time import within
from tests.unit.saml.builders import (
    RELAY_STATE,
    RSA_SHA256,
    an_authn_request,
    deflated,
    node_escaped,
    post,
    redirect,
    sign_redirect,
)

XML = an_authn_request()
ENCODED = node_escaped(base64.b64encode(deflated(XML)).decode())


def refusal(read: Callable[[], ReceivedMessage]) -> MalformedMessage:
    with pytest.raises(MalformedMessage) as caught:
        read()
    assert caught.value.status == 400
    return caught.value


def query(payload: bytes) -> str:
    return f"SAMLRequest={node_escaped(base64.b64encode(payload).decode())}"


def test_a_deflated_redirect_is_read() -> None:
    message = from_redirect(redirect(XML))
    assert (message.xml, message.relay_state, message.binding, message.deflated) == (
        XML,
        RELAY_STATE,
        "redirect",
        True,
    )


def test_a_redirect_that_is_not_deflated_is_read_as_auth0_sends_it() -> None:
    message = from_redirect(redirect(XML, deflate=False))
    assert (message.xml, message.deflated) == (XML, False)


@pytest.mark.parametrize("wrap", [False, True])
def test_a_post_is_read_plain_and_with_wrapped_lines(wrap: bool) -> None:
    message = from_post(post(XML, wrap=wrap))
    assert (message.xml, message.relay_state, message.binding) == (XML, RELAY_STATE, "post")


def test_a_post_may_wrap_its_lines_with_crlf() -> None:
    wrapped = base64.encodebytes(XML).replace(b"\n", b"\r\n")
    assert from_post(b"SAMLRequest=" + quote(wrapped).encode()).xml == XML


def test_line_breaks_in_a_query_are_refused() -> None:
    wrapped = quote(base64.encodebytes(deflated(XML)))
    assert refusal(lambda: from_redirect(f"SAMLRequest={wrapped}")).step == "encoding"


def test_a_deflated_post_stays_deflated_and_is_never_inflated() -> None:
    assert from_post(post(deflated(XML))).xml == deflated(XML)


def test_signed_octets_are_kept_raw_and_in_the_order_of_the_specification() -> None:
    signature = node_escaped(base64.b64encode(b"signature").decode())
    raw = f"own=1&Signature={signature}&SigAlg=a%3ab&RelayState=x%2fy!'()*&SAMLRequest={ENCODED}&other="
    found = from_redirect(raw).query_signature
    assert found is not None
    assert found.octets.decode() == f"SAMLRequest={ENCODED}&RelayState=x%2fy!'()*&SigAlg=a%3ab"
    assert (found.algorithm, found.value) == ("a:b", b"signature")


def test_a_relay_state_that_was_not_sent_is_not_among_the_signed_octets() -> None:
    found = from_redirect(sign_redirect(XML, relay_state=None)).query_signature
    assert found is not None
    assert b"RelayState" not in found.octets


@pytest.mark.parametrize("name", ["SAMLRequest", "RelayState", "SigAlg", "Signature", "SAMLEncoding"])
def test_duplicate_parameters_are_refused(name: str) -> None:
    raw = sign_redirect(XML) + f"&SAMLEncoding={quote(DEFLATE)}"
    from_redirect(raw)
    assert refusal(lambda: from_redirect(f"{raw}&{name}=x")).step == "transport"


@pytest.mark.parametrize("disguise", ["SAML%52equest", "SAMLR%65quest"])
def test_a_parameter_in_disguise_is_refused(disguise: str) -> None:
    assert refusal(lambda: from_redirect(f"{disguise}={ENCODED}")).step == "transport"


@pytest.mark.parametrize("raw", ["", "RelayState=x", "samlrequest=PA", "SAMLRequest", "SAMLRequest="])
def test_a_message_without_a_request_is_refused(raw: str) -> None:
    refusal(lambda: from_redirect(raw))
    refusal(lambda: from_post(raw.encode()))


def test_a_response_beside_the_request_is_refused() -> None:
    assert refusal(lambda: from_redirect(f"{redirect(XML)}&SAMLResponse=PA%3D%3D")).step == "transport"
    assert refusal(lambda: from_post(post(XML) + b"&SAMLResponse=PA%3D%3D")).step == "transport"


@pytest.mark.parametrize("raw", [f"&SigAlg={quote(RSA_SHA256)}", "&Signature=c2ln"])
def test_sigalg_and_signature_come_together(raw: str) -> None:
    assert refusal(lambda: from_redirect(redirect(XML) + raw)).step == "transport"


def test_a_signature_in_a_form_field_is_refused_rather_than_ignored() -> None:
    body = post(XML) + b"&SigAlg=" + quote(RSA_SHA256).encode() + b"&Signature=c2ln"
    assert refusal(lambda: from_post(body)).step == "transport"


def test_saml_encoding_may_name_deflate_and_nothing_else() -> None:
    assert from_redirect(f"{redirect(XML)}&SAMLEncoding={quote(DEFLATE)}").xml == XML
    assert refusal(lambda: from_redirect(f"{redirect(XML)}&SAMLEncoding=urn:gzip")).step == "transport"
    assert refusal(lambda: from_redirect(f"{redirect(XML)}&SAMLEncoding=")).step == "transport"


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(zlib.compress(XML), id="zlib header"),
        pytest.param(deflated(XML)[:-3], id="cut off"),
        pytest.param(deflated(XML) + b"x", id="trailing byte"),
        pytest.param(deflated(XML) + deflated(XML), id="two streams"),
        pytest.param(b"\xff\xfe\xfd", id="noise"),
    ],
)
def test_a_payload_that_is_not_one_complete_raw_deflate_stream_is_refused(payload: bytes) -> None:
    assert refusal(lambda: from_redirect(query(payload))).step == "encoding"


@pytest.mark.parametrize(
    "text", ["PHNhbWw", "PHNh%20bWw-", "P%3D", "====", "PHNhbWw=x", "PHNhbWw%3D%3D%3D", "%zz"]
)
def test_base64_is_strict(text: str) -> None:
    assert refusal(lambda: from_redirect(f"SAMLRequest={text}")).step == "encoding"
    assert refusal(lambda: from_post(f"SAMLRequest={text}".encode())).step == "encoding"


def test_a_deflate_bomb_is_refused_within_time_and_memory() -> None:
    bomb = query(deflated(b"<" * (7 * 1024 * 1024)))
    assert 9_000 < len(bomb) < 10_240
    refusal(lambda: from_redirect(bomb))
    tracemalloc.start()
    found = within(0.05, lambda: refusal(lambda: from_redirect(bomb)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.step == "encoding"
    assert peak < 512 * 1024


@pytest.mark.parametrize("size", [64 * 1024, 64 * 1024 + 1])
def test_inflated_messages_are_bounded_at_64_kb(size: int) -> None:
    raw = query(deflated(b"<" + b"a" * (size - 1)))
    if size == 64 * 1024:
        assert len(from_redirect(raw).xml) == size
    else:
        assert refusal(lambda: from_redirect(raw)).step == "encoding"


def test_raw_messages_are_bounded_at_32_kb() -> None:
    at_most = b"SAMLRequest=" + b"A" * (32 * 1024)
    assert from_post(at_most).xml
    assert refusal(lambda: from_post(at_most + b"AAAA")).step == "transport"


@pytest.mark.parametrize("size", [80, 81, 8 * 1024])
def test_a_relay_state_is_kept_whole(size: int) -> None:
    value = "é" + "+" * (size - 2)
    assert from_redirect(redirect(XML, relay_state=value)).relay_state == value
    assert from_post(post(XML, relay_state=value)).relay_state == value


@pytest.mark.parametrize("size", [8 * 1024 + 1, 1024 * 1024])
def test_a_relay_state_of_one_megabyte_or_over_8_kb_is_refused(size: int) -> None:
    assert refusal(lambda: from_redirect(redirect(XML, relay_state="r" * size))).step == "transport"
    assert refusal(lambda: from_post(post(XML, relay_state="r" * size))).step == "transport"


def test_a_relay_state_with_markup_is_opaque() -> None:
    value = """"><script>alert('1')</script>&amp;%00"""
    assert from_redirect(redirect(XML, relay_state=value)).relay_state == value


def test_an_empty_relay_state_is_not_an_absent_one() -> None:
    assert from_redirect(redirect(XML, relay_state="")).relay_state == ""
    assert from_redirect(redirect(XML, relay_state=None)).relay_state is None


@pytest.mark.parametrize("raw", ["%00", "a%1b", "%ff%fe", "%c0%80", "%ed%a0%80"])
def test_a_relay_state_that_html_cannot_carry_is_refused(raw: str) -> None:
    assert refusal(lambda: from_redirect(f"SAMLRequest={ENCODED}&RelayState={raw}")).step == "transport"


def test_a_query_that_is_not_ascii_is_refused() -> None:
    assert refusal(lambda: from_redirect(redirect(XML) + "&é=1")).step == "transport"


def test_a_flood_of_parameters_is_refused() -> None:
    assert refusal(lambda: from_redirect(redirect(XML) + "&a" * 64)).step == "transport"
    assert from_redirect(redirect(XML) + "&a" * 62).xml == XML


def test_where_answers_are_taken_one_comes_in_place_of_a_request() -> None:
    xml = b"<LogoutResponse/>"
    for message in (
        from_redirect(sign_redirect(xml, parameter="SAMLResponse"), answers=True),
        from_post(post(xml, parameter="SAMLResponse"), answers=True),
    ):
        assert (message.xml, message.parameter) == (xml, "SAMLResponse")
    assert from_redirect(redirect(XML), answers=True).parameter == "SAMLRequest"


def test_the_signature_of_an_answer_covers_the_name_of_its_parameter() -> None:
    signature = from_redirect(sign_redirect(XML, parameter="SAMLResponse"), answers=True).query_signature
    assert signature is not None
    assert signature.octets.startswith(b"SAMLResponse=")


def test_an_answer_never_comes_beside_a_request() -> None:
    assert (
        refusal(lambda: from_redirect(f"{redirect(XML)}&SAMLResponse=PA%3D%3D", answers=True)).step
        == "transport"
    )
    assert refusal(lambda: from_post(post(XML) + b"&SAMLResponse=PA%3D%3D", answers=True)).step == "transport"


def test_an_answer_has_the_bounds_of_a_request() -> None:
    large = f"SAMLResponse={'A' * (32 * 1024 + 4)}"
    assert refusal(lambda: from_redirect(large, answers=True)).step == "transport"
