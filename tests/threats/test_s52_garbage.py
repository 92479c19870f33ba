"""S52: whoever has nothing that we gave out writes nothing, whatever is sent to whichever public route."""

import base64
import json
import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from functions.poll import handler as poll
from functions.sso import handler as sso
from functions.verify import handler as verify
from local.phone_simulator.keys import Keys
from local.phone_simulator.proofs import (
    Decision,
    build_confirm_proof,
    build_enroll_proof,
    build_scan_proof,
    build_verify_proof,
)
from passwordless.entry import Entry
from passwordless.model.applications import Application
from tests.calls import OWN_PAGE, Answer, call
from tests.enrolments import enroll_body
from tests.house import ORIGIN, Browser, House
from tests.sign_in import arrive, authn_request
from tests.told import failure
from tests.unit.saml.builders import key_pair, post, redirect, sign_post, sign_redirect
from tests.witness import rows

REQUESTS = 1000
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
MALLORY = key_pair("mallory.example.com")
WRONG = (
    {"instant": "2026-02-09T10:00:00Z"},
    {"destination": "https://idp.example.com/sso"},
    {"attributes": 'AssertionConsumerServiceURL="https://evil.example.com/"'},
    {"version": "1.1"},
    {"issuer": ""},
)


@dataclass(frozen=True)
class Stranger:
    """Somebody who knows all public names, a login's id among them, and holds neither cookie, key nor invite."""

    house: House
    application: Application
    login: Browser
    keys: Keys
    dice: random.Random

    def noise(self) -> bytes:
        return self.dice.randbytes(self.dice.choice((0, 1, 16, 200, 4000)))

    def token(self) -> str:
        whole = "".join(self.dice.choices(BASE32, k=26))
        return self.dice.choice((whole, self.login.session.session_id + whole[:10], whole[:7]))

    def session_id(self) -> str:
        return self.dice.choice((self.login.session.session_id, self.token()[:16], "../login", "%00"))

    def application_id(self) -> str:
        return self.dice.choice((self.application.application_id, "app_aaaaaaaaaaaaaaaaaaaa", "x"))

    def message(self) -> bytes:
        return authn_request(self.house, self.application, **self.dice.choice(WRONG))

    def query(self) -> str:
        kind = self.dice.randrange(5)
        if kind == 0:
            return redirect(self.noise() or b"<")
        if kind == 1:
            return redirect(authn_request(self.house, self.application))
        if kind == 2:
            return sign_redirect(authn_request(self.house, self.application), pair=MALLORY)
        if kind == 3:
            whole = sign_redirect(authn_request(self.house, self.application))
            return whole[: self.dice.randrange(len(whole) - 8)]
        return sign_redirect(self.message())

    def form(self) -> bytes:
        kind = self.dice.randrange(4)
        if kind == 0:
            return self.noise()
        if kind == 1:
            return post(authn_request(self.house, self.application))
        if kind == 2:
            return sign_post(authn_request(self.house, self.application), pair=MALLORY)
        return sign_post(self.message())

    def cookies(self) -> list[str]:
        return [f"__Host-login-{self.login.session.session_id[:8]}={self.token()}"]


def sso_redirect(who: Stranger) -> Answer:
    path = {"application_id": who.application_id()}
    return call(who.house, sso.handler, "GET_sso", pathParameters=path, rawQueryString=who.query())


def sso_post(who: Stranger) -> Answer:
    return form(who, "POST_sso", {"application_id": who.application_id()}, who.form())


def metadata(who: Stranger) -> Answer:
    return call(
        who.house, sso.handler, "GET_metadata", pathParameters={"application_id": "app_" + who.token()}
    )


def login_page(who: Stranger) -> Answer:
    return of_session(who, sso.handler, "GET_login")


def poll_login(who: Stranger) -> Answer:
    return of_session(who, poll.handler, "GET_session")


