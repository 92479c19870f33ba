"""The command `local/phone`: what it shows, what it sends, and how it exits."""

import io
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.phone_simulator.command_line import main, shown
from tests.unit.phone_service import CONTEXT, PhoneService, running

TOKEN = "ABCDEFGHIJKLMNOP234567ABCD"
LAUNCHER = Path(__file__).parents[2] / "local" / "phone"


@pytest.fixture
def service() -> Iterator[PhoneService]:
    with running(PhoneService()) as service:
        yield service


class Terminal(io.StringIO):
    """A person at the keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def local_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: PhoneService) -> Path:
    """A default phone that is enrolled at the service."""
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert main(["enroll", f"{service.origin}/E/{TOKEN}"]) == 0
    return tmp_path


@pytest.mark.usefixtures("local_dir")
class TestCommandLine:
    def test_enrolling_shows_the_check_and_keeps_the_keys(
        self, service: PhoneService, local_dir: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--phone", "anna", "enroll", f"{service.origin}/E/{TOKEN}"]) == 0
        printed = capsys.readouterr().out
        assert "active" in printed
        assert "K7QX" in printed
        assert (local_dir / "phones" / "anna.json").stat().st_mode & 0o777 == 0o600

    def test_a_phone_vouches_for_another_by_its_check(
        self, service: PhoneService, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["confirm", "K7QX", "--uv", "pin"]) == 0
        claims = service.claims["/mobile/confirm"]
        assert (claims["iss"], claims["check"], claims["uv"]) == ("dev_1", "K7QX", "pin")
        assert "dev_2 is active" in capsys.readouterr().out

    def test_each_phone_has_its_own_keys(self, service: PhoneService, local_dir: Path) -> None:
        first = service.jwk
        assert main(["--phone", "anna", "enroll", f"{service.origin}/E/{TOKEN}"]) == 0
        assert main(["enroll", f"{service.origin}/E/{TOKEN}", "--phone", "bob"]) == 0
        assert {path.stem for path in (local_dir / "phones").iterdir()} == {"default", "anna", "bob"}
        assert first != service.jwk

    def test_a_scan_without_a_decision_shows_the_context_and_decides_nothing(
        self, service: PhoneService, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["scan", f"{service.origin}/Q/{TOKEN}"]) == 0
        printed = capsys.readouterr().out
        assert all(value in printed for value in CONTEXT.values())
        assert "/mobile/verify" not in service.bodies

    @pytest.mark.parametrize("flag", ["approve", "deny", "report"])
    def test_a_flag_decides(
        self, service: PhoneService, flag: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["scan", f"{service.origin}/Q/{TOKEN}", f"--{flag}"]) == 0
        claims = service.claims["/mobile/verify"]
        assert (claims["dec"], claims.get("uv")) == (flag, "face" if flag == "approve" else None)
        assert f"Result: {'approved' if flag == 'approve' else 'denied'}" in capsys.readouterr().out

    @pytest.mark.parametrize("skew", ["-400", "0", "400"])
    def test_a_phone_s_clock_can_be_off(self, service: PhoneService, skew: str) -> None:
        assert main(["scan", f"{service.origin}/Q/{TOKEN}", "--deny", "--clock-skew", skew]) == 0
        issued = service.claims["/mobile/verify"]["iat"]
        assert abs(issued - int(skew) - time.time()) < 60

    def test_a_cloned_phone_signs_with_the_same_keys_under_the_same_name(
        self, service: PhoneService, local_dir: Path
    ) -> None:
        assert main(["clone", "thief"]) == 0
        keys = [local_dir / "phones" / f"{name}.json" for name in ("default", "thief")]
        assert keys[0].read_text() == keys[1].read_text()
        assert main(["--phone", "thief", "scan", f"{service.origin}/Q/{TOKEN}", "--approve"]) == 0
        assert service.claims["/mobile/verify"]["iss"] == "dev_1"

    def test_a_phone_without_keys_cannot_be_cloned(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--phone", "nobody", "clone", "thief"]) == 1
        assert "not_enrolled" in capsys.readouterr().err

    def test_uv_location_and_way_are_signed(self, service: PhoneService) -> None:
        options = ["--approve", "--uv", "fingerprint", "--loc", "-33.9,151.2", "--via", "link"]
        assert main(["scan", f"{service.origin}/Q/{TOKEN}", *options]) == 0
        claims = service.claims["/mobile/verify"]
        assert (claims["uv"], claims["loc"]) == ("fingerprint", {"lat": "-33.9", "lon": "151.2"})
        assert service.claims["/mobile/scan"]["via"] == "link"

    @pytest.mark.parametrize(
        ("typed", "decision"), [("y\n", "approve"), ("\n", "deny"), ("n\n", "deny"), ("R\n", "report")]
    )
    def test_on_a_terminal_the_person_is_asked(
        self, service: PhoneService, monkeypatch: pytest.MonkeyPatch, typed: str, decision: str
    ) -> None:
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        assert main(["scan", f"{service.origin}/Q/{TOKEN}"]) == 0
        assert service.claims["/mobile/verify"]["dec"] == decision

    @pytest.mark.parametrize(
        ("typed", "options"), [("", []), ("y\n", ["--json"])], ids=["end of input", "json"]
    )
    def test_without_an_answer_nothing_is_decided(
        self, service: PhoneService, monkeypatch: pytest.MonkeyPatch, typed: str, options: list[str]
    ) -> None:
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        assert main(["scan", f"{service.origin}/Q/{TOKEN}", *options]) == 0
        assert "/mobile/verify" not in service.bodies

    def test_a_step_up_code_is_told(self, service: PhoneService, capsys: pytest.CaptureFixture[str]) -> None:
        service.answers["/mobile/verify"] = (200, {"status": "approved", "code": "BCDFGH"})
        assert main(["scan", f"{service.origin}/Q/{TOKEN}", "--approve"]) == 0
        assert "Type this code into the login page: BCDFGH" in capsys.readouterr().out

    def test_json_tells_what_was_seen_and_what_came_of_it(
        self, service: PhoneService, capsys: pytest.CaptureFixture[str]
    ) -> None:
        capsys.readouterr()
        assert main(["--json", "scan", f"{service.origin}/Q/{TOKEN}", "--approve"]) == 0
        assert json.loads(capsys.readouterr().out) == {
            "session_id": "S" * 16,
            "context": CONTEXT,
            "step_up": False,
            "decision": "approve",
            "result": {"status": "approved"},
        }

    def test_a_refusal_exits_1_with_code_detail_and_guidance(
        self, service: PhoneService, capsys: pytest.CaptureFixture[str]
    ) -> None:
        service.answers["/mobile/scan"] = (
            409,
            {"code": "claimed", "detail": "Too late.", "guidance": "Start over."},
        )
        assert main(["scan", f"{service.origin}/Q/{TOKEN}", "--approve"]) == 1
        assert capsys.readouterr().err == "claimed: Too late.\nguidance: Start over.\n"

    def test_a_refusal_is_told_as_json_too(
        self, service: PhoneService, capsys: pytest.CaptureFixture[str]
    ) -> None:
        service.answers["/mobile/scan"] = (409, {"code": "claimed", "detail": "Too late."})
        capsys.readouterr()
        assert main(["scan", f"{service.origin}/Q/{TOKEN}", "--json"]) == 1
        error = {"status": 409, "code": "claimed", "detail": "Too late."}
        assert json.loads(capsys.readouterr().out) == {"error": error}

    def test_a_phone_that_is_not_enrolled_exits_1(
        self, service: PhoneService, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--phone", "carol", "scan", f"{service.origin}/Q/{TOKEN}"]) == 1
        assert capsys.readouterr().err.startswith("not_enrolled: ")

    @pytest.mark.parametrize(
        "options",
        [
            ["--approve", "--deny"],
            ["--uv", "none"],
            ["--loc", "91,0"],
            ["--loc", "0,181"],
            ["--loc", "nan,0"],
            ["--loc", "12"],
            ["--via", "mail"],
            ["--phone", "../x"],
        ],
        ids=" ".join,
    )
    def test_wrong_usage_exits_2_and_asks_nothing_of_the_service(
        self, service: PhoneService, options: list[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["scan", f"{service.origin}/Q/{TOKEN}", *options])
        assert (ended.value.code, "/mobile/scan" in service.bodies) == (2, False)

    def test_text_of_the_service_cannot_steer_the_terminal(self) -> None:
        assert shown("Acme \x1b[2J\u202e\n") == "Acme \\x1b[2J\\u202e\\n"

    def test_the_launcher_works_from_a_directory_that_has_its_own_package_called_local(
        self, service: PhoneService, local_dir: Path
    ) -> None:
        (local_dir / "local").mkdir()
        (local_dir / "local" / "__init__.py").write_text("raise SystemExit('the wrong package')")
        (local_dir / "phone").symlink_to(LAUNCHER)
        command = [str(local_dir / "phone"), "scan", f"{service.origin}/Q/{TOKEN}", "--approve", "--json"]
        ended = subprocess.run(
            command,
            cwd=local_dir,
            env=os.environ | {"LOCAL_DIR": str(local_dir)},
            capture_output=True,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, b"")
        assert json.loads(ended.stdout)["result"] == {"status": "approved"}

    def test_the_launcher_passes_the_exit_of_a_refusal_on(
        self, service: PhoneService, local_dir: Path
    ) -> None:
        service.answers["/mobile/scan"] = (404, {"code": "qr_unknown", "detail": "Unknown."})
        command = [str(LAUNCHER), "scan", f"{service.origin}/Q/{TOKEN}"]
        ended = subprocess.run(
            command, cwd=local_dir, capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
        assert (ended.returncode, ended.stderr) == (1, b"qr_unknown: Unknown.\n")
