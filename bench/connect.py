"""`make bench`: what one-click connect and Verify cost us beside Auth0, in CPU time of the thread that runs them.

Tables and keys are the emulator's in a process of its own, Auth0 is a server in another thread: the figures hold our
own work, the calls to the tables and the HTTP client with it, and no waiting.
"""

import sys
import time

from bench.timing import Case, report
from functions.connect.handler import handler
from tests.auth0_tenant import at_tenant, press_connect, press_verify
from tests.calls import Answer
from tests.emulator import running_house
from tests.unit.auth0.tenant_server import a_tenant

RUNS = 40
LIMIT = 150.0


def done(answer: Answer) -> Answer:
    """Return an answer that tells of no failure."""
    if answer.status >= 300:
        raise AssertionError(answer.body)
    return answer


def main() -> int:
    """Print a table; return 1 when a limit is exceeded."""
    handler.log.setLevel("ERROR")
    with running_house() as house, a_tenant() as tenant:
        there = at_tenant(house, tenant.url)
        application_id = done(press_connect(there, None)).json["application"]["application_id"]
        cases = [
            Case("connect, beside Auth0", lambda: done(press_connect(there, None)), LIMIT),
            Case("verify, beside Auth0", lambda: done(press_verify(there, application_id)), LIMIT),
        ]
        return report(cases, time.thread_time, RUNS)


if __name__ == "__main__":
    sys.exit(main())
