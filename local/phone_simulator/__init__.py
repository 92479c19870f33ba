"""A phone with the app, simulated: the library behind `local/phone`, open to hostile variants by the tests."""

from local.phone_simulator.errors import (
    NotEnrolled,
    PhoneError,
    Refused,
    UnexpectedAnswer,
    Unreachable,
    UnreadableCode,
    UnusableKeys,
)
from local.phone_simulator.keys import Enrolment, Keys
from local.phone_simulator.phone import Phone, ScanResult
from local.phone_simulator.proofs import (
    ABSENT,
    Decision,
    build_confirm_proof,
    build_enroll_proof,
    build_scan_proof,
    build_verify_proof,
    context_hash,
)

__all__ = [
    "ABSENT",
    "Decision",
    "Enrolment",
    "Keys",
    "NotEnrolled",
    "Phone",
    "PhoneError",
    "Refused",
    "ScanResult",
    "UnexpectedAnswer",
    "Unreachable",
    "UnreadableCode",
    "UnusableKeys",
    "build_confirm_proof",
    "build_enroll_proof",
    "build_scan_proof",
    "build_verify_proof",
    "context_hash",
]
