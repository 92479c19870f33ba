"""What a phone knows about itself: two P-256 keys, and where it is enrolled under which device id."""

from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that asks for biometrics each time, and the one that never prompts.

    A phone with `biometric` alone signs everything with it.
    """

    biometric: ec.EllipticCurvePrivateKey = field(repr=False)
    device: ec.EllipticCurvePrivateKey | None = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Make two fresh keys from the operating system's randomness."""
        return cls(ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1()))

    @property
    def promptless(self) -> ec.EllipticCurvePrivateKey:
        """Return the key for scans and refusals."""
        return self.device or self.biometric


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One phone at one service: `origin` is scheme, host and port in lower case."""

    origin: str
    device_id: str
    keys: Keys
