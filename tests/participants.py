"""Applications that take part in one browser's session, and the person who signs out at the first of them."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from passwordless.model.applications import Application, ServiceProvider
from tests.calls import Answer, complete
from tests.house import House
from tests.single_sign_on import (
    SignedIn,
    come_again,
    finished,
    first_login,
    lasting,
    log_out_by_redirect,
    logout_request,
    open_login,
)
from tests.unit.saml.builders import key_pair, sign_redirect


@dataclass(frozen=True)
class Joined:
    """Applications that one browser signed in to, the first by phone, and what each was told."""

    applications: tuple[Application, ...]
    told: tuple[SignedIn, ...]

    @property
    def cookies(self) -> dict[str, str]:
        """Return the cookie of the browser's session with us."""
        return dict(self.told[0].cookies)


def an_application(house: House, name: str = "Demo", *, tenant: str = "acme", **sp: Any) -> Application:
    """Store an application that keeps sessions and has an address for logout."""
    mark = secrets.token_hex(4)
    registered = ServiceProvider(
        f"urn:auth0:{tenant}:{mark}",
        (f"https://{tenant}.auth0.com/login/callback?connection={mark}",),
        (key_pair().certificate,),
        slo_url=f"https://{mark}.example.com/slo?own=1",
    )
    return lasting(house, tenant, name=name, sp=replace(registered, **sp))


def changed(house: House, application: Application, **sp: Any) -> Application:
    """Change what is registered of an application."""
    return stored(house, application, sp=replace(application.sp, **sp))


def stored(house: House, application: Application, **changes: Any) -> Application:
    """Store an application anew."""
    after = replace(application, updated_at=application.updated_at + 1, **changes)
    assert not house.wiring.stores.commit(*house.wiring.stores.applications.changing(application, after))
    return after


def joined(house: House, *applications: Application) -> Joined:
    """Sign one person in everywhere, in one browser."""
    told = [first_login(house, applications[0], house.person(applications[0].tenant))]
    for application in applications[1:]:
        browser = come_again(house, application)
        open_login(house, browser, told[0].cookies)
        told.append(finished(complete(house, browser)))
    return Joined(applications, tuple(told))


def leave(house: House, before: Joined, **changes: Any) -> Answer:
    """Sign out at the first application."""
    told, application = before.told[0], before.applications[0]
    xml = logout_request(house, application, told.name_id, told.session_index, **changes)
    return log_out_by_redirect(house, application, sign_redirect(xml), before.cookies)
