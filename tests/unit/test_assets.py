"""A page's files: joined, named after their content, compressed, and no others."""

import base64
import gzip
from pathlib import Path
from typing import Any

import pytest

from passwordless import web
from passwordless.assets import Assets, asset, joined
from passwordless.errors import NotFound
from tests.house import event

SCRIPT = asset("console", "js", "alert(1);\n" * 200)
ASSETS = Assets((asset("console", "css", "a {}\n"), SCRIPT))


def request(**headers: str) -> web.Request:
    return web.Request.read(event("GET_console-file", headers=headers), "CORRELATION")


def reply(name: str, **headers: str) -> dict[str, Any]:
    return ASSETS.reply(
        request(**{key.replace("_", "-"): one for key, one in headers.items()}), name
    ).to_gateway()


def modules(folder: Path, **sources: str) -> list[str]:
    for name, source in sources.items():
        (folder / f"{name}.js").write_text(source)
    return [f"{name}.js" for name in sources]


def test_a_file_is_kept_for_a_year_under_a_name_that_changes_with_it() -> None:
    sent = reply(SCRIPT.name)
    assert sent["headers"]["cache-control"] == "public, max-age=31536000, immutable"
    assert "pragma" not in sent["headers"]
    assert asset("console", "js", "alert(2);").name != SCRIPT.name


def test_a_file_is_compressed_for_whoever_takes_that() -> None:
    sent = reply(SCRIPT.name, accept_encoding="br, gzip;q=0.8")
    assert sent["headers"]["content-encoding"] == "gzip"
    assert sent["isBase64Encoded"] is True
    packed = base64.b64decode(sent["body"])
    assert gzip.decompress(packed) == SCRIPT.body
    assert len(packed) < len(SCRIPT.body)


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0", "identity"])
def test_a_file_is_sent_as_it_is_to_everybody_else(accepted: str) -> None:
    sent = reply(SCRIPT.name, accept_encoding=accepted)
    assert sent["body"].encode() == SCRIPT.body
    assert "content-encoding" not in sent["headers"]
    assert sent["headers"]["vary"] == "accept-encoding"


def test_a_page_of_before_an_upgrade_gets_the_present_file_which_is_not_kept() -> None:
    sent = reply("console.0123456789abcdef.js")
    assert sent["body"].encode() == SCRIPT.body
    assert sent["headers"]["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name",
    [
        "handler.py",
        "../handler.py",
        "console.js",
        "console.0123456789abcdef.py",
        "other.0123456789abcdef.js",
        "",
    ],
)
def test_there_is_no_other_file(name: str) -> None:
    with pytest.raises(NotFound):
        reply(name)


def test_a_file_is_what_it_says_and_nothing_else() -> None:
    headers = reply(SCRIPT.name)["headers"]
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["x-content-type-options"] == "nosniff"


def test_modules_become_one_each_in_a_scope_of_its_own(tmp_path: Path) -> None:
    names = modules(
        tmp_path,
        one="const own = 1;\nexport function first() {\n  return own;\n}\nexport const other2 = 2;\n",
        two='import { first, other2 } from "./one.js";\nconst own = 2;\nexport class Second {}\n',
    )
    assert joined(tmp_path, names) == (
        "const { first, other2 } = (() => {\nconst own = 1;\nfunction first() {\n  return own;\n}\n"
        "const other2 = 2;\nreturn { first, other2 };\n})();\n"
        "const { Second } = (() => {\nconst own = 2;\nclass Second {}\nreturn { Second };\n})();\n"
    )


def test_a_module_before_one_that_it_imports_is_refused(tmp_path: Path) -> None:
    names = modules(tmp_path, one='import { x } from "./two.js";\n', two="export const x = 1;\n")
    with pytest.raises(ValueError, match=r"one\.js comes before two\.js"):
        joined(tmp_path, names)


def test_a_name_that_two_modules_export_is_refused(tmp_path: Path) -> None:
    names = modules(tmp_path, one="export const x = 1;\n", two="export function x() {}\n")
    with pytest.raises(ValueError, match=r"two\.js exports x again"):
        joined(tmp_path, names)
