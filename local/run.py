"""`make run`: brings the stack up, performs a first login, stays up until Ctrl-C.

Connects the Auth0 double as an application, enrols a simulated phone, logs in with it and prints each hop.
"""

import secrets
import signal
import sys
import time
from types import FrameType
from typing import Any, NoReturn

from local.admin import Admin, Refused
from local.commands import NotUp, down, up
from local.headless import UnexpectedPage
from local.layout import layout
from local.login import LoggedIn, log_in
from local.phone_simulator import Phone, PhoneError
from local.stack import Stack, local_dir

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def first_login(stack: Stack) -> tuple[dict[str, Any], LoggedIn]:
    """Connect an application, enrol the default phone and log in once; return what Connect answered and the login.

    Raises Refused, UnexpectedPage or PhoneError.
    """
    admin, started = Admin.of(stack), time.perf_counter()
    connected = admin.connect("First login", stack)
    _say("an administrator presses Connect", started)
    started = time.perf_counter()
    invited = admin.invite(f"ada.{secrets.token_hex(2)}@example.com", "Ada", "Example")
    phone = Phone.named("default")
    phone.enroll(invited["url"])
    _say("a phone is invited and enrolled", started)
    return connected, log_in(connected["test_url"], phone)


def main() -> int:
    """Run until Ctrl-C, which ends the stack unless it was up before; 1 if it does not come up or the login fails."""
    place, started, fresh = layout(local_dir()), time.perf_counter(), True
    for number in _ENDING:
        signal.signal(number, _interrupt)
    try:
        stack, fresh = up(place)
        print(f"\nThe stack is {'up' if fresh else 'already up'} at {stack.api_url}\n")
        _say("bringing the stack up", started)
        connected, login = first_login(stack)
        _print_login(login, time.perf_counter() - started)
        _print_addresses(stack, connected)
        while True:
            signal.pause()
    except KeyboardInterrupt:
        print("\nEnding the stack." if fresh else "\nThe stack stays up: make down ends it.")
        return 0
    except (NotUp, Refused, UnexpectedPage, PhoneError) as error:
        print(f"\n{error}\nThe logs are in {place.log('any').parent}", file=sys.stderr)
        return 1
    finally:
        if fresh:
            down(place)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """Only the first signal counts: ending the stack must not be interrupted."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _say(name: str, started: float) -> None:
    _line(name, (time.perf_counter() - started) * 1000)


def _line(name: str, milliseconds: float) -> None:
    print(f"  {milliseconds:9.1f} ms  {name}", flush=True)


def _print_login(login: LoggedIn, seconds: float) -> None:
    print("\nOne login, hop by hop\n")
    for hop in login.hops:
        _line(hop.name, hop.milliseconds)
    print(f"\nLogged in as {login.profile['user_id']} ({login.profile['email']})")
    print(f"First login after {seconds:.1f} s\n")


def _print_addresses(stack: Stack, connected: dict[str, Any]) -> None:
    print("Try it by hand")
    print(f"  console    {stack.console_url}    password {stack.console_password}")
    print(f"  log in     {connected['test_url']}")
    print(f"  the app    {stack.auth0.app_url}/")
    print("  the phone  local/phone scan '<the URL in the QR code, or a screenshot>' --approve")
    print(f"  metadata   {connected['application']['saml']['metadata_url']}")
    print("\nCtrl-C ends the stack.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
