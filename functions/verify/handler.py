"""What the phone calls.

POST /mobile/enroll    an invite and a key        -> 201 {device_id, status, check}
POST /mobile/scan      a QR token and a proof     -> 200 {session_id, nonce, context, context_hash, step_up}
POST /mobile/verify    a signed decision          -> 200 {status, code?}
POST /mobile/confirm   a check, signed by an older phone of the same person -> 200 {device_id, status}
GET  /Q/{token}, /E/{token}                       -> a page that says what to do with the code; changes nothing

Failures are problem documents; the phone is a program.
"""

from passwordless import entry, texts, web
from passwordless.confirmation import confirm_by_phone
from passwordless.enrollment.check import check_of
from passwordless.enrollment.enroll import enroll as enroll_device
from passwordless.errors import Malformed
from passwordless.login.approve import Caller
from passwordless.login.decide import decide
from passwordless.login.scan import scan as scan_code
from passwordless.pages import Notice, Pages
from passwordless.viewer import viewer
from passwordless.wiring import Wiring

PAGES = Pages()


def enroll(house: Wiring, request: web.Request) -> web.Reply:
    """Enrol a phone."""
    origin = house.config.origin(request.domain_name)
    device = enroll_device(
        house,
        request.json(),
        origin=origin,
        ip=_address(house, request),
        correlation_id=request.correlation_id,
    )
    return web.json_reply(
        201, {"device_id": device.device_id, "status": device.status.value, "check": check_of(device)}
    )


def scan(house: Wiring, request: web.Request) -> web.Reply:
    """Claim a session for the phone that scanned its code."""
    body = _exactly(request, "token", "proof")
    origin = house.config.origin(request.domain_name)
    scanned = scan_code(
        house, _text(body, "token"), body["proof"], origin=origin, ip=_address(house, request)
    )
    return web.json_reply(
        200,
        {
            "session_id": scanned.session.session_id,
            "nonce": scanned.nonce,
            "context": dict(scanned.session.context),
            "context_hash": scanned.session.context_hash,
            "step_up": scanned.step_up,
        },
    )


def verify(house: Wiring, request: web.Request) -> web.Reply:
    """Apply a phone's decision."""
    body = _exactly(request, "session_id", "proof")
    proof = body["proof"]
    if not isinstance(proof, dict) or proof.keys() != {"type", "jws"} or proof["type"] != "device":
        raise Malformed("malformed_proof", "The proof has exactly type (device) and jws.")
    origin = house.config.origin(request.domain_name)
    caller = Caller(origin, _address(house, request), request.correlation_id)
    decided = decide(house, _text(body, "session_id"), proof["jws"], caller)
    return web.json_reply(200, {"status": decided.status.value, "code": decided.code})


def confirm(house: Wiring, request: web.Request) -> web.Reply:
    """Confirm a person's new phone by another one."""
    body = _exactly(request, "proof")
    caller = Caller(
        house.config.origin(request.domain_name), _address(house, request), request.correlation_id
    )
    device = confirm_by_phone(house, body["proof"], caller)
    return web.json_reply(200, {"device_id": device.device_id, "status": device.status.value})


def open_code(_house: Wiring, _request: web.Request) -> web.Reply:
    """Tell a person whose camera opened a code to use the app."""
    return _told("phone.code")


def open_invite(_house: Wiring, _request: web.Request) -> web.Reply:
    """Tell a person whose camera opened an invite to use the app."""
    return _told("phone.invite")


def _address(house: Wiring, request: web.Request) -> str:
    return viewer(request, house.config.origin_secret).ip


def _told(words: str) -> web.Reply:
    notice = Notice(texts.text(f"{words}.heading"), texts.text(f"{words}.message"), tone="calm")
    page = PAGES.notice(notice)
    return web.page(200, page.body, page.csp)


def _exactly(request: web.Request, *names: str) -> dict[str, object]:
    body = request.json()
    if body.keys() != set(names):
        raise Malformed("malformed_body", f"The body has exactly {' and '.join(names)}.")
    return body


def _text(body: dict[str, object], name: str) -> str:
    value = body[name]
    if not isinstance(value, str) or not value.isascii():
        raise Malformed("malformed_body", f"{name} is a string of ASCII characters.")
    return value


handler = entry.Entry(
    "verify",
    {
        "POST /mobile/enroll": enroll,
        "POST /mobile/scan": scan,
        "POST /mobile/verify": verify,
        "POST /mobile/confirm": confirm,
        "GET /Q/{token}": open_code,
        "GET /E/{token}": open_invite,
    },
)
