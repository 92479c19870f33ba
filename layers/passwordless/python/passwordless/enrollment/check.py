"""The check: characters that a waiting phone shows, and that whoever confirms it types."""

import hashlib

from passwordless.model.people import Device
from passwordless.model.tokens import base32

LENGTH = 4


def check_of(device: Device) -> str:
    """Return the characters that the phone shows and whoever confirms the phone types: they come from its keys."""
    return base32(hashlib.sha256("".join(device.key_ids).encode()).digest())[:LENGTH]
