"""Every known refusal of Auth0 as AdminX gets it over HTTP: code, status, and guidance with the names filled in."""

import json
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from functions.connect.handler import handler
from passwordless.auth0.client import Conversation
from passwordless.auth0.deadline import Deadline
from passwordless.auth0.domain import Auth0Tenant
from passwordless.auth0.guard import Guard
from passwordless.auth0.problem_texts import PROBLEMS, WARNINGS
from passwordless.auth0.transport import Limits, Transport
from passwordless.model.applications import Auth0Connection
from tests.calls import Answer
from tests.contract import replied
from tests.house import event
from tests.unit.auth0.auth0_answers import ROWS
from tests.unit.auth0.auth0_facts import COUNTS, FACTS, TOLD_FACTS
from tests.unit.auth0.certificates import sp_metadata
from tests.unit.auth0.fakes import SECRET, FakeHouse, a_body, a_house
from tests.unit.auth0.tenant_server import (
    BEARER,
    CREATE,
    METADATA,
    TOKEN,
    Scripted,
    TenantServer,
    send,
)

ANSWERED = {name: (call, answer) for name, call, answer, *_ in ROWS}
NOT_FACTS = {
    "auth0_domain_invalid",
    "auth0_refused",
    "auth0_unexpected_answer",
    "auth0_connected_not_recorded",
}
"""Our own words for what no row is about: not a domain at all, answers that nobody has seen, our database away."""
ABOUT = {name: [fact for fact in FACTS if name in fact.answers] for fact in FACTS for name in fact.answers}
"""The rows, one or in two tables, that a behaviour of Auth0 stands for."""


@dataclass(frozen=True)
class Nameless:
    """A client that finds no address for any name."""

    @contextmanager
    def conversation(self, tenant: Auth0Tenant, at: Auth0Connection) -> Iterator[Conversation]:
        def unknown(*_: Any) -> list[Any]:
            raise socket.gaierror(-2, "Name or service not known")

        deadline = Deadline.after(5)
        transport = Transport(Guard(deadline, local=True, resolve=unknown), Limits())
        yield Conversation(tenant, at, transport, deadline, 0)
        transport.close()


def not_enabled(tenant: TenantServer) -> Callable[[Any], None]:
    """Echo a connection that is enabled for nobody."""

    def behave(http: Any) -> None:
        usual = tenant.usual(CREATE, "", tenant.calls[-1].body)
        send(http, Scripted(201, {**usual.body, "enabled_clients": []}))

    return behave


def brought_about(tenant: TenantServer, name: str) -> tuple[FakeHouse, dict[str, Any]]:
    """Return a house in which this is how Auth0 behaves, and what the administrator enters otherwise."""
    house = a_house(tenant.url)
    if name in ANSWERED:
        call, answer = ANSWERED[name]
        tenant.answers[call] = answer
    elif name == "no name":
        house.__dict__["auth0"] = Nameless()
    elif name == "no TLS":
        return a_house(tenant.url.replace("http://", "https://")), {}
    elif name == "a custom domain":
        return house, {"auth0_domain": "login.acme.example"}
    else:
        tenant.answers |= AFTER_ALL[name](tenant)
    return house, {}


AFTER_ALL: dict[str, Callable[[TenantServer], dict[str, Any]]] = {
    "not enabled": lambda tenant: {CREATE: not_enabled(tenant)},
    "metadata differs": lambda _: {
        METADATA: Scripted(200, sp_metadata("urn:auth0:acme:x", "https://x.example/"))
    },
    "metadata unreachable": lambda _: {METADATA: Scripted(503, "")},
    "more scopes": lambda _: {
        TOKEN: Scripted(200, {"access_token": BEARER, "scope": "create:connections delete:users"})
    },
}


def pressed(house: FakeHouse, **changes: Any) -> Answer:
    """Press Connect."""
    loaded = event("POST_applications", body=json.dumps(a_body(**changes)))
    reply = replied(handler, house, loaded)
    return Answer(reply["statusCode"], reply["headers"], tuple(reply["cookies"]), reply["body"])


def told(answer: Answer) -> tuple[str, str]:
    """Return the code and all that is to be read: of the problem, or of the one warning."""
    read = answer.json
    if answer.status != 201:
        return read["code"], f"{read['detail']} {read['guidance']}"
    (warning,) = read["warnings"]
    return warning["code"], warning["guidance"]


def test_no_row_got_lost() -> None:
    assert Counter(fact.table for fact in FACTS) == COUNTS
    assert len({(fact.table, fact.about) for fact in FACTS}) == len(FACTS)
    assert all(fact.answers for fact in FACTS)


def test_every_code_that_connect_can_tell_has_its_row() -> None:
    codes = {fact.code for fact in TOLD_FACTS}
    after = {"needs_enable", "unverified", "over_granted"}
    assert len(codes) == len(TOLD_FACTS)
    assert codes - after == PROBLEMS.keys() - NOT_FACTS
    assert after <= WARNINGS.keys()


def test_every_row_of_the_other_tables_leads_to_one_that_is_told() -> None:
    assert {fact.code for fact in FACTS} == {fact.code for fact in TOLD_FACTS}


@pytest.mark.parametrize("name", ABOUT)
def test_a_row_becomes_its_code_status_and_guidance(tenant: TenantServer, name: str) -> None:
    house, changes = brought_about(tenant, name)
    answer = pressed(house, **changes)
    code, text = told(answer)
    names = {"connection": connection_of(tenant), "retry_after": answer.headers.get("retry-after", "")}
    for fact in ABOUT[name]:
        assert (answer.status, code) == (fact.status, fact.code)
        assert [words for words in fact.words if words.format_map(names) not in text] == []
    assert "{" not in text
    assert answer.status not in (401, 403)
    assert len(answer.json["steps"]) == 4
    for secret in (SECRET, BEARER):
        assert secret not in answer.body


def connection_of(tenant: TenantServer) -> str:
    """Return the name of the connection that Auth0 was asked for, if it came to that."""
    asked = [call.body["name"] for call in tenant.calls if call.call == CREATE]
    assert len(asked) <= 1
    return asked[0] if asked else "none"
