"""S30: whatever arrives at the sign-in address, nothing breaks, nothing is reflected, nothing is sent astray.

Each example runs through the whole function, on real tables and keys, within a bound of CPU time and of memory.
"""

import base64
import tracemalloc
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.sso import handler as sso
from passwordless.model.applications import Application
from tests.calls import Answer, call
from tests.conformance.lab import POST_BINDING, a_generic_application
from tests.cpu_time import within
from tests.house import House
from tests.sign_in import authn_request
from tests.unit.saml.builders import (
    an_issuer,
    enveloped,
    node_escaped,
    post,
    redirect,
    sign_post,
    sign_redirect,
)

MAX_SECONDS = 0.5
MAX_MEMORY = 8 * 1024 * 1024
CANARY = "\"'><canary canary=1>"
bounded = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def application(emulated: House) -> Application:
    """An application that takes unsigned requests too, so that more of them get far."""
    return a_generic_application(emulated)


class Tags(HTMLParser):
    """What a browser makes of a page: each tag with its attributes."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.found.append((tag, dict(attrs)))


def check_answer(answer: Answer, application: Application) -> None:
    """Check that an answer is no crash, reflects no markup and leads to no place that is not registered."""
    assert answer.status in (200, 303) or 400 <= answer.status < 500, answer.status
    assert not any("\r" in value or "\n" in value for value in (*answer.headers.values(), *answer.cookies))
    location = answer.headers.get("location")
    assert location is None or (answer.status == 303 and location.startswith("/login/"))
    if answer.status == 303:
        return
    tags = Tags(answer.body).found
    assert not [tag for tag, attributes in tags if tag == "canary" or "canary" in attributes]
    actions = [attributes.get("action") for tag, attributes in tags if tag == "form"]
    assert set(actions) <= set(application.sp.acs_urls)
    assert (answer.status == 200) == bool(actions)
    assert not [each for _, each in tags if (each.get("href") or each.get("src") or "#")[0] not in "/#"]


def within_bounds(run: Callable[[], Answer]) -> Answer:
    """Run one example and check what it cost."""
    tracemalloc.start()
    try:
        answer = within(MAX_SECONDS, run)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MAX_MEMORY
    return answer


def fuzz(house: House, application: Application, name: str, **changes: Any) -> Answer:
    """Send an event and check what comes back."""
    parameters = {"application_id": application.application_id}
    answer = within_bounds(
        lambda: call(house, sso.handler, name, **{"pathParameters": parameters, **changes})
    )
    check_answer(answer, application)
    return answer


def by_redirect(house: House, application: Application, query: str, **changes: Any) -> Answer:
    return fuzz(house, application, "GET_sso", rawQueryString=query, **changes)


def by_post(house: House, application: Application, body: bytes, **changes: Any) -> Answer:
    encoded = base64.b64encode(body).decode()
    return fuzz(house, application, "POST_sso", body=encoded, isBase64Encoded=True, **changes)


def test_the_checks_would_see_what_they_look_for(application: Application) -> None:
    honest = Answer(200, {"content-type": "text/html"}, (), f'<form action="{application.sp.acs_urls[0]}">')
    check_answer(honest, application)
    for body in ('<form action="https://attacker.example/">', f"{honest.body}<p title='{CANARY}'>"):
        failed = False
        try:
            check_answer(Answer(200, {}, (), body), application)
        except AssertionError:
            failed = True
        assert failed


@bounded
@given(
    text=st.text(max_size=200),
    octets=st.binary(max_size=300),
    path=st.text(max_size=40) | st.just(CANARY),
    cookies=st.lists(st.text(max_size=60), max_size=3),
)
def test_s30_raw_noise(
    emulated: House, application: Application, text: str, octets: bytes, path: str, cookies: list[str]
) -> None:
    for query in (text, f"SAMLRequest={text}", redirect(octets), redirect(octets, deflate=False)):
        by_redirect(emulated, application, query, cookies=cookies)
    for body in (octets, post(octets), b"SAMLRequest=" + octets, text.encode("utf-8", "replace")):
        by_post(emulated, application, body)
    by_redirect(emulated, application, redirect(octets), pathParameters={"application_id": path})
    fuzz(emulated, application, "POST_sso", body=text, isBase64Encoded=False)
    fuzz(emulated, application, "POST_sso", body=None, isBase64Encoded=False)


def escaped(text: str) -> str:
    """Escape a text for an XML attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


