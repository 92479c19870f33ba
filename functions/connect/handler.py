"""What AdminX calls; every route needs an administrator's access token, whose tenant bounds what is read and written.

GET  /integrations                      what can be connected, and which fields that takes
POST /applications                      one-click connect -> 201 with the application, the steps and a test link
GET  /applications                      the tenant's applications, paged by `limit` and `page_token`
GET  /applications/{application_id}     one of them
POST /enrollments                       invite a user's phone -> 201 with the invite's URL and QR code

Bodies are never logged: one of them holds an Auth0 client secret.
"""

from passwordless.admin import administrator
from passwordless.administration import applications, view
from passwordless.auth0 import fields, guide, idempotency
from passwordless.auth0.asked import Asked
from passwordless.enrollment.invite import invite
from passwordless.entry import Entry
from passwordless.web import Reply, Request, json_reply
from passwordless.wiring import Wiring


def list_integrations(house: Wiring, request: Request) -> Reply:
    """Tell what can be connected."""
    administrator(request, house.config, house.config.read_scope)
    return json_reply(200, guide.integrations())


def add_application(house: Wiring, request: Request) -> Reply:
    """Connect an Auth0 tenant by one click."""
    admin = administrator(request, house.config, house.config.write_scope)
    key = idempotency.read_key(request.headers)
    origin = house.config.origin(request.domain_name)
    asked = Asked(admin, origin, request.correlation_id, request.ip)
    done = idempotency.connect(house, fields.read(request.json()), asked, key)
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


def add_enrollment(house: Wiring, request: Request) -> Reply:
    """Invite a user's phone."""
    admin = administrator(request, house.config, house.config.write_scope)
    done = invite(
        house,
        admin.tenant,
        request.json(),
        actor=admin.subject,
        correlation_id=request.correlation_id,
        origin=house.config.origin(request.domain_name),
    )
    return json_reply(201, view.invited(done))


handler = Entry(
    "connect",
    {
        "GET /integrations": list_integrations,
        "POST /applications": add_application,
        "GET /applications": list_applications,
        "GET /applications/{application_id}": get_application,
        "POST /enrollments": add_enrollment,
    },
)
