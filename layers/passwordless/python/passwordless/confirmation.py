"""A person confirms a new phone with another one: the old phone signs the check that the new one shows (S07).

The proof of `POST /mobile/confirm {proof}` is a compact JWS as the others are: `typ` is `qr-confirm+jwt`, the key is
`jwk`, and the payload is `{iss: device_id, aud, check, uv, iat, exp}`.
"""

from passwordless.enrollment.acting import Actor
from passwordless.enrollment.check import check_of
from passwordless.enrollment.confirm import confirm, not_pending
from passwordless.errors import Conflict, Failure, Gone, Unprocessable
from passwordless.login.approve import Caller
from passwordless.login.scan import inactive, proven
from passwordless.model.people import Device, DeviceStatus, KeyUse
from passwordless.phone import proof
from passwordless.web import same_secret
from passwordless.wiring import Wiring

ROUTE = "/mobile/confirm"


def confirm_by_phone(house: Wiring, posted: object, caller: Caller) -> Device:
    """Activate the waiting phone of the same user that shows the signed check, and return it.

    The phone in hand knows no id of the other, so the check is compared with each one that waits, and counted for each.
    A phone that this check confirmed before is answered for as it is.

    Raises Malformed or BadProof for the proof; Forbidden for a phone that may not sign in itself, and `user_disabled`;
    Conflict `not_pending`; Unprocessable `wrong_check`; Gone `enrollment_withdrawn`.
    """
    device, verified = proven(house, posted, proof.CONFIRM, KeyUse.APPROVE)
    if device.status is not DeviceStatus.ACTIVE:
        raise inactive(device)
    proof.check_time(verified, house.now)
    proof.expect(verified, aud=caller.origin + ROUTE)
    check = str(verified.claims["check"])
    by = Actor(device.tenant, caller.correlation_id, caller.ip, phone_id=device.device_id)
    failure: Failure = not_pending()
    for other in _others(house, device, check):
        try:
            return confirm(house, by, other.enrollment_id or "", check).device or other
        except (Conflict, Gone, Unprocessable) as refused:  # not this one, so perhaps the next
            failure = refused
    raise failure


def _others(house: Wiring, device: Device, check: str) -> list[Device]:
    """Return the user's other phones that wait, after those that are active and show this check."""
    user = house.stores.users.get(device.user_id)
    others = [] if user is None else house.stores.devices.of_user(user)
    invited = [one for one in others if one.device_id != device.device_id and one.enrollment_id is not None]
    active = [one for one in invited if one.status is DeviceStatus.ACTIVE]
    known = [one for one in active if same_secret(check_of(one), check.upper())]
    return known + [one for one in invited if one.status is DeviceStatus.PENDING]
