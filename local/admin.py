"""The administrator's calls that a first login needs: Connect, and inviting a phone."""

from dataclasses import dataclass
from typing import Any

import requests

from local.loopback import session
from local.stack import Stack


class Refused(Exception):
    """Raised when the API answers with a problem; the message is its code, detail and guidance."""


@dataclass(frozen=True, slots=True)
class Admin:
    """AdminX in a few lines: calls the API with an administrator's token."""

    api_url: str
    token: str

    @classmethod
    def of(cls, stack: Stack) -> "Admin":
        """Return the administrator of the stack's tenant."""
        return cls(stack.api_url, stack.admin_token)

    def connect(self, name: str, stack: Stack, **fields: Any) -> dict[str, Any]:
        """Add the Auth0 double's tenant as an application and return what Connect answers."""
        body = {
            "name": name,
            "integration": "auth0-saml",
            "auth0_domain": stack.auth0.domain,
            "auth0_client_id": stack.auth0.client_id,
            "auth0_client_secret": stack.auth0.client_secret,
            **fields,
        }
        return self._call("POST", "/applications", body)

    def invite(self, email: str, given_name: str, family_name: str) -> dict[str, Any]:
        """Invite a user's phone and return the invite."""
        user = {"email": email, "given_name": given_name, "family_name": family_name}
        return self._call("POST", "/enrollments", {"user": user})

    def _call(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        with session() as http:
            headers = {"Authorization": f"Bearer {self.token}"}
            answer = http.request(method, self.api_url + path, json=body, headers=headers, timeout=35)
        if not answer.ok:
            raise Refused(_told(answer))
        return dict(answer.json())


def _told(answer: requests.Response) -> str:
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return f"{answer.status_code} {answer.text[:200]}"
    problem = answer.json()
    return " ".join(str(problem.get(member, "")) for member in ("code", "detail", "guidance")).strip()
