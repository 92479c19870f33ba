"""E-mail addresses as we store and compare them."""

import re

MAX_LENGTH = 254
ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,188}[a-z0-9])?")


def normalised(value: object) -> str | None:
    """Return an address in lower case without white space around it, None when it is none."""
    address = value.strip().lower() if isinstance(value, str) else ""
    usable = len(address) <= MAX_LENGTH and ".." not in address and ADDRESS.fullmatch(address)
    return address if usable else None
