"""What AdminX calls about people: their invites, themselves, their phones. Ids of another tenant are unknown (404).

POST /enrollments                       invite a user's phone -> 201 with the invite's URL and QR code; `revoke_devices`
                                        for a lost phone; a list `users` or a text `csv` -> 200 with an outcome a row
GET  /enrollments                       how many users have come how far
GET, DELETE /enrollments/{enrollment_id}            how an invite stands; withdraw it
POST /enrollments/{enrollment_id}/confirm           {"check"} activates the phone that shows it
GET  /users                             the tenant's users, paged, or the one with an `email`
GET, PATCH, DELETE /users/{user_id}     one of them; change, disable or enable; erase
GET  /users/{user_id}/devices           a user's phones
GET  /users/{user_id}/events            what was done by or to a user, newest first, paged
PATCH, DELETE /devices/{device_id}      rename; revoke
DELETE /blocks/{address}                open an address again that people reported as an attacker's
"""

from collections.abc import Callable, Mapping

from passwordless.admin import administrator
from passwordless.administration import blocks, devices, history, people_view, users, view
from passwordless.enrollment import bulk, invite_fields
from passwordless.enrollment.acting import Actor
from passwordless.enrollment.confirm import confirm
from passwordless.enrollment.invite import invite
from passwordless.enrollment.invite_fields import invalid
from passwordless.enrollment.withdraw import standing, withdraw
from passwordless.viewer import viewer
from passwordless.web import Reply, Request, json_reply
from passwordless.wiring import Wiring

MAX_CHECK = 16


def add_enrollments(house: Wiring, request: Request) -> Reply:
    """Invite one user's phone, or many."""
    by, origin = _writer(house, request), house.config.origin(request.domain_name)
    body = request.json()
    if bulk.is_bulk(body):
        return json_reply(200, people_view.many_invited(bulk.invite_many(house, by, body, origin)))
    return json_reply(201, people_view.invited(invite(house, by, body, origin)))


def count_enrollments(house: Wiring, request: Request) -> Reply:
    """Tell how many users have come how far."""
    admin = administrator(request, house.config, house.config.read_scope)
    return json_reply(200, people_view.summary(users.summary(house, admin)))


def get_enrollment(house: Wiring, request: Request) -> Reply:
    """Tell how an invite stands."""
    admin = administrator(request, house.config, house.config.read_scope)
    found = standing(house, admin.tenant, request.parameters["enrollment_id"])
    return json_reply(200, people_view.enrollment(found))


def withdraw_enrollment(house: Wiring, request: Request) -> Reply:
    """Withdraw an invite."""
    done = withdraw(house, _writer(house, request), request.parameters["enrollment_id"])
    return json_reply(200, people_view.enrollment(done))


def confirm_enrollment(house: Wiring, request: Request) -> Reply:
    """Activate the phone that shows the check."""
    by, body = _writer(house, request), request.json()
    invite_fields.only(body, {"check"})
    check = body.get("check")
    if not isinstance(check, str) or not 0 < len(check) <= MAX_CHECK:
        raise invalid("check", "must be the characters that the phone shows")
    done = confirm(house, by, request.parameters["enrollment_id"], check)
    return json_reply(200, people_view.enrollment(done))


def list_users(house: Wiring, request: Request) -> Reply:
    """Tell a page of the tenant's users."""
    admin = administrator(request, house.config, house.config.read_scope)
    return json_reply(200, people_view.users(users.page(house, admin, request.query), house.now))


def get_user(house: Wiring, request: Request) -> Reply:
    """Tell one of the tenant's users."""
    admin = administrator(request, house.config, house.config.read_scope)
    found = users.one(house, admin.tenant, request.parameters["user_id"])
    return json_reply(200, people_view.user(found, house.now))


def change_user(house: Wiring, request: Request) -> Reply:
    """Change, disable or enable a user."""
    by, user_id = _writer(house, request), request.parameters["user_id"]
    return json_reply(200, people_view.user(users.change(house, by, user_id, request.json()), house.now))


def erase_user(house: Wiring, request: Request) -> Reply:
    """Erase a user."""
    by, user_id = _writer(house, request), request.parameters["user_id"]
    users.erase(house, by, user_id)
    return json_reply(200, {"user_id": user_id, "status": "erased"})


def list_devices(house: Wiring, request: Request) -> Reply:
    """Tell a user's phones."""
    admin = administrator(request, house.config, house.config.read_scope)
    found = devices.of_user(house, admin.tenant, request.parameters["user_id"])
    return json_reply(200, people_view.devices(found))


def list_user_events(house: Wiring, request: Request) -> Reply:
    """Tell a page of what was done by or to a user."""
    admin = administrator(request, house.config, house.config.read_scope)
    found = history.of_user(house, admin, request.parameters["user_id"], request.query)
    return json_reply(200, view.events(found))


def rename_device(house: Wiring, request: Request) -> Reply:
    """Rename a phone."""
    by, device_id = _writer(house, request), request.parameters["device_id"]
    return json_reply(200, people_view.device(devices.rename(house, by, device_id, request.json())))


def revoke_device(house: Wiring, request: Request) -> Reply:
    """Revoke a phone."""
    by, device_id = _writer(house, request), request.parameters["device_id"]
    return json_reply(200, people_view.device(devices.revoke(house, by, device_id)))


def lift_block(house: Wiring, request: Request) -> Reply:
    """Open an address again that people reported."""
    return json_reply(200, blocks.lift(house, _writer(house, request), request.parameters["address"]))


def _writer(house: Wiring, request: Request) -> Actor:
    admin = administrator(request, house.config, house.config.write_scope)
    ip = viewer(request, house.config.origin_secret).ip
    return Actor(admin.tenant, request.correlation_id, ip, subject=admin.subject)


ROUTES: Mapping[str, Callable[[Wiring, Request], Reply]] = {
    "POST /enrollments": add_enrollments,
    "GET /enrollments": count_enrollments,
    "GET /enrollments/{enrollment_id}": get_enrollment,
    "DELETE /enrollments/{enrollment_id}": withdraw_enrollment,
    "POST /enrollments/{enrollment_id}/confirm": confirm_enrollment,
    "GET /users": list_users,
    "GET /users/{user_id}": get_user,
    "PATCH /users/{user_id}": change_user,
    "DELETE /users/{user_id}": erase_user,
    "GET /users/{user_id}/devices": list_devices,
    "GET /users/{user_id}/events": list_user_events,
    "PATCH /devices/{device_id}": rename_device,
    "DELETE /devices/{device_id}": revoke_device,
    "DELETE /blocks/{address}": lift_block,
}
