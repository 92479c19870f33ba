"""`make bench`: what the phone's way costs: the QR code of a poll answer, and checking a device's proof."""

import sys
from itertools import count

from bench.timing import Case, report
from passwordless.phone import proof, qr
from tests.unit.phone.builders import login_proof, taken

_URL = "https://login.example.com/Q/ABCDEFGHIJKLMNOP"
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def cases() -> list[Case]:
    """Return what is measured; every code is another, so that none comes out of the cache."""
    numbers, posted = count(), login_proof()
    return [
        Case("QR code of a poll answer", lambda: qr.svg(_URL + _frame(next(numbers))), 3.0),
        Case("check a device's approval", lambda: taken(posted, proof.LOGIN), 1.0),
    ]


def _frame(number: int) -> str:
    """Return ten base32 characters that differ for each number."""
    return "".join(_DIGITS[number >> 5 * place & 31] for place in range(10))


if __name__ == "__main__":
    sys.exit(report(cases()))
