"""What the phone calls.

POST /mobile/enroll    an invite, and keys or a passkey   -> 201 {device_id, status, check}
POST /mobile/scan      a QR token and a proof             -> 200 {session_id, nonce, context, context_hash, step_up}
POST /mobile/verify    a signed decision, or a passkey's  -> 200 {status, code?}
POST /mobile/confirm   a check, signed by an older phone of the same person -> 200 {device_id, status}
GET  /Q/{token}        what a plain camera opens: what the login is about, to approve by a passkey; changes nothing
GET  /E/{token}        what a plain camera opens: the invite, to create a passkey for; changes nothing

Failures are problem documents for a program, and pages where a person looks.
"""

from pathlib import Path

from passwordless import entry, web
from passwordless.confirmation import confirm_by_phone
from passwordless.enrollment import passkey as invite_by_passkey
from passwordless.enrollment.check import check_of
from passwordless.enrollment.enroll import enroll as enroll_device
from passwordless.errors import Failure, Malformed
from passwordless.login.approve import Caller, Decided
from passwordless.login.decide import decide
from passwordless.login.look import look
from passwordless.login.passkey import approve_by_passkey
from passwordless.login.scan import scan as scan_code
from passwordless.pages import Page
from passwordless.phone.consent import browser_of, system_of
from passwordless.phone.webauthn import rp_id
from passwordless.phone_pages import ConsentView, InviteView, PhonePages
from passwordless.viewer import viewer
from passwordless.wiring import Wiring

PAGES = PhonePages(Path(__file__).parent / "page")


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
    decided = _decided(house, request.json(), _caller(house, request))
    return web.json_reply(200, {"status": decided.status.value, "code": decided.code})


def confirm(house: Wiring, request: web.Request) -> web.Reply:
    """Confirm a person's new phone by another one."""
    body = _exactly(request, "proof")
    device = confirm_by_phone(house, body["proof"], _caller(house, request))
    return web.json_reply(200, {"device_id": device.device_id, "status": device.status.value})


def open_code(house: Wiring, request: web.Request) -> web.Reply:
    """Show a person whose camera opened a code what it is about; whoever came by a link is told to scan (S12)."""
    origin = house.config.origin(request.domain_name)
    if request.from_elsewhere(origin):
        return _page(200, PAGES.speaking(request.language).elsewhere())
    seen = look(house, request.parameters["token"], request.cookies, unlinked=request.unlinked)
    asked = {
        "session_id": seen.session_id,
        "context": dict(seen.context),
        "ticket": seen.ticket,
        "challenge": seen.challenge,
        "rp_id": rp_id(origin),
    }
    back = f"/login/{seen.session_id}" if seen.own_browser else None
    view = ConsentView(seen.context, seen.age, asked, back)
    return _page(200, PAGES.speaking(request.language).consent(view))


def open_invite(house: Wiring, request: web.Request) -> web.Reply:
    """Show a person whose camera opened an invite who invites, and ask for a passkey."""
    origin, token = house.config.origin(request.domain_name), request.parameters["token"]
    invitation = invite_by_passkey.look(house, token, origin)
    user_agent = request.headers.get("user-agent", "")
    device = {"name": f"{browser_of(user_agent)}, {system_of(user_agent)}", "os": system_of(user_agent)}
    asked = {"token": token, "device": device, "options": invitation.options}
    view = InviteView(invitation.tenant, rp_id(origin), device["name"], asked)
    return _page(200, PAGES.speaking(request.language).invite(view))


def failed(failure: Failure, request: web.Request) -> web.Reply:
    """Tell a failure: as a page where a person looks, as a problem document to a program."""
    if not request.route.startswith("GET "):
        return web.problem(failure, request)
    page = PAGES.failure(failure, request.correlation_id, request.language)
    return _page(failure.status, page, web.retry_after(failure))


def _decided(house: Wiring, body: dict[str, object], caller: Caller) -> Decided:
    """Apply the proof, of a device or of a passkey, that a body carries."""
    proof = body.get("proof")
    if isinstance(proof, dict) and proof.get("type") == "passkey":
        _expect(body, "session_id", "ticket", "proof")
        _expect(proof, "type", "credential")
        session_id, ticket = _text(body, "session_id"), _text(body, "ticket")
        return approve_by_passkey(house, session_id, ticket, proof["credential"], caller)
    _expect(body, "session_id", "proof")
    if not isinstance(proof, dict) or proof.keys() != {"type", "jws"} or proof["type"] != "device":
        raise Malformed(
            "malformed_proof", "The proof has exactly type (device or passkey) and jws or credential."
        )
    return decide(house, _text(body, "session_id"), proof["jws"], caller)


def _caller(house: Wiring, request: web.Request) -> Caller:
    return Caller(house.config.origin(request.domain_name), _address(house, request), request.correlation_id)


def _address(house: Wiring, request: web.Request) -> str:
    return viewer(request, house.config.origin_secret).ip


def _page(status: int, page: Page, headers: dict[str, str] | None = None) -> web.Reply:
    return web.page(status, page.body, page.csp, headers)


def _exactly(request: web.Request, *names: str) -> dict[str, object]:
    body = request.json()
    _expect(body, *names)
    return body


def _expect(body: dict[str, object], *names: str) -> None:
    if body.keys() != set(names):
        raise Malformed("malformed_body", f"Expected are exactly {' and '.join(names)}.")


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
    failed,
)
