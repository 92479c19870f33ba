"""What AdminX calls; every route needs an administrator's access token, whose tenant bounds what is read and written.

GET  /integrations                      what can be connected, and which fields that takes
POST /applications                      one-click connect -> 201 with the application, the steps and a test link; in
                                        mode `manual` without a secret, and with what to create in Auth0;
                                        with the integration `saml` any service provider, from metadata or fields
GET  /applications                      the tenant's applications, paged by `limit` and `page_token`
GET  /applications/{application_id}     one of them
GET  /applications/{application_id}/events      what happened there, newest first, paged in the same way
GET  /applications/{application_id}/activity    how many logins began, and how they went, by day
GET  /events                            what happened at no application, paged: people, phones, signing keys
GET  /applications/{application_id}/transactions/{correlation_id}   how one login went, by its reference
PATCH, DELETE /applications/{application_id}    change it; remove it -> 200, both with warnings
POST /applications/{application_id}/verify      the doctor: what holds of it, what was refreshed, what to do -> 200
POST /applications/{application_id}/attributes/preview      what a user's assertion would carry
/enrollments, /users, /devices, /blocks people, their invites, phones and reports: people_routes lists these routes
GET  /signing-keys                      the tenant's keys: state, certificate, the applications pinned to each
POST /signing-keys                      {"action": "next"} makes the next key -> 201; {"action": "promote", "key_id"}
                                        makes it current, {"action": "retire", "key_id"} ends a key -> 200
POST /applications/{application_id}/signing-key     {"key_id", "confirmed": true} moves one application to a key;
                                        not confirmed -> 422 with what to do at the service provider first

Bodies are never logged: one of them holds an Auth0 client secret.
"""

from passwordless.admin import administrator
from passwordless.administration import (
    applications,
    changes,
    doctor,
    guide,
    history,
    people_routes,
    service_providers,
    signing_keys,
    view,
)
from passwordless.administration import fields as sp_fields
from passwordless.administration.activity import activity
from passwordless.administration.key_rotation import Rotation
from passwordless.administration.preview import preview
from passwordless.auth0 import fields, idempotency
from passwordless.auth0.asked import Asked
from passwordless.entry import Entry
from passwordless.viewer import viewer
from passwordless.web import Reply, Request, json_reply
from passwordless.wiring import Wiring


def list_integrations(house: Wiring, request: Request) -> Reply:
    """Tell what can be connected."""
    administrator(request, house.config, house.config.read_scope)
    return json_reply(200, guide.integrations())


def add_application(house: Wiring, request: Request) -> Reply:
    """Connect an Auth0 tenant by one click, or add another service provider."""
    asked = _asked(house, request)
    key = idempotency.read_key(request.headers)
    body = request.json(sp_fields.MAX_BODY)
    if body.get("integration") == "saml":
        added = service_providers.register(house, sp_fields.read_saml(body), asked)
        return json_reply(201, view.registered(added, house.stores.signing_keys))
    done = idempotency.connect(house, fields.read(body), asked, key)
    return json_reply(201, view.connected(done, house.stores.signing_keys))


def list_applications(house: Wiring, request: Request) -> Reply:
    """Tell a page of the tenant's applications."""
    admin = administrator(request, house.config, house.config.read_scope)
    found = applications.page(house, admin, request.query)
    return json_reply(200, view.applications(found, house.stores.signing_keys))


def get_application(house: Wiring, request: Request) -> Reply:
    """Tell one of the tenant's applications."""
    admin = administrator(request, house.config, house.config.read_scope)
    found = applications.one(house, admin, request.parameters["application_id"])
    return json_reply(200, view.application(found, house.stores.signing_keys))


def list_events(house: Wiring, request: Request) -> Reply:
    """Tell a page of what happened at an application."""
    admin = administrator(request, house.config, house.config.read_scope)
    found = history.of_application(house, admin, request.parameters["application_id"], request.query)
    return json_reply(200, view.events(found))


def list_other_events(house: Wiring, request: Request) -> Reply:
    """Tell a page of what happened at no application."""
    admin = administrator(request, house.config, house.config.read_scope)
    return json_reply(200, view.events(history.elsewhere(house, admin, request.query)))


