"""A rotation over HTTP, with each function in its own role: connect, keys and sso do their parts and no more."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

import pytest

from local.admin import Admin
from local.login import log_in
from local.phone_simulator import Phone
from local.stack import Stack
from passwordless.saml import names
from passwordless.saml.certificates import pem, sha1_thumbprint
from passwordless.saml.parsing import parse
from tests.stack_calls import call, claims, mint


@dataclass(frozen=True)
class Tenant:
    """A tenant's administrator, one connected application, and a user's phone."""

    stack: Stack
    token: str
    connected: dict[str, Any]
    phone: Phone

    def signing_keys(self) -> list[dict[str, Any]]:
        """Return the tenant's keys."""
        answer = call(self.stack, "GET", "/signing-keys", token=self.token)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["signing_keys"])

    def rotate(self, **body: Any) -> tuple[int, dict[str, Any]]:
        """Call POST /signing-keys."""
        answer = call(self.stack, "POST", "/signing-keys", token=self.token, body=body)
        return answer.status_code, dict(answer.json())

    def move(self, **body: Any) -> tuple[int, dict[str, Any]]:
        """Call POST /applications/{application_id}/signing-key."""
        path = f"/applications/{self.connected['application']['application_id']}/signing-key"
        answer = call(self.stack, "POST", path, token=self.token, body=body)
        return answer.status_code, dict(answer.json())

    def published(self) -> list[str]:
        """Return the SHA-1 thumbprints of the certificates in the application's metadata."""
        answer = self.metadata()
        assert answer.status_code == 200, answer.text
        role = parse(answer.content, "EntityDescriptor").find(names.metadata("IDPSSODescriptor"))
        assert role is not None
        texts = [each.text or "" for each in role.iter(names.signature("X509Certificate"))]
        return [sha1_thumbprint(pem(text)) for text in texts]

    def metadata(self, **headers: str) -> Any:
        """Fetch the application's metadata as anybody may."""
        path = f"/saml/{self.connected['application']['application_id']}/metadata"
        return call(self.stack, "GET", path, headers=headers)


@pytest.fixture
def tenant(stack: Stack) -> Tenant:
    """A fresh tenant."""
    token = mint(stack, claims(stack, int(time.time()), tenant=f"rotation-{secrets.token_hex(3)}"))
    admin = Admin(stack.api_url, token)
    invited = admin.invite("ada@example.com", "Ada", "Example")
    phone = Phone.named(f"rotation-{secrets.token_hex(3)}")
    phone.enroll(invited["url"])
    return Tenant(stack, token, admin.connect("Rotation", stack), phone)


def test_a_rotation_goes_through_all_states_and_logins_go_on(tenant: Tenant) -> None:
    (old,) = tenant.signing_keys()
    assert tenant.published() == [old["certificate_sha1"]]

    status, made = tenant.rotate(action="next")
    assert (status, [key["state"] for key in made["signing_keys"]]) == (201, ["current", "next"])
    new = made["signing_keys"][1]
    assert tenant.published() == [old["certificate_sha1"], new["certificate_sha1"]]

    status, _ = tenant.rotate(action="promote", key_id=new["key_id"])
    assert (status, [key["state"] for key in tenant.signing_keys()]) == (200, ["retiring", "current"])
    assert log_in(tenant.connected["test_url"], tenant.phone).profile["email"] == "ada@example.com"

    status, told = tenant.move(key_id=new["key_id"])
    assert (status, told["code"]) == (422, "certificate_not_confirmed")
    status, moved = tenant.move(key_id=new["key_id"], confirmed=True)
    assert (status, moved["saml"]["certificate_sha1"]) == (200, new["certificate_sha1"])
    assert tenant.published() == [new["certificate_sha1"], old["certificate_sha1"]]

    status, told = tenant.rotate(action="retire", key_id=old["key_id"])
    assert (status, told["code"]) == (409, "key_at_work")


def test_metadata_is_answered_with_304_to_who_has_it(tenant: Tenant) -> None:
    first = tenant.metadata()
    again = tenant.metadata(**{"If-None-Match": first.headers["ETag"]})
    assert first.headers["Content-Type"].startswith("application/samlmetadata+xml")
    assert (again.status_code, again.content) == (304, b"")
    assert tenant.metadata().content == first.content
