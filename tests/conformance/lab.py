"""What a judge of a SAML identity provider does: send requests, take answers, tell an acceptance from a refusal."""

import base64
import re
import secrets
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Literal

from lxml import etree

from passwordless.model.applications import Application, Integration, ServiceProvider
from passwordless.model.attributes import AttributeRule
from passwordless.model.policies import Policy
from passwordless.model.sessions import Status
from passwordless.saml.parsing import parse
from tests.calls import Answer, complete
from tests.house import Browser, House, Person
from tests.sign_in import approve, authn_request, begun, by_post, by_redirect, new_cookies, open_page
from tests.told import failure, found, status_codes
from tests.unit.saml.builders import KeyPair, enveloped, key_pair, post, redirect, sign_post, sign_redirect

type Way = Literal["redirect", "post", "plain redirect"]

POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
FORMATS = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
OLD_FORMATS = "urn:oasis:names:tc:SAML:1.1:nameid-format:"
FOREIGN = "attacker.example"
PLAIN = Policy()
KEEPING = Policy(session_seconds=3600)


def a_generic_application(
    house: House,
    tenant: str = "acme",
    *,
    hosts: tuple[str, ...] = ("www",),
    policy: Policy = PLAIN,
    attributes: tuple[AttributeRule, ...] | None = None,
    **sp: Any,
) -> Application:
    """Store an application of some SAML service provider whose ACS URLs, the default one first, are on these hosts."""
    mark = secrets.token_hex(4)
    registered = ServiceProvider(
        entity_id=f"https://sp-{mark}.example.com/metadata",
        acs_urls=tuple(f"https://{host}.sp-{mark}.example.com/acs?tenant=a&b=c" for host in hosts),
        certificates=(key_pair().certificate,),
        require_signed_requests=False,
    )
    return house.application(
        tenant,
        integration=Integration.SAML,
        auth0=None,
        sp=replace(registered, **sp),
        policy=policy,
        attributes=attributes,
    )


def a_request(house: House, application: Application, **changes: Any) -> bytes:
    """Write a fresh request that asks for an answer by HTTP-POST."""
    return authn_request(house, application, **{"binding": POST_BINDING, **changes})


def send(house: House, application: Application, xml: bytes, way: Way = "redirect") -> Answer:
    """Send a request, signed by the registered key."""
    if way == "post":
        return by_post(house, application.application_id, sign_post(xml))
    query = sign_redirect(xml) if way == "redirect" else redirect(enveloped(xml), deflate=False)
    return by_redirect(house, application.application_id, query)


def send_unsigned(house: House, application: Application, xml: bytes, way: Way = "redirect") -> Answer:
    """Send a request without any signature of the sender's."""
    if way == "post":
        return by_post(house, application.application_id, post(xml))
    return by_redirect(house, application.application_id, redirect(xml, deflate=way == "redirect"))


def is_begun(answer: Answer) -> bool:
    """Tell whether a request led to a login; otherwise it met a local page that sends nothing to anyone."""
    if answer.status == 303:
        assert answer.headers["location"].startswith("/login/")
        return True
    assert_local(answer)
    return False


def assert_local(answer: Answer) -> None:
    """Check that an answer is a page with an id, and that nothing goes from it to anywhere."""
    status, _ = failure(answer)
    assert 400 <= status < 500
    assert "location" not in answer.headers
    assert "<form" not in answer.body
    assert "SAMLResponse" not in answer.body
    assert FOREIGN not in answer.body


@dataclass(frozen=True)
class Posted:
    """A Response as a browser posts it: the form's action and fields, the octets, the valid document."""

    action: str
    fields: dict[str, str]
    xml: bytes
    root: etree._Element

    def all(self, path: str) -> list[str]:
        """Return the strings at a path; the prefixes are p (protocol), a (assertion) and ds."""
        return found(self.root, path)

    def one(self, path: str) -> str:
        """Return the only string at a path."""
        (only,) = self.all(path)
        return only

    @property
    def codes(self) -> list[str]:
        """Return the status codes, the top one first, without their common prefix."""
        return status_codes(self.root)


