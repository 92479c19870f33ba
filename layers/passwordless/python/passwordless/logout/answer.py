"""An application answers that it signed the person out, or that it did not; then the next has its turn."""

from passwordless.login.start import trusted
from passwordless.logout.passing import Onward, go_on, unexpected
from passwordless.model.events import Event, EventType
from passwordless.model.logout_rounds import LogoutRound, Outcome
from passwordless.model.tokens import digest, identifier
from passwordless.saml.bindings import ReceivedMessage
from passwordless.saml.logout_answer import check_logout_answer
from passwordless.wiring import Wiring


def take_answer(wiring: Wiring, application_id: str, message: ReceivedMessage, ip: str | None) -> Onward:
    """Take a LogoutResponse, once, if the application has been asked and signed it.

    Raises NotFound, Conflict or Unprocessable for the application, a Refusal for the message, Conflict
    `logout_answer_unexpected` for an answer that nobody waits for (any more), Unavailable.
    """
    to = trusted(wiring, application_id)
    answer = check_logout_answer(message, to.sp, endpoint=to.idp.slo_url, now=wiring.now_utc)
    found = wiring.stores.logout_rounds.get(digest(answer.in_response_to), wiring.now)
    asked = found.asked if found is not None else None
    if found is None or asked is None or asked.application_id != to.application_id:
        raise unexpected()
    outcome = Outcome.SIGNED_OUT if answer.done else Outcome.FAILED
    return go_on(wiring, found, found.after(outcome), _noting(wiring, application_id, found, outcome, ip))


def _noting(
    wiring: Wiring, application_id: str, one: LogoutRound, outcome: Outcome, ip: str | None
) -> object:
    event = Event(
        event_id=identifier("evt", wiring.randomness),
        type=EventType.LOGOUT_PASSED_ON,
        tenant=one.tenant,
        at=wiring.now,
        correlation_id=one.reference,
        application_id=application_id,
        ip=ip,
        details={"outcome": outcome.value},
    )
    return wiring.stores.events.putting(event)