TEXT = st.just(CANARY) | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "IsPassive": st.sampled_from(["1", "true", "0", "TRUE", CANARY]),
        "ForceAuthn": st.sampled_from(["1", "false", CANARY]),
        "AssertionConsumerServiceURL": TEXT | st.just("https://attacker.example/acs"),
        "AssertionConsumerServiceIndex": st.sampled_from(["0", "1", "65535", "-1", "x"]),
        "AttributeConsumingServiceIndex": st.sampled_from(["0", "9"]),
        "ProviderName": TEXT,
        "Consent": TEXT,
    },
)
SAML = 'xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"'
CONTEXT = (
    f"<samlp:RequestedAuthnContext {SAML} Comparison='better'>"
    "<s:AuthnContextClassRef>urn:c</s:AuthnContextClassRef></samlp:RequestedAuthnContext>"
)
CHILDREN = st.lists(
    st.sampled_from(
        [
            "<samlp:Extensions><x:y xmlns:x='urn:x'/></samlp:Extensions>",
            f"<s:Subject {SAML}><s:NameID>{escaped(CANARY)}</s:NameID></s:Subject>",
            "<samlp:NameIDPolicy Format='urn:oasis:names:tc:SAML:2.0:nameid-format:transient'/>",
            "<samlp:NameIDPolicy Format='urn:x' AllowCreate='1'/>",
            f"<samlp:NameIDPolicy SPNameQualifier='{escaped(CANARY).replace(chr(39), '')}'/>",
            CONTEXT,
            "<samlp:Scoping ProxyCount='0'/>",
            "<!-- c -->",
            "<![CDATA[x]]>",
            "&#0;",
        ]
    ),
    max_size=3,
)


@bounded
@given(
    attributes=ATTRIBUTES,
    children=CHILDREN,
    issuer=st.none() | TEXT,
    request_id=st.none() | TEXT,
    destination=st.just("own") | st.none() | TEXT,
    version=st.sampled_from(["2.0", "2.0", "2.0", "1.1", CANARY]),
    binding=st.sampled_from([POST_BINDING, None, "urn:x"]),
    relay_state=st.none() | TEXT,
    way=st.sampled_from(["redirect", "plain", "post", "signed redirect", "signed post"]),
    agent=TEXT,
)
def test_s30_structured_requests(
    emulated: House,
    application: Application,
    attributes: dict[str, str],
    children: list[str],
    issuer: str | None,
    request_id: str | None,
    destination: str | None,
    version: str,
    binding: str | None,
    relay_state: str | None,
    way: str,
    agent: str,
) -> None:
    changes: dict[str, Any] = {
        "attributes": " ".join(f'{name}="{escaped(value)}"' for name, value in attributes.items()),
        "children": "".join(children),
        "version": escaped(version),
        "binding": binding,
    }
    if issuer is not None:
        changes["issuer"] = an_issuer(escaped(issuer))
    if request_id is not None:
        changes["request_id"] = escaped(request_id)
    if destination != "own":
        changes["destination"] = None if destination is None else escaped(destination)
    xml = authn_request(emulated, application, **changes)
    headers = {"user-agent": agent.encode("ascii", "replace").decode()}
    if way == "post":
        by_post(emulated, application, post(xml, relay_state=relay_state), headers=headers)
    elif way == "signed post" and _well_formed(xml):
        by_post(emulated, application, sign_post(xml, relay_state=relay_state), headers=headers)
    elif way == "signed redirect":
        by_redirect(emulated, application, sign_redirect(xml, relay_state=relay_state), headers=headers)
    else:
        deflate = way == "redirect"
        by_redirect(
            emulated, application, redirect(xml, relay_state=relay_state, deflate=deflate), headers=headers
        )


def _well_formed(xml: bytes) -> bool:
    return b"&#0;" not in xml


@bounded
@given(start=st.floats(0, 1), length=st.integers(0, 30), put=st.text(max_size=8) | st.just(CANARY))
def test_s30_mutations_of_signed_requests(
    emulated: House, application: Application, start: float, length: int, put: str
) -> None:
    query = sign_redirect(authn_request(emulated, application, binding=POST_BINDING))
    place = int(start * len(query))
    by_redirect(emulated, application, query[:place] + put + query[place + length :])
    signed = enveloped(authn_request(emulated, application, binding=POST_BINDING))
    place = int(start * len(signed))
    by_post(emulated, application, post(signed[:place] + put.encode() + signed[place + length :]))


@bounded
@given(
    names=st.lists(
        st.sampled_from(
            ["SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "SAMLEncoding", "x"]
        ),
        max_size=6,
    ),
    value=TEXT | st.binary(max_size=60).map(lambda raw: base64.b64encode(raw).decode()),
)
def test_s30_parameters_in_every_number(
    emulated: House, application: Application, names: list[str], value: str
) -> None:
    query = "&".join(f"{name}={node_escaped(value)}" for name in names)
    by_redirect(emulated, application, query)
    by_redirect(emulated, application, f"{redirect(authn_request(emulated, application))}&{query}")
    by_post(emulated, application, query.encode())