def get_activity(house: Wiring, request: Request) -> Reply:
    """Tell how many logins went how, by day."""
    admin = administrator(request, house.config, house.config.read_scope)
    counted = activity(house, admin, request.parameters["application_id"], request.query)
    return json_reply(200, view.activity(counted))


def get_transaction(house: Wiring, request: Request) -> Reply:
    """Tell how one login went."""
    admin = administrator(request, house.config, house.config.read_scope)
    path = request.parameters
    found = history.transaction(house, admin, path["application_id"], path["correlation_id"])
    return json_reply(200, view.transaction(found))


def change_application(house: Wiring, request: Request) -> Reply:
    """Change one of the tenant's applications."""
    asked, fields = _asked(house, request), sp_fields.read_change(request.json(sp_fields.MAX_BODY))
    changed = changes.change(house, asked, request.parameters["application_id"], fields)
    return json_reply(200, view.changed(changed, house.stores.signing_keys))


def remove_application(house: Wiring, request: Request) -> Reply:
    """Remove one of the tenant's applications."""
    application_id = request.parameters["application_id"]
    warnings = changes.remove(house, _asked(house, request), application_id)
    return json_reply(200, {"application_id": application_id, "warnings": warnings})


def verify_application(house: Wiring, request: Request) -> Reply:
    """Examine one of the tenant's applications."""
    asked = _asked(house, request)
    sp_fields.read_nothing(request)
    done = doctor.verify(house, asked, request.parameters["application_id"])
    return json_reply(200, view.diagnosis(done, house.stores.signing_keys), nullable={"last_login"})


def preview_attributes(house: Wiring, request: Request) -> Reply:
    """Tell what a user's assertion would carry."""
    admin = _asked(house, request).admin
    fields = sp_fields.read_preview(request.json())
    return json_reply(200, preview(house, admin, request.parameters["application_id"], fields))


def list_signing_keys(house: Wiring, request: Request) -> Reply:
    """Tell the tenant's signing keys."""
    admin = administrator(request, house.config, house.config.read_scope)
    return json_reply(200, signing_keys.report(house, admin))


def rotate_signing_keys(house: Wiring, request: Request) -> Reply:
    """Make, promote or retire a signing key."""
    admin = administrator(request, house.config, house.config.write_scope)
    made = Rotation(house, admin, request.correlation_id, _ip(house, request)).act(request.json())
    return json_reply(201 if made else 200, signing_keys.report(house, admin))


def move_to_signing_key(house: Wiring, request: Request) -> Reply:
    """Pin an application to another signing key."""
    admin = administrator(request, house.config, house.config.write_scope)
    rotation = Rotation(house, admin, request.correlation_id, _ip(house, request))
    moved = rotation.move(request.parameters["application_id"], request.json())
    return json_reply(200, view.application(moved, house.stores.signing_keys))


def _asked(house: Wiring, request: Request) -> Asked:
    admin = administrator(request, house.config, house.config.write_scope)
    return Asked(admin, house.config.origin(request.domain_name), request.correlation_id, _ip(house, request))


def _ip(house: Wiring, request: Request) -> str:
    return viewer(request, house.config.origin_secret).ip


handler = Entry(
    "connect",
    {
        "GET /integrations": list_integrations,
        "POST /applications": add_application,
        "GET /applications": list_applications,
        "GET /applications/{application_id}": get_application,
        "GET /applications/{application_id}/events": list_events,
        "GET /applications/{application_id}/activity": get_activity,
        "GET /events": list_other_events,
        "GET /applications/{application_id}/transactions/{correlation_id}": get_transaction,
        "PATCH /applications/{application_id}": change_application,
        "DELETE /applications/{application_id}": remove_application,
        "POST /applications/{application_id}/verify": verify_application,
        "POST /applications/{application_id}/attributes/preview": preview_attributes,
        **people_routes.ROUTES,
        "GET /signing-keys": list_signing_keys,
        "POST /signing-keys": rotate_signing_keys,
        "POST /applications/{application_id}/signing-key": move_to_signing_key,
    },
)
