"""The command `local/phone`: what the person sees, decides and is told, on a terminal or as JSON."""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from local.headless import UnexpectedPage
from local.phone_simulator.errors import NotEnrolled, PhoneError, Refused
from local.phone_simulator.key_file import KeyFile, phone_name
from local.phone_simulator.phone import Phone, ScanResult
from local.phone_simulator.proofs import Decision, Location
from local.phone_simulator.relay import careful, obedient, relay

LABELS = {
    "application": "Application",
    "domain": "Domain",
    "browser": "Browser",
    "os": "System",
    "place": "Place",
    "ip": "Address",
    "requested_at": "Requested at",
}
ANSWERS = {"y": Decision.APPROVE, "yes": Decision.APPROVE, "r": Decision.REPORT, "report": Decision.REPORT}
LOCATION = re.compile(r"(?P<lat>-?[0-9]{1,2}(?:\.[0-9]{1,12})?),(?P<lon>-?[0-9]{1,3}(?:\.[0-9]{1,12})?)")

type Outcome = dict[str, object]
type Say = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 on success, 1 when it was refused or failed, 2 for wrong usage (by SystemExit)."""
    options = _parser().parse_args(joined(sys.argv[1:] if arguments is None else arguments))
    say: Say = _silence if options.json else print
    try:
        outcome = options.run(options, say)
    except PhoneError as failure:
        return _fail(failure, as_json=options.json)
    except UnexpectedPage as failure:
        return _fail(PhoneError(str(failure)), as_json=options.json)
    if options.json:
        print(json.dumps(outcome))
    return 0


def joined(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with `--loc -33.9,151.2` as one word: argparse takes a leading minus for an option."""
    words = list(arguments)
    for option in ("--loc", "--clock-skew"):
        if option in words[:-1]:
            at = words.index(option)
            words[at : at + 2] = [f"{option}={words[at + 1]}"]
    return words


def location(text: str) -> Location:
    """Return LAT,LON in decimal degrees as the strings that were typed; raises ValueError outside the globe."""
    found = LOCATION.fullmatch(text)
    if found is None or abs(float(found["lat"])) > 90 or abs(float(found["lon"])) > 180:
        raise ValueError(f"not LAT,LON in degrees: {text!r}")
    return {"lat": found["lat"], "lon": found["lon"]}


def _phone(options: argparse.Namespace) -> Phone:
    """Return the phone that is named, with its clock as far off as is said."""
    return Phone.named(options.phone, clock=lambda: time.time() + options.clock_skew)


def _enroll(options: argparse.Namespace, say: Say) -> Outcome:
    phone = _phone(options)
    answer = phone.enroll(options.code, options.name, options.os)
    say(f"Enrolled: {shown(str(answer.get('status')))} (device {shown(answer['device_id'])})")
    if answer.get("check"):
        say(f"Check:    {shown(str(answer['check']))}")
    return {"phone": options.phone, **answer}


def _confirm(options: argparse.Namespace, say: Say) -> Outcome:
    answer = Phone.named(options.phone).confirm(options.check, options.uv)
    say(f"Confirmed: {shown(str(answer.get('device_id')))} is {shown(str(answer['status']))}")
    return {"phone": options.phone, **answer}


def _clone(options: argparse.Namespace, say: Say) -> Outcome:
    copied = KeyFile.of(options.phone).load()
    if copied is None:
        raise NotEnrolled(f"{options.phone} holds no keys to copy")
    KeyFile.of(options.name).save(copied)
    say(f"{options.name} now has the keys of {options.phone}")
    return {"phone": options.phone, "clone": options.name}


def _relay(options: argparse.Namespace, say: Say) -> Outcome:
    victim = obedient if options.tell_code else careful
    done = relay(options.url, _phone(options), via=options.via, victim=victim)
    email = done.profile and done.profile.get("email")
    say(
        f"The attacker is in, as {shown(str(email))}"
        if done.profile
        else f"Stopped: {shown(str(done.stopped_by))}"
    )
    return {"profile": done.profile, "stopped_by": done.stopped_by, "code_asked": done.code_asked}


def _scan(options: argparse.Namespace, say: Say) -> Outcome:
    phone = _phone(options)
    scan = phone.scan(options.code, options.via)
    say(screen(scan))
    decision = options.decision or (None if options.json else _ask())
    seen: Outcome = {"session_id": scan.session_id, "context": dict(scan.context), "step_up": scan.step_up}
    if decision is None:
        return seen
    uv = options.uv if decision is Decision.APPROVE else None
    answer = phone.decide(scan, decision, uv, options.loc)
    say(f"Result: {shown(answer['status'])}")
    if answer.get("code"):
        say(f"Type this code into the login page: {shown(str(answer['code']))}")
    return {**seen, "decision": decision.value, "result": answer}


