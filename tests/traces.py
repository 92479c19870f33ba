"""Traces as an administrator asks for them and as they are stored, and requests that can lead to no login."""

import base64
import json
from typing import Any

from functions.connect import handler as connect
from passwordless.model.applications import Application
from tests.calls import Answer, call
from tests.conformance.lab import FORMATS, authn_context, name_id_policy
from tests.house import House, event
from tests.told import found, response
from tests.witness import rows

UNANSWERABLE = {
    "name_id_policy": {"children": name_id_policy(f'Format="{FORMATS}kerberos"')},
    "subject_confirmation": {
        "children": '<s:Subject xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"><s:NameID>ada</s:NameID>'
        '<s:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/></s:Subject>'
    },
    "authn_context": {"children": authn_context("urn:example:smartcard")},
    "passive": {"attributes": 'IsPassive="true"'},
}
"""Requests by the check that fails."""


def item_of(house: House, application: Application, reference: str) -> dict[str, Any]:
    """Return the row of a trace, as it is stored."""
    key = f"{application.tenant}#{application.application_id}#{reference}"
    answer = house.wiring.stores.client.get_item(
        TableName=house.wiring.config.traces_table, Key={"pk": {"S": key}}
    )
    return dict(answer["Item"])


def trace_rows(house: House) -> set[str]:
    """Return the rows of the traces table, each as one text."""
    return {row for row in rows(house) if row.startswith('["traces"')}


def told(house: House, application_id: str, reference: str, tenant: str = "acme") -> Answer:
    """Ask as an administrator how a login went."""
    context = event("GET_transaction")["requestContext"]
    return call(
        house,
        connect.handler,
        "GET_transaction",
        pathParameters={"application_id": application_id, "correlation_id": reference},
        requestContext=as_tenant(context, tenant),
        headers={"authorization": f"Bearer {token_of(tenant)}"},
    )


def as_tenant(context: dict[str, Any], tenant: str) -> dict[str, Any]:
    """Return the context of a call by an administrator of a tenant."""
    context["authorizer"]["jwt"]["claims"]["tenant"] = tenant
    return context


def token_of(tenant: str) -> str:
    """Return the events' access token with another tenant in it."""
    header, payload, signature = event("GET_transaction")["headers"]["authorization"][7:].split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    body = json.dumps({**claims, "tenant": tenant}).encode()
    return f"{header}.{base64.urlsafe_b64encode(body).decode().rstrip('=')}.{signature}"


def reference_in(answer: Answer) -> str:
    """Return the reference in the StatusMessage of the Response that a page carries."""
    (message,) = found(response(answer), "//p:StatusMessage/text()")
    text, _, reference = message.rpartition(" Reference: ")
    assert text.endswith(".")
    return reference
