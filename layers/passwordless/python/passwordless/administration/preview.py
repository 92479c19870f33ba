"""What a user's assertion would carry at an application, with its attributes as they are or as they are planned."""

from dataclasses import replace
from typing import Any

from passwordless.admin import Admin
from passwordless.administration.applications import one
from passwordless.administration.fields import PreviewFields
from passwordless.errors import NotFound
from passwordless.login import identity
from passwordless.model.applications import Application
from passwordless.model.email_addresses import normalised
from passwordless.model.people import User
from passwordless.saml.names import TRANSIENT
from passwordless.store.codec import encode
from passwordless.wiring import Wiring


def preview(house: Wiring, admin: Admin, application_id: str, fields: PreviewFields) -> dict[str, Any]:
    """Return NameID, authentication class and attributes as an assertion carries them; nothing is written.

    A transient NameID is new each time and so has no value here; `name_id` is None where none is told. The request is
    one that selects no attribute service. Raises NotFound, the same for an unknown and a foreign application, and
    `unknown_user` likewise.
    """
    application = one(house, admin, application_id)
    if fields.attributes is not None:
        application = replace(application, attributes=fields.attributes)
    user = _user(house, admin.tenant, fields)
    return {
        "user_id": user.user_id,
        "name_id": _name_id(house, application, user),
        "authn_context": identity.offered_contexts(application)[0],
        "attributes": encode(identity.attributes(application, user)),
    }


def _name_id(house: Wiring, application: Application, user: User) -> dict[str, str] | None:
    form = identity.default_format(application)
    value = identity.name_id(form, application, user, house.randomness)
    if form is None or value is None:
        return None
    return {"format": form} if form == TRANSIENT else {"format": form, "value": value}


def _user(house: Wiring, tenant: str, fields: PreviewFields) -> User:
    if fields.user_id is not None:
        found = house.stores.users.get(fields.user_id) if fields.user_id.startswith("usr_") else None
    else:
        found = house.stores.users.by_email(tenant, normalised(fields.email) or "")
    if found is None or found.tenant != tenant:
        raise NotFound("unknown_user", "There is no such user.")
    return found
