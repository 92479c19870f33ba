"""The simulated phone's keys on disk: private, replaced in one step, and never read from elsewhere."""

from pathlib import Path

import pytest

from local.phone_simulator import Enrolment, Keys, UnusableKeys
from local.phone_simulator.jws import public_jwk
from local.phone_simulator.key_file import PROJECT, KeyFile, phones_directory

ORIGIN = "https://login.example.com"
KEYS = Keys.generate()


class TestKeyFile:
    def test_an_enrolment_comes_back_as_it_was_saved(self, tmp_path: Path) -> None:
        file = KeyFile.of("anna", tmp_path)
        file.save(Enrolment(ORIGIN, "dev_1", KEYS))
        loaded = file.load()
        assert loaded is not None
        assert (loaded.origin, loaded.device_id) == (ORIGIN, "dev_1")
        assert public_jwk(loaded.keys.biometric) == public_jwk(KEYS.biometric)
        assert public_jwk(loaded.keys.promptless) == public_jwk(KEYS.promptless)

    def test_only_the_owner_may_read_it(self, tmp_path: Path) -> None:
        """A directory that was open before is closed too."""
        phones = tmp_path / "phones"
        phones.mkdir(mode=0o755)
        file = KeyFile.of("anna", phones)
        file.save(Enrolment(ORIGIN, "dev_1", KEYS))
        assert (file.path.stat().st_mode & 0o777, phones.stat().st_mode & 0o777) == (0o600, 0o700)

    def test_a_failed_write_leaves_the_old_keys_and_no_draft(self, tmp_path: Path) -> None:
        file = KeyFile.of("anna", tmp_path)
        file.save(Enrolment(ORIGIN, "dev_1", KEYS))
        with pytest.raises(TypeError):
            file.save(Enrolment(ORIGIN, object(), KEYS))  # type: ignore[arg-type]
        loaded = file.load()
        assert loaded is not None
        assert loaded.device_id == "dev_1"
        assert list(tmp_path.iterdir()) == [file.path]

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "[]",
            "{}",
            '{"origin": "o", "device_id": "d", "device_key": null, "biometric_key": "x"}',
            "\udc80",
        ],
    )
    def test_a_spoiled_file_is_named(self, tmp_path: Path, content: str) -> None:
        file = KeyFile.of("anna", tmp_path)
        file.path.write_bytes(content.encode(errors="surrogateescape"))
        with pytest.raises(UnusableKeys, match=r"anna\.json"):
            file.load()

    @pytest.mark.parametrize("name", ["", "../anna", "a/b", ".anna", "a" * 65, "anna\n"])
    def test_a_name_cannot_leave_the_directory(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ValueError, match="name"):
            KeyFile.of(name, tmp_path)

    @pytest.mark.parametrize(
        ("setting", "directory"),
        [("", PROJECT / ".local/phones"), ("x/y", PROJECT / "x/y/phones"), ("/x", Path("/x/phones"))],
    )
    def test_the_directory_does_not_depend_on_where_the_command_is_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, directory: Path
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("LOCAL_DIR", setting)
        assert phones_directory() == directory
