"""A page's style and script as files: joined once, compressed once, named after what is in them.

A browser asks for two files, however many modules there are: each further one would be a cold start more.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from passwordless.errors import NotFound
from passwordless.markup import read
from passwordless.web import Reply, Request

_IMPORT = re.compile(r'(?ms)^import [^;]*? from "\./([a-z_]+\.js)";\n')
_EXPORT = re.compile(r"(?m)^export ((?:async )?(?:class|const|function) (\w+))")
_NAME = re.compile(r"([a-z]+)\.[0-9a-f]{16}\.(css|js)")
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent; `name` changes with every byte of it."""

    name: str
    body: bytes
    packed: bytes
    content_type: str


class Assets:
    """The closed list of files that a function serves."""

    def __init__(self, assets: Iterable[Asset]) -> None:
        self._assets: Mapping[str, Asset] = {asset.name: asset for asset in assets}

    def name(self, kind: str) -> str:
        """Return the present name of the `css` or `js` file."""
        return next(name for name in self._assets if name.endswith(f".{kind}"))

    def reply(self, request: Request, name: str) -> Reply:
        """Return a file, compressed for whoever takes that (RFC 9110, 12.5.3). Raises NotFound.

        A page that was loaded before an upgrade asks for the file of before: it gets the present one, not to be kept.
        """
        asset = self._assets.get(name)
        headers = {"vary": "accept-encoding", "cache-control": _FOR_A_YEAR}
        if asset is None:
            asset, headers["cache-control"] = self._present(name), "no-store"
        headers["content-type"] = asset.content_type
        if not _takes_gzip(request.headers.get("accept-encoding", "")):
            return Reply(200, asset.body.decode(), headers)
        return Reply(200, "", {**headers, "content-encoding": "gzip"}, packed=asset.packed)

    def _present(self, name: str) -> Asset:
        asked = _NAME.fullmatch(name)
        found = [] if asked is None else [a for a in self._assets.values() if _stem(a.name) == asked.groups()]
        if not found:
            raise NotFound("not_found", "There is nothing here.")
        return found[0]


def asset(stem: str, kind: str, text: str) -> Asset:
    """Return a file of this kind, `css` or `js`, with its name and its compressed form."""
    body = text.encode()
    name = f"{stem}.{hashlib.sha256(body).hexdigest()[:16]}.{kind}"
    return Asset(name, body, gzip.compress(body, mtime=0), _TYPES[kind])


def joined(folder: Path, modules: Iterable[str]) -> str:
    """Return ES modules as one, each in a scope of its own and after those that it imports.

    Raises:
        ValueError: one imports another that does not come before it, or two export the same name.
    """
    parts, known, names = [], set[str](), set[str]()
    for name in modules:
        source = read(folder, name)
        exported = [found[1] for found in _EXPORT.findall(source)]
        if early := set(_IMPORT.findall(source)) - known:
            raise ValueError(f"{name} comes before {', '.join(sorted(early))}")
        if twice := names & set(exported):
            raise ValueError(f"{name} exports {', '.join(sorted(twice))} again")
        parts.append(_scoped(_EXPORT.sub(r"\1", _IMPORT.sub("", source)), exported))
        known.add(name)
        names |= set(exported)
    return "".join(parts)


def _scoped(source: str, exported: list[str]) -> str:
    listed = f"{{ {', '.join(exported)} }}"
    return f"const {listed} = (() => {{\n{source}return {listed};\n}})();\n"


def _stem(name: str) -> tuple[str, str]:
    stem, _, kind = name.split(".")
    return stem, kind


def _takes_gzip(accepted: str) -> bool:
    codings = [coding.replace(" ", "").lower() for coding in accepted.split(",")]
    return any(coding.split(";")[0] == "gzip" and not coding.endswith(";q=0") for coding in codings)
