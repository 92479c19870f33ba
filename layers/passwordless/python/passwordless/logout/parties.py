"""Which applications took part in the sessions that ended, and which of them can be asked to sign the person out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import batched

from passwordless.logout.ending import Ended
from passwordless.model.applications import Application
from passwordless.model.browser_sessions import Participation
from passwordless.model.logout_rounds import Outcome, Party
from passwordless.saml.signature import usable
from passwordless.wiring import Wiring

MAX_ASKED = 40
MAX_INDEXES = 20
"""Session indexes in one LogoutRequest, so that it fits into an address."""


def parties(wiring: Wiring, tenant: str, ended: Ended, *, but: str | None = None) -> tuple[Party, ...]:
    """Return every application that took part but the one that asked; those that cannot be asked have failed already.

    One that was told no NameID cannot be asked (SAML Core, 3.7.1), nor one that `reachable` refuses, nor the
    forty-first.
    """
    joined = frozenset[str]().union(*(session.applications for session in ended.sessions))
    nameless = joined - {one.application_id for one in ended.told}
    found = [*(Party(each, "", "", "", ()) for each in sorted(nameless)), *_named(ended.told)]
    seen = [_looked_up(wiring, tenant, one) for one in found if one.application_id != but]
    waiting = [one for one in seen if one.outcome is Outcome.WAITING]
    beyond = [replace(one, outcome=Outcome.FAILED) for one in waiting[MAX_ASKED:]]
    failed = [one for one in seen if one.outcome is Outcome.FAILED]
    return (*failed, *beyond, *waiting[:MAX_ASKED])


def reachable(wiring: Wiring, application: Application | None, tenant: str) -> Application | None:
    """Return the application if it may be sent a LogoutRequest and its answer could be believed.

    That takes a registered address and a registered key, of an application of the tenant that still counts (S32).
    """
    if application is None or application.tenant != tenant or not application.ready:
        return None
    sp = application.sp
    return application if sp.slo_url and usable(sp.certificates) and not sp.expired(wiring.now) else None


def _named(told: Iterable[Participation]) -> list[Party]:
    """Return a party for each name under which an application knows the person, with its session indexes."""
    indexes = defaultdict[tuple[str, str, str], list[str]](list)
    for one in told:
        indexes[one.application_id, one.name_id, one.name_id_format].append(one.session_index)
    return [
        Party(application_id, "", name_id, name_id_format, tuple(some))
        for (application_id, name_id, name_id_format), all_of_them in sorted(indexes.items())
        for some in batched(sorted(all_of_them), MAX_INDEXES, strict=False)
    ]


def _looked_up(wiring: Wiring, tenant: str, party: Party) -> Party:
    """Return a party with the name that its tenant gave it, failed unless it can be asked."""
    application = wiring.stores.applications.get(party.application_id)
    known = application is not None and application.tenant == tenant
    named = replace(party, name=application.name if application is not None and known else "")
    asked = party.name_id and reachable(wiring, application, tenant)
    return named if asked else replace(named, outcome=Outcome.FAILED)