def screen(scan: ScanResult) -> str:
    """Return what the person is shown: every member that is signed, the known ones first and in a fixed order."""
    rest = {name: name for name in scan.context if name not in LABELS}
    lines = [
        f"{shown(label) + ':':14}{shown(scan.context[name])}"
        for name, label in (LABELS | rest).items()
        if name in scan.context
    ]
    return "\n".join(["Someone wants to sign in:", *lines, *_step_up(scan)])


def shown(text: str) -> str:
    """Return text that cannot steer the terminal."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _step_up(scan: ScanResult) -> list[str]:
    return ["A code will have to be typed into the login page."] if scan.step_up else []


def _ask() -> Decision | None:
    if not sys.stdin.isatty():
        return None
    try:
        answer = input("Approve? [y/N/r] ")
    except (EOFError, KeyboardInterrupt):
        print()
        return None
    return ANSWERS.get(answer.strip().lower(), Decision.DENY)


def _fail(failure: PhoneError, *, as_json: bool) -> int:
    told = _told(failure)
    if as_json:
        print(json.dumps({"error": told}))
    else:
        print(f"{shown(failure.code)}: {shown(str(told['detail']))}", file=sys.stderr)
        for name in ("guidance", "correlation_id"):
            if told.get(name):
                print(f"{name}: {shown(str(told[name]))}", file=sys.stderr)
    return 1


def _told(failure: PhoneError) -> Mapping[str, object]:
    if isinstance(failure, Refused):
        return {**failure.problem, "status": failure.status, "code": failure.code, "detail": failure.detail}
    return {"code": failure.code, "detail": str(failure)}


def _silence(_: str) -> None:
    """Say nothing: the JSON at the end tells it all."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("local/phone", description="A phone with the app, simulated.")
    _describe_shared(parser, phone="default", as_json=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _describe_enroll(commands.add_parser("enroll", help="accept an invite with fresh keys"))
    _describe_scan(commands.add_parser("scan", help="scan a login's QR code and decide"))
    _describe_confirm(commands.add_parser("confirm", help="vouch for the person's new phone by its check"))
    _describe_clone(commands.add_parser("clone", help="copy this phone's keys to another, as a thief would"))
    _describe_relay(commands.add_parser("relay", help="have this phone approve an attacker's login"))
    return parser


def _describe_shared(command: argparse.ArgumentParser, phone: object, *, as_json: object) -> None:
    command.add_argument(
        "--phone", metavar="NAME", type=phone_name, default=phone, help="which simulated phone"
    )
    command.add_argument(
        "--json", action="store_true", default=as_json, help="print one JSON object, never ask"
    )
    command.add_argument(
        "--clock-skew",
        metavar="SECONDS",
        type=int,
        default=argparse.SUPPRESS if phone is argparse.SUPPRESS else 0,
        help="how far the phone's clock is ahead; behind if negative",
    )


def _describe_enroll(command: argparse.ArgumentParser) -> None:
    command.add_argument("code", metavar="URL_OR_IMAGE", help="the invite's URL, or a picture of its QR code")
    command.add_argument("--name", default="Simulated phone", help="the device's name")
    command.add_argument("--os", default="Android", help="the device's operating system")
    _describe_shared(command, argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    command.set_defaults(run=_enroll)


def _describe_confirm(command: argparse.ArgumentParser) -> None:
    command.add_argument("check", metavar="CHECK", help="the characters that the new phone shows")
    _describe_uv(command)
    _describe_shared(command, argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    command.set_defaults(run=_confirm)


def _describe_uv(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--uv", choices=["face", "fingerprint", "pin"], default="face", help="how the phone is unlocked"
    )


def _describe_scan(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "code", metavar="URL_OR_IMAGE", help="the QR code's URL, or a picture of the login page"
    )
    decisions = command.add_mutually_exclusive_group()
    for decision in Decision:
        decisions.add_argument(f"--{decision}", dest="decision", action="store_const", const=decision)
    _describe_uv(command)
    command.add_argument("--loc", metavar="LAT,LON", type=location, help="where the phone is, in degrees")
    _describe_via(command)
    _describe_shared(command, argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    command.set_defaults(run=_scan)


def _describe_via(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--via", choices=["camera", "link"], default="camera", help="how the code reached the phone"
    )


def _describe_clone(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", metavar="NAME", type=phone_name, help="the phone that gets the keys")
    _describe_shared(command, argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    command.set_defaults(run=_clone)


def _describe_relay(command: argparse.ArgumentParser) -> None:
    command.add_argument("url", metavar="URL", help="where the attacker's login begins, such as a test_url")
    command.add_argument(
        "--tell-code", action="store_true", help="the victim reads the step-up code out to the attacker"
    )
    _describe_via(command)
    _describe_shared(command, argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    command.set_defaults(run=_relay)