def posted(answer: Answer) -> Posted:
    """Read the auto-post page as a browser does, and hold its Response against the OASIS schema."""
    assert answer.status == 200, failure(answer)
    (form,) = re.findall(r"<form[^>]*>", answer.body)
    assert 'method="post"' in form
    (action,) = re.findall(r'action="([^"]*)"', form)
    inputs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', answer.body)
    fields = {name: unescape(value) for name, value in inputs}
    assert len(fields) == len(inputs)
    xml = base64.b64decode(fields["SAMLResponse"], validate=True)
    return Posted(unescape(action), fields, xml, parse(xml, "Response"))


@dataclass(frozen=True)
class Login:
    """A finished login: its application, its person, its browser and what the browser posts."""

    application: Application
    person: Person
    browser: Browser
    posted: Posted


def login(
    house: House,
    application: Application | None = None,
    person: Person | None = None,
    *,
    way: Way = "redirect",
    **request: Any,
) -> Login:
    """Sign somebody in, from a signed request to the Response."""
    to, who = application or a_generic_application(house), person or house.person()
    browser = begun(house, send(house, to, a_request(house, to, **request), way))
    approve(house, who, browser)
    return Login(to, who, browser, posted(complete(house, browser)))


def asked(house: House, application: Application | None = None, **request: Any) -> Posted:
    """Send a signed request that is answered at once, without a login."""
    to = application or a_generic_application(house)
    return posted(send(house, to, a_request(house, to, **request)))


def name_id_policy(attributes: str) -> str:
    """Write a NameIDPolicy."""
    return f"<samlp:NameIDPolicy {attributes}/>"


def authn_context(*classes: str, comparison: str | None = None, element: str = "AuthnContextClassRef") -> str:
    """Write a RequestedAuthnContext."""
    written = "" if comparison is None else f' Comparison="{comparison}"'
    listed = "".join(f"<s:{element}>{name}</s:{element}>" for name in classes)
    space = 'xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"'
    return f"<samlp:RequestedAuthnContext {space}{written}>{listed}</samlp:RequestedAuthnContext>"


def subject(name_id: str, attributes: str = "") -> str:
    """Write a Subject that names a person."""
    space = 'xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"'
    return f"<s:Subject {space}><s:NameID {attributes}>{name_id}</s:NameID></s:Subject>"


@dataclass(frozen=True)
class Kept:
    """A login that left a session in its browser: the cookie of that session."""

    login: Login
    cookies: dict[str, str]


def a_kept_login(
    house: House,
    application: Application,
    person: Person | None = None,
    pair: KeyPair | None = None,
    **request: Any,
) -> Kept:
    """Sign somebody in at an application whose policy keeps a session; `pair` signs the request."""
    who = person or house.person()
    query = sign_redirect(a_request(house, application, **request), pair=pair)
    browser = begun(house, by_redirect(house, application.application_id, query))
    approve(house, who, browser)
    answer = complete(house, browser)
    return Kept(Login(application, who, browser, posted(answer)), new_cookies(answer))


def come_again(house: House, application: Application, cookies: dict[str, str], **request: Any) -> Answer:
    """Come with another request in a browser that holds a session, as far as nobody has to do anything.

    Returns the auto-post page where the session spoke, else the login page, or whatever answered at once.
    """
    answer = send(house, application, a_request(house, application, **request))
    if answer.status != 303:
        return answer
    browser = begun(house, answer)
    page = open_page(house, browser.session.session_id, {**cookies, **browser.cookies})
    if "SAMLResponse" in page.body or house.stored(browser).status is not Status.APPROVED:
        return page
    return complete(house, browser, cookies={**cookies, **browser.cookies})
