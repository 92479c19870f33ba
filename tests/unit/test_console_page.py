"""The console's function: the page with its settings, and modules that fit together."""

import re
from typing import Any

import pytest

from functions.console import handler as console
from passwordless.wiring import Wiring
from tests.calls import Answer
from tests.house import config, event
from tests.template import ROOT

PAGE = ROOT / "functions" / "console" / "page"
SOURCES = {one.name: one.read_text() for one in sorted(PAGE.glob("*.js"))}
IMPORT = re.compile(r'(?ms)^import \{([^}]*)\} from "\./([a-z_]+\.js)";$')
EXPORT = re.compile(r"(?m)^export (?:async )?(?:class|const|function) (\w+)")


def get(name: str = "GET_console", *, settings: dict[str, str] | None = None, **changes: Any) -> Answer:
    reply = console.handler.answer(Wiring(config(**(settings or {}))), event(name, **changes))
    return Answer(reply["statusCode"], reply["headers"], tuple(reply["cookies"]), reply["body"])


def told(page: Answer) -> dict[str, str]:
    """Return what the page says of its sign-in."""
    return dict(re.findall(r'data-([a-z]+)="([^"]*)"', page.body))


def imports(source: str) -> dict[str, list[str]]:
    return {module: re.findall(r"\w+", names) for names, module in IMPORT.findall(source)}


class TestPage:
    def test_it_says_what_its_sign_in_needs(self) -> None:
        page = get(settings={"public_origin": "https://login.example.com", "stage": "prod"})
        assert page.status == 200
        assert told(page) == {
            "address": "https://login.example.com/console",
            "issuer": "https://issuer.example.com/",
            "client": "console",
            "audience": "applications",
            "scopes": "openid applications:read applications:write",
        }

    def test_without_a_domain_of_its_own_its_address_is_that_of_the_api(self) -> None:
        page = get(settings={"public_origin": "", "stage": "prod"})
        assert told(page)["address"] == "https://abcdef12.execute-api.localhost/console"

    def test_what_is_asked_of_the_issuer_can_be_more_than_the_names_of_the_scopes(self) -> None:
        scopes = "openid api://1/applications:read api://1/applications:write"
        assert told(get(settings={"console_client_id": f"console {scopes}"}))["scopes"] == scopes

    def test_a_token_endpoint_elsewhere_may_be_called(self) -> None:
        cognito = "https://acme.auth.eu-central-1.amazoncognito.com"
        policy = get(settings={"console_client_id": f"console {cognito}"}).headers["content-security-policy"]
        assert f"connect-src 'self' https://issuer.example.com {cognito}" in policy

    def test_both_can_be_told(self) -> None:
        page = get(settings={"console_client_id": "console https://token.example.com openid x:read"})
        assert (told(page)["client"], told(page)["scopes"]) == ("console", "openid x:read")
        assert (
            "https://issuer.example.com https://token.example.com;" in page.headers["content-security-policy"]
        )

    def test_it_loads_the_two_files_that_there_are(self) -> None:
        page = get()
        files = re.findall(r'(?:href|src)="/console/([^"]+)"', page.body)
        assert [file.rsplit(".", 1)[1] for file in files] == ["css", "js"]
        for file in files:
            assert get("GET_console-file", pathParameters={"file": file}).status == 200

    def test_where_there_is_none_a_page_says_how_to_have_one(self) -> None:
        page = get(settings={"console_client_id": ""})
        assert page.status == 404
        assert "ConsoleClientId" in page.body
        assert "<script" not in page.body

    def test_what_is_no_file_of_its_is_answered_as_a_page(self) -> None:
        page = get("GET_console-file", pathParameters={"file": "handler.py"})
        assert page.status == 404
        assert page.headers["content-type"].startswith("text/html")

    def test_all_that_a_browser_loads_is_small(self) -> None:
        sizes = [len(one.packed) for one in console.ASSETS._assets.values()]
        assert sum(sizes) + len(get().body) < 60_000


class TestModules:
    def test_every_module_is_a_part_of_the_console(self) -> None:
        assert sorted(console.MODULES) == sorted(SOURCES)

    @pytest.mark.parametrize("name", SOURCES)
    def test_a_module_imports_only_what_there_is_and_uses_all_of_it(self, name: str) -> None:
        source = SOURCES[name]
        body = IMPORT.sub("", source)
        for module, names in imports(source).items():
            assert sorted(set(names) - set(EXPORT.findall(SOURCES[module]))) == [], module
            assert [one for one in names if not re.search(rf"\b{one}\b", body)] == [], module

    def test_nothing_is_exported_that_nobody_imports(self) -> None:
        used = {one for source in SOURCES.values() for names in imports(source).values() for one in names}
        tested = (ROOT / "tests" / "unit").glob("test_console_*.py")
        named = {one for file in tested for one in re.findall(r"\bit\.(\w+)", file.read_text())}
        exported = {one for source in SOURCES.values() for one in EXPORT.findall(source)}
        assert sorted(exported - used - named) == []

    @pytest.mark.parametrize("name", SOURCES)
    def test_a_module_says_its_subject_first_and_is_short(self, name: str) -> None:
        assert SOURCES[name].startswith("// ")
        assert SOURCES[name].count("\n") <= 260

    def test_the_settings_of_the_page_are_those_that_its_modules_read(self) -> None:
        read = {
            one
            for name in ("oidc.js", "session.js")
            for one in re.findall(r"\bsettings\.(\w+)", SOURCES[name])
        }
        assert read == told(get()).keys()

    def test_the_page_loads_nothing_from_elsewhere(self) -> None:
        page = get(settings={"public_origin": "https://login.example.com", "stage": "prod"})
        assert re.findall(r'(?:src|href)="(?!/console/|data:|#main)([^"]*)"', page.body) == [
            "https://login.example.com/console"
        ]
