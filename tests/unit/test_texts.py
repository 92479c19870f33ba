"""Texts: complete catalogues, and that they and the pages are cheap to import."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from passwordless import texts
from passwordless.model.sessions import Status

FOLDER = Path(__file__).parents[2] / "functions" / "sso" / "page"


def test_every_catalogue_has_the_same_codes() -> None:
    for catalogue in texts.CATALOGUES.values():
        assert catalogue.keys() == texts.ENGLISH.keys()


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_message(status: Status) -> None:
    assert texts.message(status.value)


def test_a_refusal_without_words_of_its_own_gets_the_general_ones() -> None:
    assert texts.message("refused", refusal="no_such_reason") == texts.text("refused.message")


def test_a_code_is_asked_for_only_once_the_login_is_approved() -> None:
    assert texts.message("scanned", code_required=True) == texts.text("scanned.message")
    assert texts.message("approved", code_required=True) == texts.text("code.message")


def test_no_words_are_left_over() -> None:
    templates = "".join(file.read_text() for file in FOLDER.glob("*.html"))
    used = set(re.findall(r"\{\{([a-z_]+\.[a-z_.]+)\}\}", templates))
    refusals = {f"refused.{reason}.message" for reason in ("device", "user", "rollout", "other_person")}
    camera = {f"phone.{code}.{part}" for code in ("code", "invite") for part in ("heading", "message")}
    assert texts.ENGLISH.keys() == used | refusals | camera | {"notice.code", "notice.correlation_id"}


@pytest.mark.parametrize("module", ["pages", "texts"])
def test_importing_it_loads_nothing_but_the_standard_library(module: str) -> None:
    path = Path(texts.__file__).parents[1]
    program = (
        f"import sys; sys.path.insert(0, {str(path)!r}); before = set(sys.modules); import passwordless.{module};"
        "roots = {name.partition('.')[0] for name in sys.modules.keys() - before};"
        "print(*(roots - sys.stdlib_module_names - {'passwordless'}))"
    )
    loaded = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []
