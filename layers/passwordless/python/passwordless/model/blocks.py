"""An address that users of a tenant reported as an attacker's (S18)."""

from dataclasses import dataclass

LIFETIME = 24 * 3600
"""Seconds for which a report counts, from the latest one on."""

WIDE = 3
"""Reporters after whom nobody of the tenant can approve from there any more."""


@dataclass(frozen=True, slots=True)
class Block:
    """Which users reported an address, and until when (seconds) that counts."""

    reporters: frozenset[str]
    expires_at: int

    def stops(self, user_id: str, now: int) -> bool:
        """Tell whether this user may not sign in to a browser at the address."""
        concerned = user_id in self.reporters or len(self.reporters) >= WIDE
        return now < self.expires_at and concerned
