"""An invite opened in a phone's browser: what its page shows, and the passkey that the phone makes for it."""

from dataclasses import dataclass
from typing import Any

from passwordless.enrollment.enroll import open_invite, over
from passwordless.model.passkeys import user_handle
from passwordless.model.people import EnrollmentState, UserStatus
from passwordless.model.tokens import digest
from passwordless.phone import ceremony, webauthn
from passwordless.wiring import Wiring

ES256 = -7


@dataclass(frozen=True, slots=True)
class Invitation:
    """Which company invites, and what the phone is asked for (`PublicKeyCredentialCreationOptionsJSON`)."""

    tenant: str
    options: dict[str, Any]


def look(wiring: Wiring, token: str, origin: str) -> Invitation:
    """Return what an open invite asks for; the person is not named to whoever holds the link. Changes nothing.

    Raises NotFound for an unknown invite, Gone for one that is used, void or expired, or whose user is disabled.
    """
    invite = open_invite(wiring, token)
    user = wiring.stores.users.get(invite.user_id)
    over_by_now = invite.state(user, None, wiring.now) is not EnrollmentState.OPEN
    if over_by_now or user is None or user.status is not UserStatus.ACTIVE:
        raise over()
    host = webauthn.rp_id(origin)
    options: dict[str, Any] = {
        "rp": {"id": host, "name": host},
        "user": {"id": user_handle(user.pairwise_key), "name": invite.tenant, "displayName": invite.tenant},
        "challenge": ceremony.enroll_challenge(digest(token)),
        "pubKeyCredParams": [{"type": "public-key", "alg": ES256}],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }
    return Invitation(invite.tenant, options)
