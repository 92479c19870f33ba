"""A logout is passed on: the browser is taken to one application after the other, then back to who asked (S32).

Each is asked at its registered address, by a LogoutRequest of ours whose random ID only it and the browser learn. A
session with us is over before the first is asked, so a browser that stays away on its way has lost nothing.
"""

import base64
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from passwordless.errors import Conflict, Failure, Unavailable
from passwordless.login.answer import Posting, signing_key
from passwordless.logout.parties import reachable
from passwordless.model.applications import Application
from passwordless.model.logout_rounds import LIFETIME, Asker, LogoutRound, Outcome, Party
from passwordless.model.signatures import Act, Purpose
from passwordless.model.signing_keys import SigningKey
from passwordless.model.tokens import digest
from passwordless.saml import signing
from passwordless.saml.bindings import Parameter
from passwordless.saml.logout_messages import Address, logout_request, logout_response, redirect_url
from passwordless.saml.response import ID_BYTES, new_id
from passwordless.saml.status import LOGGED_OUT, PARTIAL_LOGOUT, SamlStatus
from passwordless.wiring import Wiring

ANSWER_WITHIN = timedelta(minutes=5)
REDIRECTS_IN_A_ROW = 4
"""Browsers give up after about twenty redirects, and each application costs two or more."""


@dataclass(frozen=True, slots=True)
class Onward:
    """Where the browser goes: by a form, or to a `location`; with neither it is told how the round ended.

    `resting` asks for a page of ours before the location. `cookie_ended` tells that the browser's own session was among
    those that ended.
    """

    round: LogoutRound | None = None
    posting: Posting | None = None
    location: str | None = None
    resting: bool = False
    cookie_ended: bool = False


def go_on(wiring: Wiring, before: LogoutRound, after: LogoutRound, *parts: Any) -> Onward:
    """Ask the next application; once none is left, answer who began the round.

    `before` is what the round was until now, `parts` further parts of the transaction that moves it on. An application
    that we have no signature for is passed over. Raises Conflict when another answer moved the round first,
    Unavailable when who began it cannot be answered.
    """
    while (party := after.asked) is not None:
        to = reachable(wiring, wiring.stores.applications.get(party.application_id), after.tenant)
        if to is None:
            after = after.after(Outcome.FAILED)
            continue
        message_id = new_id(wiring.randomness(ID_BYTES))
        asking = replace(after, key=digest(message_id), expires_at=wiring.now + LIFETIME)
        _move(wiring, before, asking, *parts)
        try:
            return _ask(wiring, to, party, message_id, asking)
        except Unavailable:
            before, after, parts = asking, asking.after(Outcome.FAILED), ()
    _move(wiring, before, None, *parts)
    return _conclude(wiring, after)


def respond(wiring: Wiring, to: Application, asker: Asker, status: SamlStatus, correlation_id: str) -> Onward:
    """Return the LogoutResponse to a service provider that has an address for it. Raises Unavailable."""
    key = signing_key(wiring, to)
    address = _address(wiring, to, new_id(wiring.randomness(ID_BYTES)), to.sp.slo_url or "")
    root = logout_response(address, asker.request_id, status)
    act = _act(Purpose.LOGOUT_RESPONSE, to, key, correlation_id)
    with wiring.signer.signing(key, act) as private:
        return _sent(to, root, private, key, "SAMLResponse", asker.relay_state)


def unexpected() -> Failure:
    """Return the failure of an answer that no sign-out waits for: to all alike, whatever is wrong with it."""
    return Conflict(
        "logout_answer_unexpected",
        "No sign-out that is under way waits for this answer.",
        guidance="Nothing was changed by it. To be sure, sign out at your application, or close the browser.",
    )


def _move(wiring: Wiring, before: LogoutRound, after: LogoutRound | None, *parts: Any) -> None:
    moving = (*wiring.stores.logout_rounds.moving(before, after, wiring.now), *parts)
    if moving and wiring.stores.commit(*moving):
        raise unexpected()


def _ask(wiring: Wiring, to: Application, party: Party, message_id: str, asking: LogoutRound) -> Onward:
    key = signing_key(wiring, to)
    root = logout_request(
        _address(wiring, to, message_id, to.sp.slo_request_url or to.sp.slo_url or ""),
        name_id=party.name_id,
        name_id_format=party.name_id_format,
        session_indexes=party.session_indexes,
        not_on_or_after=wiring.now_utc + ANSWER_WITHIN,
    )
    with wiring.signer.signing(key, _act(Purpose.LOGOUT_REQUEST, to, key, asking.reference)) as private:
        sent = _sent(to, root, private, key, "SAMLRequest", None)
    rests = asking.turn % REDIRECTS_IN_A_ROW == REDIRECTS_IN_A_ROW - 1
    return replace(sent, round=asking, resting=rests)


def _conclude(wiring: Wiring, done: LogoutRound) -> Onward:
    asker = done.asker
    to = None if asker is None or asker.silent else wiring.stores.applications.get(asker.application_id)
    if asker is None or to is None or to.sp.slo_url is None or to.sp.expired(wiring.now):
        return Onward(done)
    return respond(wiring, to, asker, LOGGED_OUT if done.whole else PARTIAL_LOGOUT, done.reference)


def _act(purpose: Purpose, to: Application, key: SigningKey, correlation_id: str) -> Act:
    return Act(purpose, key.tenant, key.key_id, correlation_id, to.application_id)


def _address(wiring: Wiring, to: Application, message_id: str, url: str) -> Address:
    return Address(message_id, wiring.now_utc, to.idp.entity_id, url)


def _sent(
    to: Application,
    root: etree._Element,
    private: rsa.RSAPrivateKey,
    key: SigningKey,
    parameter: Parameter,
    relay_state: str | None,
) -> Onward:
    """Return a signed message on its way, by the binding that the service provider registered."""
    if not to.sp.slo_by_post:
        return Onward(location=redirect_url(root, relay_state, private, parameter))
    xml = base64.b64encode(signing.sign(root, private, key.certificate_pem)).decode()
    return Onward(posting=Posting(root.get("Destination", ""), xml, relay_state, parameter=parameter))
