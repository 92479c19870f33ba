"""One-click connect and its doctor in this process, with the emulator's tables and the Auth0 double as Auth0."""

import json
from typing import Any

from functions.connect.handler import handler
from passwordless.model.signing_keys import SigningKey
from passwordless.wiring import Wiring
from tests.calls import Answer
from tests.contract import replied
from tests.house import event
from tests.integration.auth0_double.process import Double


class InOneProcess(Wiring):
    """The wiring without the keys function between connect and the maker of keys."""

    def current_signing_key(self, tenant: str, correlation_id: str) -> SigningKey:
        return self.key_maker.current(tenant, self.now_utc, correlation_id)


def call(wiring: Wiring, name: str, **changes: Any) -> Answer:
    reply = replied(handler, wiring, event(name, **changes))
    return Answer(reply["statusCode"], reply["headers"], tuple(reply["cookies"]), reply["body"])


def connect(wiring: Wiring, double: Double, key: str | None = None, **changes: Any) -> Answer:
    """Call POST /applications for the double's tenant."""
    body = {
        "name": "Acme Portal",
        "integration": "auth0-saml",
        "auth0_domain": f"https://{double.domain}/",
        "auth0_client_id": double.client_id,
        "auth0_client_secret": double.client_secret,
        **changes,
    }
    loaded = event("POST_applications", body=json.dumps(body))
    headers = {name: value for name, value in loaded["headers"].items() if name != "idempotency-key"}
    if key is not None:
        headers["idempotency-key"] = key
    return call(wiring, "POST_applications", body=json.dumps(body), headers=headers)


def verify(wiring: Wiring, application_id: str) -> Answer:
    """Press Verify at an application."""
    return call(wiring, "POST_application_verify", pathParameters={"application_id": application_id})
