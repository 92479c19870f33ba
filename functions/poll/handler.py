"""GET /sessions/{session_id}: the login page asks how its login stands.

Answers `{status, next_poll_ms, frame, qr_svg?, qr_path?, code_required?, message}` to the browser that holds the
session's cookie, 404 to everybody else, 429 with Retry-After to a browser that asks too fast. Reads one table and
nothing more. `?frame=N` names the QR code that the page shows, so that it, and the path that it leads to, are sent only
when it is another; with `&hold=1` the code is of the slow kind.
"""

from urllib.parse import parse_qs

from passwordless import entry, texts, web
from passwordless.errors import TooMany
from passwordless.login import view
from passwordless.wiring import Wiring


def status(house: Wiring, request: web.Request) -> web.Reply:
    """Tell how the login stands."""
    session = view.seen(house.stores.sessions, request.parameters["session_id"], request.cookies)
    wait = house.pace.wait(session.session_id, house.clock())
    if wait:
        raise TooMany("polled_too_fast", "This page asks too often.", retry_after=wait)
    now = house.now
    origin, motion = house.config.origin(request.domain_name), view.motion_of(request.query)
    picture = view.picture(session, origin, now, motion)
    code_required = session.awaits_code(now)
    shown = parse_qs(request.query).get("frame", [""])[0]
    another = picture if picture and str(picture.frame) != shown else None
    current = session.status_at(now)
    return web.json_reply(
        200,
        {
            "status": current.value,
            "next_poll_ms": view.next_poll_ms(session, now, house.randomness(1)[0]),
            "frame": picture.frame if picture else None,
            "qr_svg": another.svg if another else None,
            "qr_path": another.path if another else None,
            "code_required": code_required or None,
            "message": texts.message(
                current.value,
                refusal=session.refusal,
                code_required=code_required,
                language=request.language,
            ),
        },
    )


handler = entry.Entry("poll", {"GET /sessions/{session_id}": status}, quiet=True)
