"""Our metadata for one application as it was signed, and how long that holds."""

from dataclasses import dataclass

VALID = 7 * 86400
RENEWED = 86400


@dataclass(frozen=True, slots=True)
class MetadataDocument:
    """Signed metadata; `fingerprint` is a hash of what it was made from, times are seconds since 1970.

    It is valid for VALID seconds but made anew after RENEWED, so that a service provider always gets days.
    """

    application_id: str
    fingerprint: str
    xml: str
    made_at: int

    def serves(self, fingerprint: str, now: int) -> bool:
        """Tell whether it says what is true now and is fresh enough to be handed out."""
        return self.fingerprint == fingerprint and now - self.made_at < RENEWED