def restart(who: Stranger) -> Answer:
    return of_session(who, sso.handler, "POST_restart")


def complete(who: Stranger) -> Answer:
    fields = who.dice.choice((f"session_id={who.session_id()}".encode(), who.noise()))
    return form(who, "POST_complete", {"application_id": who.application_id()}, fields)


def of_session(who: Stranger, entry: Entry, name: str) -> Answer:
    path = {"session_id": who.session_id()}
    return call(who.house, entry, name, pathParameters=path, cookies=who.cookies(), headers=OWN_PAGE)


def form(who: Stranger, name: str, path: dict[str, str], body: bytes) -> Answer:
    return call(
        who.house,
        sso.handler,
        name,
        pathParameters=path,
        cookies=who.cookies(),
        headers=OWN_PAGE,
        body=base64.b64encode(body).decode(),
        isBase64Encoded=True,
    )


def enroll(who: Stranger) -> Answer:
    body = enroll_body(who.house, who.token(), who.keys)
    return mobile(
        who, "POST_enroll", body, build_enroll_proof(who.keys, ORIGIN, who.token(), who.house.wiring.now)
    )


def scan(who: Stranger) -> Answer:
    token = who.token()
    jws = build_scan_proof(who.keys, "dev_1", ORIGIN, token, who.house.wiring.now)
    return mobile(who, "POST_scan", {"token": token, "proof": jws}, who.token())


def decide(who: Stranger) -> Answer:
    session_id, decision = who.session_id(), who.dice.choice(list(Decision))
    jws = build_verify_proof(
        who.keys, "dev_1", ORIGIN, session_id, "nonce", "ctx", decision, who.house.wiring.now, uv="face"
    )
    body = {"session_id": session_id, "proof": {"type": "device", "jws": jws}}
    return mobile(who, "POST_verify", body, jws[: who.dice.randrange(len(jws))])


def confirm(who: Stranger) -> Answer:
    jws = build_confirm_proof(who.keys, "dev_1", ORIGIN, who.token()[:4], who.house.wiring.now)
    return mobile(who, "POST_confirm-phone", {"proof": jws}, jws[: who.dice.randrange(len(jws))])


def mobile(who: Stranger, name: str, body: Mapping[str, object], instead: str) -> Answer:
    """Post the body, or it with another proof, without a member, or cut off, or noise."""
    whole = json.dumps(body).encode()
    sent = who.dice.choice(
        (
            whole,
            json.dumps({**body, "proof": instead}).encode(),
            json.dumps(dict(list(body.items())[1:])).encode(),
            whole[: who.dice.randrange(len(whole))],
            who.noise(),
        )
    )
    return call(who.house, verify.handler, name, body=base64.b64encode(sent).decode(), isBase64Encoded=True)


ROUTES: tuple[Callable[[Stranger], Answer], ...] = (
    sso_redirect,
    sso_post,
    metadata,
    login_page,
    poll_login,
    restart,
    complete,
    enroll,
    scan,
    decide,
    confirm,
)


def test_a_thousand_bad_requests_leave_no_row_and_no_fault(house: House) -> None:
    application = house.application()
    login = arrive(house, application)
    who = Stranger(house, application, login, Keys.generate(), random.Random(52))
    before = rows(house)

    answers = [route(who) for _ in range(math.ceil(REQUESTS / len(ROUTES))) for route in ROUTES]

    assert len(answers) >= REQUESTS
    assert {failure(answer)[0] // 100 for answer in answers} == {4}
    assert rows(house) == before


def test_a_hundred_looks_at_codes_leave_no_row(house: House) -> None:
    application = house.application()
    who = Stranger(house, application, arrive(house, application), Keys.generate(), random.Random(53))
    before = rows(house)
    for number in range(100):
        path = {"token": who.token()}
        name = ("GET_code", "GET_invite")[number % 2]
        assert call(house, verify.handler, name, pathParameters=path).status == 404
    assert rows(house) == before
