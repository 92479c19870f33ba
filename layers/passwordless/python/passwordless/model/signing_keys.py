"""A tenant's signing keys and their life: next, current, retiring, retired.

One key is current: new applications are pinned to it. The next one is published in metadata ahead of its use. Promoting
it makes the old one retiring, which still signs for the applications pinned to it. A retired key never signs again.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from passwordless.errors import Conflict, NotFound

REST = 60
"""Seconds after which nobody can still be about to pin an application to a key that is not current any more.

A call that adds an application reads the current key first and ends within 30 seconds; the index that tells which
applications are pinned to a key follows within a second or so.
"""


class SigningKeyStatus(StrEnum):
    """What the key is used for."""

    NEXT = "next"
    CURRENT = "current"
    RETIRING = "retiring"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One RSA_2048 key; `kms_key` is its ARN, times are seconds since 1970.

    `last_pinned_at` is the last time at which an application may have been pinned to a key that is not current.
    """

    key_id: str
    tenant: str
    kms_key: str
    certificate_pem: str
    status: SigningKeyStatus
    created_at: int
    expires_at: int
    last_pinned_at: int | None = None

    @property
    def usable(self) -> bool:
        """Tell whether the key may sign, and so is listed in metadata."""
        return self.status is not SigningKeyStatus.RETIRED


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of one tenant, the oldest first. Each transition returns another ring or raises a Failure.

    A ring that has keys has exactly one current key, and at most one next key.
    """

    keys: tuple[SigningKey, ...] = ()

    @property
    def current_key(self) -> SigningKey | None:
        """The key that new applications are pinned to."""
        return self._with(SigningKeyStatus.CURRENT)

    @property
    def next_key(self) -> SigningKey | None:
        """The key that is to become the current one."""
        return self._with(SigningKeyStatus.NEXT)

    @property
    def usable(self) -> tuple[SigningKey, ...]:
        """The keys that may sign."""
        return tuple(key for key in self.keys if key.usable)

    def key(self, key_id: str) -> SigningKey:
        """Return a key. Raises NotFound `unknown_signing_key`."""
        for key in self.keys:
            if key.key_id == key_id:
                return key
        raise NotFound("unknown_signing_key", "There is no such signing key.")

    def add_next(self, key: SigningKey) -> "KeyRing":
        """Return the ring with a new next key. Raises Conflict: `no_signing_key`, `next_key_exists`."""
        if self.current_key is None:
            raise no_signing_key()
        if self.next_key is not None:
            raise next_key_exists()
        return KeyRing((*self.keys, replace(key, status=SigningKeyStatus.NEXT)))

    def promote(self, key_id: str, now: int) -> "KeyRing":
        """Return the ring in which the next key is current and the current one retiring; Conflict `key_not_next`."""
        promoted, old = self.key(key_id), self.current_key
        if promoted.status is not SigningKeyStatus.NEXT or old is None:
            raise Conflict(
                "key_not_next", f"Only the next key can be promoted; this one is {promoted.status}."
            )
        retiring = replace(old, status=SigningKeyStatus.RETIRING, last_pinned_at=now)
        return self._changed(retiring, replace(promoted, status=SigningKeyStatus.CURRENT))

    def pin(self, key_id: str, now: int) -> "KeyRing":
        """Return the ring after an application was moved to a key. Raises Conflict `key_retired`."""
        key = self.key(key_id)
        if not key.usable:
            raise Conflict(
                "key_retired",
                "The key is retired: it is in no metadata any more, so service providers would refuse its signatures.",
                guidance="Choose a key that is next, current or retiring.",
            )
        return self._changed(replace(key, last_pinned_at=now))

    def retire(self, key_id: str, now: int) -> "KeyRing":
        """Return the ring in which a key that no application is pinned to is retired; a retired one stays so.

        Raises Conflict: `key_is_current`; `key_at_work` within REST seconds of its last use for an application.
        """
        key = self.key(key_id)
        if key.status is SigningKeyStatus.CURRENT:
            raise Conflict(
                "key_is_current",
                "New applications are pinned to this key.",
                guidance="Promote the next key first.",
            )
        if key.usable and key.last_pinned_at is not None and now - key.last_pinned_at <= REST:
            raise Conflict(
                "key_at_work",
                "An application may have been pinned to this key a moment ago.",
                guidance="Try again in a minute.",
                retry_after=REST,
            )
        return self._changed(replace(key, status=SigningKeyStatus.RETIRED))

    def _with(self, status: SigningKeyStatus) -> SigningKey | None:
        return next((key for key in self.keys if key.status is status), None)

    def _changed(self, *changed: SigningKey) -> "KeyRing":
        by_id = {key.key_id: key for key in changed}
        return KeyRing(tuple(by_id.get(key.key_id, key) for key in self.keys))


def no_signing_key() -> Conflict:
    """Return the failure of a rotation where there is nothing to rotate."""
    return Conflict(
        "no_signing_key",
        "There is no signing key yet.",
        guidance="Add an application first: the first key is made with it.",
    )


def next_key_exists() -> Conflict:
    """Return the failure of making a second next key."""
    return Conflict(
        "next_key_exists",
        "There is a next key already.",
        guidance="Promote it, or retire it if it shall not be used.",
    )
