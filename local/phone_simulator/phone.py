"""One simulated phone: enrols, scans, and sends what its person decides."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, Unpack

from local.phone_simulator.camera import read_qr
from local.phone_simulator.errors import NotEnrolled, UnexpectedAnswer
from local.phone_simulator.jws import public_jwk
from local.phone_simulator.key_file import KeyFile
from local.phone_simulator.keys import Enrolment, Keys
from local.phone_simulator.link import Link, Purpose, is_link, parse_link
from local.phone_simulator.proofs import (
    CONFIRM_ROUTE,
    ENROLL_ROUTE,
    SCAN_ROUTE,
    VERIFY_ROUTE,
    Decision,
    Location,
    Overrides,
    build_confirm_proof,
    build_enroll_proof,
    build_scan_proof,
    build_verify_proof,
    context_hash,
)
from local.phone_simulator.service import post

type Code = str | Path | bytes
"""A code to read: its URL, or a picture of it by path or content."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What the service said about a scanned code. `context` is what the person is shown; `answer` is everything."""

    origin: str
    session_id: str
    nonce: str
    context: Mapping[str, str]
    step_up: bool
    answer: Mapping[str, Any]

    @property
    def ctx(self) -> str:
        """Return the hash of the context as shown, computed here."""
        return context_hash(self.context)


class Phone:
    """A phone in memory, or with `key_file` one that outlives the process.

    `clock` answers seconds since 1970; a phone with a wrong clock is one with another function.
    """

    def __init__(
        self,
        enrolment: Enrolment | None = None,
        *,
        key_file: KeyFile | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.enrolment = enrolment
        self._key_file = key_file
        self._clock = clock

    @classmethod
    def named(cls, name: str, directory: Path | None = None, clock: Callable[[], float] = time.time) -> Self:
        """Return the phone kept on disk under this name, new if there is none; raises ValueError for a bad name."""
        key_file = KeyFile.of(name, directory)
        return cls(key_file.load(), key_file=key_file, clock=clock)

    def enroll(
        self,
        code: Code,
        name: str = "Simulated phone",
        os: str = "Android",
        keys: Keys | None = None,
        **overrides: Unpack[Overrides],
    ) -> dict[str, Any]:
        """Accept an invite with fresh keys, or `keys`, and return `{device_id, status, check}`.

        The phone forgets an earlier enrolment only once the new one is granted. Raises any PhoneError.
        """
        link = _link(code, Purpose.ENROLL)
        keys = keys or Keys.generate()
        proof = build_enroll_proof(keys, link.origin, link.token, self._clock(), **overrides)
        answer = post(link.origin, ENROLL_ROUTE, enrolment_request(keys, link.token, name, os, proof))
        self.enrolment = Enrolment(link.origin, _text(answer, "device_id"), keys)
        if self._key_file:
            self._key_file.save(self.enrolment)
        return answer

    def scan(self, code: Code, via: str | None = "camera", **overrides: Unpack[Overrides]) -> ScanResult:
        """Claim the login behind a code and return what the person has to judge. Raises any PhoneError."""
        link = _link(code, Purpose.SIGN_IN)
        own = self._enrolled_at(link.origin)
        proof = build_scan_proof(
            own.keys, own.device_id, link.origin, link.token, self._clock(), via, **overrides
        )
        return _scan_result(link.origin, post(link.origin, SCAN_ROUTE, {"token": link.token, "proof": proof}))

    def approve(
        self,
        scan: ScanResult,
        uv: str | None = "face",
        loc: Location | None = None,
        **overrides: Unpack[Overrides],
    ) -> dict[str, Any]:
        """Sign the person in and return `{status, code?}`. Raises any PhoneError."""
        return self.decide(scan, Decision.APPROVE, uv, loc, **overrides)

    def deny(self, scan: ScanResult, **overrides: Unpack[Overrides]) -> dict[str, Any]:
        """Refuse the login and return `{status}`. Raises any PhoneError."""
        return self.decide(scan, Decision.DENY, **overrides)

    def report(self, scan: ScanResult, **overrides: Unpack[Overrides]) -> dict[str, Any]:
        """Refuse the login as an attack and return `{status}`. Raises any PhoneError."""
        return self.decide(scan, Decision.REPORT, **overrides)

    def decide(
        self,
        scan: ScanResult,
        decision: Decision,
        uv: str | None = None,
        loc: Location | None = None,
        **overrides: Unpack[Overrides],
    ) -> dict[str, Any]:
        """Send one decision; `scan` may stem from another phone, as an attacker's would. Raises any PhoneError."""
        own = self._enrolled_at(scan.origin)
        jws = build_verify_proof(
            own.keys,
            own.device_id,
            scan.origin,
            scan.session_id,
            scan.nonce,
            scan.ctx,
            decision,
            self._clock(),
            uv,
            loc,
            **overrides,
        )
        answer = post(scan.origin, VERIFY_ROUTE, verify_request(scan.session_id, jws))
        _text(answer, "status")
        return answer

    def confirm(self, check: str, uv: str = "face", **overrides: Unpack[Overrides]) -> dict[str, Any]:
        """Vouch for the new phone that shows `check`, and return `{device_id, status}`. Raises any PhoneError."""
        own = self.enrolment
        if own is None:
            raise NotEnrolled("this phone is not enrolled")
        proof = build_confirm_proof(
            own.keys, own.device_id, own.origin, check, self._clock(), uv, **overrides
        )
        answer = post(own.origin, CONFIRM_ROUTE, {"proof": proof})
        _text(answer, "status")
        return answer

    def _enrolled_at(self, origin: str) -> Enrolment:
        if self.enrolment is None or self.enrolment.origin != origin:
            raise NotEnrolled(f"this phone is not enrolled at {origin}")
        return self.enrolment


def enrolment_request(keys: Keys, token: str, name: str, os: str, proof: str) -> dict[str, object]:
    """Return the body of POST /mobile/enroll."""
    second = {"device_jwk": public_jwk(keys.device)} if keys.device else {}
    device = {"name": name, "os": os}
    return {"token": token, "device": device, "jwk": public_jwk(keys.biometric), **second, "proof": proof}


def verify_request(session_id: str, jws: str) -> dict[str, object]:
    """Return the body of POST /mobile/verify for an app's proof."""
    return {"session_id": session_id, "proof": {"type": "device", "jws": jws}}


def _link(code: Code, purpose: Purpose) -> Link:
    if isinstance(code, str) and is_link(code):
        return parse_link(code, purpose)
    return parse_link(read_qr(Path(code) if isinstance(code, str) else code), purpose)


def _scan_result(origin: str, answer: dict[str, Any]) -> ScanResult:
    context = answer.get("context")
    if not isinstance(context, dict) or not all(isinstance(value, str) for value in context.values()):
        raise UnexpectedAnswer("the service's context is not an object of strings")
    if _hash(context) != _text(answer, "context_hash"):
        raise UnexpectedAnswer("the service's context_hash is not the hash of the context it sent")
    session_id, nonce = _text(answer, "session_id"), _text(answer, "nonce")
    return ScanResult(origin, session_id, nonce, context, bool(answer.get("step_up")), answer)


def _hash(context: Mapping[str, str]) -> str:
    try:
        return context_hash(context)
    except UnicodeEncodeError as broken:
        raise UnexpectedAnswer("the service's context holds text that is no Unicode") from broken


def _text(answer: Mapping[str, Any], member: str) -> str:
    value = answer.get(member)
    if not isinstance(value, str) or not value:
        raise UnexpectedAnswer(f"the service's answer lacks `{member}`")
    return value
