"""Keys on disk: one JSON file a simulated phone, readable by its owner only."""

import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from local.phone_simulator.errors import UnusableKeys
from local.phone_simulator.keys import Enrolment, Keys

PROJECT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def phones_directory() -> Path:
    """Return `phones` under LOCAL_DIR, which a relative path names from the project's folder; by default `.local`."""
    return PROJECT / (os.environ.get("LOCAL_DIR") or ".local") / "phones"


def phone_name(text: str) -> str:
    """Return `text` if it is letters, digits, - and _; raises ValueError otherwise: it becomes a file's name."""
    if not NAME.fullmatch(text):
        raise ValueError(f"not a phone's name: {text!r}")
    return text


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Where one phone's enrolment is kept."""

    path: Path

    @classmethod
    def of(cls, name: str, directory: Path | None = None) -> Self:
        """Return the file of the phone called `name`; raises ValueError for a name that could leave the directory."""
        return cls((directory or phones_directory()) / f"{phone_name(name)}.json")

    def load(self) -> Enrolment | None:
        """Return the enrolment, None if there is no file; raises UnusableKeys for any other content."""
        try:
            stored = json.loads(self.path.read_bytes())
            return Enrolment(stored["origin"], stored["device_id"], _keys_of(stored))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as broken:
            raise UnusableKeys(f"{self.path} holds no phone's keys; delete it and enrol again") from broken

    def save(self, enrolment: Enrolment) -> None:
        """Replace the file in one step, with mode 0600 in a directory of mode 0700."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.parent.chmod(0o700)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.stem}.")
        draft = Path(name)
        try:
            with os.fdopen(handle, "w") as file:
                json.dump(_stored(enrolment), file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        finally:
            draft.unlink(missing_ok=True)


def _stored(enrolment: Enrolment) -> dict[str, str | None]:
    keys = enrolment.keys
    return {
        "origin": enrolment.origin,
        "device_id": enrolment.device_id,
        "biometric_key": _pem(keys.biometric),
        "device_key": _pem(keys.device) if keys.device else None,
    }


def _keys_of(stored: dict[str, str | None]) -> Keys:
    device = stored["device_key"]
    return Keys(_key(stored["biometric_key"] or ""), _key(device) if device else None)


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _key(pem: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TypeError("not a P-256 key")
    return key
