"""A tenant's signing keys as an administrator sees them: state, certificate, and who trusts it."""

from collections.abc import Iterable
from typing import Any

from passwordless.admin import Admin
from passwordless.administration.view import instant
from passwordless.model.applications import Application
from passwordless.model.signing_keys import SigningKey
from passwordless.saml.certificates import sha1_thumbprint, sha256_thumbprint
from passwordless.wiring import Wiring


def report(house: Wiring, admin: Admin) -> dict[str, Any]:
    """Return every key of the tenant, the oldest first, each with the applications that are pinned to it."""
    applications = list(house.stores.applications.all_of_tenant(admin.tenant))
    keys = house.stores.signing_keys.ring(admin.tenant).keys
    return {"signing_keys": [_with_applications(key, applications) for key in keys]}


def signing_key(key: SigningKey) -> dict[str, Any]:
    """Return a key's state and certificate; thumbprints are lower-case hex."""
    return {
        "key_id": key.key_id,
        "state": key.status.value,
        "created_at": instant(key.created_at),
        "certificate_expires_at": instant(key.expires_at),
        "certificate_sha1": sha1_thumbprint(key.certificate_pem),
        "certificate_sha256": sha256_thumbprint(key.certificate_pem),
        "certificate_pem": key.certificate_pem,
    }


def _with_applications(key: SigningKey, applications: Iterable[Application]) -> dict[str, Any]:
    pinned = [
        {
            "application_id": one.application_id,
            "name": one.name,
            "integration": one.integration.value,
            "status": one.status.value,
        }
        for one in applications
        if one.idp.signing_key_id == key.key_id
    ]
    return {**signing_key(key), "applications": pinned}
