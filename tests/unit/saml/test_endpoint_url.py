"""S33: which URLs answers may be sent to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passwordless.errors import Unprocessable
from passwordless.saml.metadata import check_endpoint_url
from tests.unit.saml.builders import ACS

ORIGIN = "https://login.example.com"


def accepts(url: str, *, origin: str = ORIGIN, loopback: bool = False) -> bool:
    try:
        check_endpoint_url(url, public_origin=origin, allow_http_loopback=loopback)
    except Unprocessable:
        return False
    return True


def test_a_refusal_says_what_to_do_and_repeats_nothing_of_the_url() -> None:
    with pytest.raises(Unprocessable) as caught:
        check_endpoint_url("https://marked\x1b/", public_origin=ORIGIN, allow_http_loopback=False)
    assert (caught.value.code, caught.value.status) == ("endpoint_url_invalid", 422)
    assert "marked" not in f"{caught.value.detail}{caught.value.guidance}"
    assert caught.value.private == '"https://marked\\x1b/"'


@pytest.mark.parametrize(
    "url",
    [
        ACS,
        "https://sp.example.com",
        "https://sp.example.com:8443/acs",
        "https://sp.example.com?x=1",
        "https://SP.Example.com/%7Euser/(acs)!*'",
        "https://xn--bcher-kva.example/acs",
        "https://10.1.2.3/acs",
        "https://intranet/acs",
        "https://sp.example.com/" + "a" * 2020,
    ],
)
def test_an_absolute_https_url_is_accepted(url: str) -> None:
    assert accepts(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/acs",
        "//sp.example.com/acs",
        "http://sp.example.com/acs",
        "HTTPS://sp.example.com/acs",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/hostname",
        "https:///acs",
        "https://user@sp.example.com/acs",
        "https://user:password@sp.example.com/",
        "https://good.example\\@evil.example/",
        "https://sp.example.com/acs#fragment",
        "https://sp.example.com/acs#",
        "https://sp_1.example.com/",
        "https://-sp.example.com/",
        "https://sp..example.com/",
        "https://sp.example.com./",
        "https://bücher.example/",
        "https://sp.example.com:0/",
        "https://sp.example.com:65536/",
        "https://sp.example.com:/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://127.1/",
        "https://sp.example.0x1f/",
        "https://sp.example.com/a b",
        "https://sp.example.com/\r\nSet-Cookie:x",
        "https://sp.example.com/\x00",
        'https://sp.example.com/"><script>',
        "https://sp.example.com/%zz",
        "https://sp.example.com/acs\n",
        " https://sp.example.com/acs",
        "https://" + "a" * 64 + ".example/",
        "https://sp.example.com/" + "a" * 2026,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    assert not accepts(url)
    assert not accepts(url, loopback=True) or url.startswith("http://")


@pytest.mark.parametrize(
    "url",
    [
        "https://login.example.com/acs",
        "https://login.example.com",
        "https://LOGIN.example.com/x",
        "https://login.example.com:443/x",
    ],
)
def test_our_own_origin_is_refused_however_it_is_written(url: str) -> None:
    assert not accepts(url)
    assert accepts(url, origin="https://other.example.com")


def test_another_port_is_another_origin() -> None:
    assert accepts("https://login.example.com:8443/acs")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/acs", "http://localhost/acs", "http://auth0.localhost:3000/login?x=1"]
)
def test_http_is_for_loopback_hosts_and_only_if_allowed(url: str) -> None:
    assert accepts(url, loopback=True)
    assert not accepts(url, loopback=False)


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://localhost.example.com/", "http://xlocalhost/"])
def test_http_is_never_for_other_hosts(url: str) -> None:
    assert not accepts(url, loopback=True)


def test_our_own_origin_on_a_loopback_host_is_refused() -> None:
    own = "http://abcd1234.execute-api.localhost:4566"
    assert not accepts(f"{own}/acs", origin=own, loopback=True)
    assert accepts("http://127.0.0.1:4566/acs", origin=own, loopback=True)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=80))
def test_any_text_is_accepted_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://sp.example.com/{text}"):
        accepts(url)
