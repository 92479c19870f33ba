"""S60: what we deploy is what requirements.txt locks, as wheels with bytecode, and nothing of the double's npm tree."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKED = [ROOT / "requirements.txt", *sorted((ROOT / "requirements").glob("*.txt"))]
PLATFORMS = {"x86_64": "x86_64", "arm64": "aarch64"}
UNCHECKED_HASH = b"\x01\x00\x00\x00"


@pytest.fixture(scope="module")
def layer(built: Path) -> Path:
    return built / "DependenciesLayer" / "python"


def install_layer(project: Path, architecture: str) -> subprocess.CompletedProcess[str]:
    """Run the dependency layer's own recipe for what `project` locks, into `project`/out."""
    return subprocess.run(
        ["make", "-f", str(project / "layers" / "dependencies" / "Makefile"), "install"],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
            "ARTIFACTS_DIR": str(project / "out"),
            "LAYER_ARCHITECTURE": architecture,
            "PYTHON": str(ROOT / ".venv" / "bin" / "python"),
            "UV": str(ROOT / ".venv" / "bin" / "uv"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def a_project(folder: Path, requirements: str) -> Path:
    """Return a copy of the layer's recipe beside other requirements."""
    (folder / "layers" / "dependencies").mkdir(parents=True)
    shutil.copy(ROOT / "layers" / "dependencies" / "Makefile", folder / "layers" / "dependencies")
    (folder / "requirements.txt").write_text(requirements)
    return folder


def installed(folder: Path) -> dict[str, str]:
    """Return name and version of each distribution in `folder`."""
    read = HeaderParser().parsestr
    found = [read(file.read_text()) for file in folder.glob("*.dist-info/METADATA")]
    return {re.sub(r"[-_.]+", "-", said["Name"]).lower(): said["Version"] for said in found}


def locked(file: Path) -> dict[str, str]:
    """Return name and version of each requirement of a locked file, but for those of Windows."""
    found = re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(\S+)(.*)", file.read_text(), re.MULTILINE)
    return {name: version for name, version, marker in found if "win32" not in marker}


def wheel_tags(folder: Path) -> Iterator[tuple[str, str]]:
    """Return each distribution in `folder` with each tag of the wheel that it came from."""
    for file in folder.glob("*.dist-info/WHEEL"):
        for tag in HeaderParser().parsestr(file.read_text()).get_all("Tag", []):
            yield file.parent.name, tag


def foreign_tags(folder: Path, architecture: str) -> list[tuple[str, str]]:
    """Return the wheels that are neither for all machines nor published ones for `architecture`.

    What was compiled here would say `linux_<machine>` instead of `manylinux…`.
    """
    fits = re.compile(
        rf"(py3|py2\.py3|py2|cp3\d+)-(none|abi3|cp313)-(any|manylinux\w+_{PLATFORMS[architecture]})"
    )
    return [(name, tag) for name, tag in wheel_tags(folder) if not fits.fullmatch(tag)]


@pytest.mark.parametrize("file", LOCKED, ids=lambda file: file.name)
def test_every_requirement_is_pinned_with_hashes(file: Path) -> None:
    entries = [entry for entry in file.read_text().replace("\\\n", " ").splitlines() if entry.strip()]
    loose = [
        entry
        for entry in entries
        if not re.match(r"[a-z0-9-]+(\[.+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)
    ]
    assert entries
    assert loose == []


def test_a_requirement_without_a_hash_does_not_build(tmp_path: Path) -> None:
    outcome = install_layer(a_project(tmp_path, "six==1.17.0\n"), "x86_64")
    assert outcome.returncode != 0
    assert "hash" in outcome.stderr


def test_a_wheel_with_another_hash_does_not_build(tmp_path: Path) -> None:
    outcome = install_layer(a_project(tmp_path, f"six==1.17.0 --hash=sha256:{'0' * 64}\n"), "x86_64")
    assert outcome.returncode != 0
    assert "Hash mismatch" in outcome.stderr


def test_an_unknown_architecture_does_not_build(tmp_path: Path) -> None:
    outcome = install_layer(a_project(tmp_path, (ROOT / "requirements.txt").read_text()), "mips")
    assert outcome.returncode != 0
    assert "LAYER_ARCHITECTURE must be arm64 or x86_64" in outcome.stderr


@pytest.mark.parametrize("architecture", PLATFORMS)
def test_either_architecture_gets_published_wheels_only(tmp_path: Path, architecture: str) -> None:
    project = a_project(tmp_path, (ROOT / "requirements.txt").read_text())
    outcome = install_layer(project, architecture)
    assert outcome.returncode == 0, outcome.stderr
    assert foreign_tags(project / "out" / "python", architecture) == []
    machines = {
        tag.rsplit("_", 1)[-1] for _, tag in wheel_tags(project / "out" / "python") if "manylinux" in tag
    }
    assert PLATFORMS[architecture].rsplit("_", 1)[-1] in machines


def test_the_layer_holds_what_is_locked_and_nothing_else(layer: Path) -> None:
    assert installed(layer) == locked(ROOT / "requirements.txt")


def test_the_layer_was_made_of_published_wheels(built: Path, layer: Path) -> None:
    assert foreign_tags(layer, built.name) == []


def test_nothing_of_npm_is_deployed(built: Path) -> None:
    names = {"node_modules", "package.json", "package-lock.json", ".npmrc"}
    found = [path for path in built.rglob("*") if path.name in names or path.suffix == ".mjs"]
    assert found == []


def test_nothing_of_the_tests_or_the_local_stack_is_deployed(built: Path) -> None:
    top = {
        path.name
        for folder in ("DependenciesLayer", "PasswordlessLayer")
        for path in (built / folder).iterdir()
    }
    assert top == {"python"}
    assert not [path for path in built.rglob("*") if path.is_dir() and path.name in {"tests", "local"}]


def test_npm_installs_without_running_scripts() -> None:
    assert "npm ci --ignore-scripts" in (ROOT / "Makefile").read_text()
    packages = json.loads((ROOT / "local" / "auth0" / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def bytecode_problems(folder: Path, file: Path) -> str | None:
    """Return what is wrong with a module's bytecode (PEP 552): missing, another version's, checked at import, stale."""
    compiled = Path(importlib.util.cache_from_source(str(file)))
    if not compiled.exists():
        return f"{file.relative_to(folder)}: no bytecode"
    header = compiled.read_bytes()[:16]
    expected = importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + importlib.util.source_hash(file.read_bytes())
    return None if header == expected else f"{file.relative_to(folder)}: {header.hex()}"


def test_every_module_has_bytecode_that_is_never_checked(built: Path) -> None:
    modules = list(built.rglob("*.py"))
    assert len(modules) > 500
    assert [problem for module in modules if (problem := bytecode_problems(built, module))] == []


def run_in_layer(layer: Path, code: str) -> str:
    """Run `code` with the layer's packages and the standard library only."""
    outcome = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", f"import sys; sys.path.insert(0, {str(layer)!r})\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return outcome.stdout.strip()


def test_jose_runs_on_the_cryptography_backend(layer: Path) -> None:
    said = run_in_layer(
        layer, "from jose import backends as b; print(b.ECKey.__module__, b.RSAKey.__module__, b.__file__)"
    )
    ec, rsa, file = said.split()
    assert ec == rsa == "jose.backends.cryptography_backend"
    assert file.startswith(str(layer))


@pytest.mark.parametrize("service", ["dynamodb", "kms", "lambda", "sts"])
def test_the_layer_knows_each_service_that_the_functions_call(layer: Path, service: str) -> None:
    code = f"import boto3; print(boto3.client({service!r}, region_name='eu-north-1').meta.service_model.service_name)"
    assert run_in_layer(layer, code) == service
