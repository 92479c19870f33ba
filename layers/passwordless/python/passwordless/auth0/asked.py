"""Who asks for a connection, and from where."""

from dataclasses import dataclass

from passwordless.admin import Admin


@dataclass(frozen=True, slots=True)
class Asked:
    """An administrator's call: at which origin of ours, under which correlation id, from which address."""

    admin: Admin
    origin: str
    correlation_id: str
    ip: str
