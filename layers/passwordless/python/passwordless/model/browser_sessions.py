"""A browser's session with us: who signed in there, with which phone, when and how strongly (S23).

It spares the next login a scan, where the application allows it. It is no login session: that is one AuthnRequest.
"""

from dataclasses import dataclass

from passwordless.model.policies import Policy, RelayRisk
from passwordless.model.sessions import Decision

_STRICTNESS = {RelayRisk.OFF: 0, RelayRisk.STEP_UP: 1, RelayRisk.BLOCK: 2}


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """One row; `key` is the hash of the browser's secret, `applications` those that it signed in to.

    `authn_instant` and `authn_context` tell of the approval that began it and never change; `relay_risk` and
    `block_beyond_km` are the policy by which that approval was weighed.
    """

    key: str
    tenant: str
    user_id: str
    device_id: str
    authn_instant: int
    authn_context: str
    expires_at: int
    applications: frozenset[str]
    uv: str | None = None
    relay_risk: RelayRisk = RelayRisk.OFF
    block_beyond_km: int = 0

    def spares_a_scan(self, *, tenant: str, policy: Policy, now: int) -> bool:
        """Tell whether the session is of this tenant, young enough, and weighed as an application's policy wants it."""
        allowed_until = min(self.expires_at, self.authn_instant + policy.session_seconds)
        return self.tenant == tenant and now < allowed_until and self._as_strictly_weighed(policy)

    def _as_strictly_weighed(self, policy: Policy) -> bool:
        near = policy.block_beyond_km == 0 or 0 < self.block_beyond_km <= policy.block_beyond_km
        return near and _STRICTNESS[self.relay_risk] >= _STRICTNESS[policy.relay_risk]

    def decision(self) -> Decision:
        """Return the approval that began the session, as the decision of a further login."""
        return Decision(
            device_id=self.device_id,
            user_id=self.user_id,
            decided_at=self.authn_instant,
            proof_hash="",
            uv=self.uv,
            browser_session=self.key,
        )


@dataclass(frozen=True, slots=True)
class Participation:
    """That an application was told of a browser session: under which NameID and which SessionIndex of its own."""

    application_id: str
    name_id: str
    name_id_format: str
    session_index: str
    browser_session: str
