"""The tenant's signing key, waited for while another call is making it."""

from passwordless.auth0.asked import Asked
from passwordless.auth0.deadline import Deadline
from passwordless.errors import Unavailable
from passwordless.keys_function import BUSY
from passwordless.model.signing_keys import SigningKey
from passwordless.wiring import Wiring

_PAUSE = 1.5
_LEFT_FOR_AUTH0 = 15.0


def signing_key(house: Wiring, asked: Asked, deadline: Deadline) -> SigningKey:
    """Return the caller's tenant's current signing key, made if there is none; the deadline keeps time for Auth0.

    Raises Unavailable.
    """
    while True:
        try:
            return house.current_signing_key(asked.admin.tenant, asked.correlation_id)
        except Unavailable as failure:
            if failure.code != BUSY or not deadline.pause(_PAUSE, leave=_LEFT_FOR_AUTH0):
                raise
