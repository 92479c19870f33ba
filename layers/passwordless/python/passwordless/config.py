"""Settings of a deployment, read once from the environment that the template gives every function."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

LOCAL = "local"
_MAX_ORIGIN = 58
_ORIGIN = re.compile(r"(https?)://[a-z0-9.-]+(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Config:
    """The template's environment keys are these fields in upper case; a test compares the two."""

    stage: str
    stack_name: str
    public_origin: str
    applications_table: str
    attempts_table: str
    users_table: str
    devices_table: str
    enrollments_table: str
    sessions_table: str
    browser_sessions_table: str
    replays_table: str
    metadata_table: str
    signing_keys_table: str
    events_table: str
    ledger_table: str
    traces_table: str
    blocks_table: str
    keys_function: str
    read_scope: str
    write_scope: str
    tenant_claim: str
    auth0_suffixes: str
    local_auth0_map: str
    event_retention_days: str
    event_bus: str
    origin_secret: str
    jwt_issuer: str
    jwt_audience: str
    console_client_id: str

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> "Config":
        """Read every field; raises KeyError for one that is missing and ValueError for one that must not be."""
        config = cls(**{field.name: environment[field.name.upper()] for field in fields(cls)})
        if config.local_auth0_map and not config.local:
            raise ValueError("LOCAL_AUTH0_MAP is for Stage=local only")
        _check_origin(config)
        return config

    @property
    def local(self) -> bool:
        """Tell whether this is the stack on one machine, where loopback http is allowed."""
        return self.stage == LOCAL

    @property
    def tables(self) -> dict[str, str]:
        """Map each store's name to its table's name."""
        suffix = "_table"
        return {
            f.name.removesuffix(suffix): getattr(self, f.name)
            for f in fields(self)
            if f.name.endswith(suffix)
        }

    @property
    def auth0_domain_suffixes(self) -> tuple[str, ...]:
        """The endings, each with its dot, that an Auth0 tenant's own domain may have."""
        return tuple(part for part in self.auth0_suffixes.split(",") if part)

    @property
    def auth0_map(self) -> dict[str, str]:
        """Map an Auth0 domain to the base URL of its local double; empty outside Stage=local."""
        pairs = (pair.split("=", 1) for pair in self.local_auth0_map.split(",") if pair)
        return {domain: base.rstrip("/") for domain, base in pairs}

    def origin(self, domain_name: str) -> str:
        """Return PublicOrigin; on AWS without a custom domain the API's own host, never one from a header."""
        return self.public_origin or f"https://{domain_name}"


def _check_origin(config: Config) -> None:
    if not config.public_origin:
        if config.local:
            raise ValueError("PUBLIC_ORIGIN is required when Stage=local")
        return
    read = _ORIGIN.fullmatch(config.public_origin)
    if read is None or len(config.public_origin) > _MAX_ORIGIN:
        raise ValueError(
            "PUBLIC_ORIGIN is scheme, host and port in lower case, 58 characters at most, without a slash at its end"
        )
    if read[1] != "https" and not config.local:
        raise ValueError("PUBLIC_ORIGIN is https unless Stage=local")
