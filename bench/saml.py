"""`make bench`: what SAML messages cost, in CPU time on one core, warm, the median of 200 runs.

KMS is left out: a local RSA-2048 key signs, so that the figures are of our own work.
"""

import base64
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from passwordless.saml.bindings import from_post, from_redirect
from passwordless.saml.refusals import Refusal
from passwordless.saml.response import success
from passwordless.saml.signing import sign
from tests.unit.saml.answers import an_envelope, claims
from tests.unit.saml.builders import (
    an_authn_request,
    checked,
    deflated,
    key_pair,
    node_escaped,
    sign_post,
    sign_redirect,
)

RUNS = 200
WARM_UP = 20
BOMB = 7 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Case:
    """A piece of work and the milliseconds that it may take."""

    name: str
    run: Callable[[], object]
    limit: float


def _bomb() -> str:
    """Return the query of a message that inflates to 7 MB."""
    payload = base64.b64encode(deflated(b"<a>" + b" " * BOMB + b"</a>")).decode()
    return f"SAMLRequest={node_escaped(payload)}"


def _refused(query: str) -> None:
    try:
        from_redirect(query)
    except Refusal:
        return
    raise AssertionError("the bomb was read")


def cases() -> list[Case]:
    """Return what is measured; each case is prepared here, so that only its own work counts."""
    bomb, query = _bomb(), sign_redirect(an_authn_request())
    body = sign_post(an_authn_request())
    pair = key_pair()
    return [
        Case(
            f"refuse a 7 MB bomb in a {len(bomb) / 1000:.1f} kB query",
            lambda: _refused(bomb),
            5.0,
        ),
        Case("signed query: decode, XSD, all checks", lambda: checked(from_redirect(query)), 3.0),
        Case("signed form: decode, XSD, all checks", lambda: checked(from_post(body)), 3.0),
        Case(
            "build a Response and sign it twice",
            lambda: sign(success(an_envelope(), claims()), pair.key, pair.certificate_pem),
            1.7,
        ),
    ]


def median_ms(run: Callable[[], object]) -> float:
    """Return the median of the CPU time of this process, in milliseconds."""
    for _ in range(WARM_UP):
        run()
    return statistics.median(_once(run) for _ in range(RUNS)) * 1000


def _once(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def main() -> int:
    """Print a table; fail when a limit is exceeded."""
    slow = False
    print(f"{'CPU time, median of ' + str(RUNS):48} {'ms':>7} {'limit':>7}")
    for case in cases():
        taken = median_ms(case.run)
        slow = slow or taken > case.limit
        print(f"{case.name:48} {taken:7.3f} {case.limit:7.1f}{'  too slow' if taken > case.limit else ''}")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
