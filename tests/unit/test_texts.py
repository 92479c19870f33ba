"""Texts: complete catalogues, and that they and the pages are cheap to import."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless import texts
from passwordless.errors import Failure
from passwordless.model.sessions import Status

FUNCTIONS = Path(__file__).parents[2] / "functions"


OTHERS = sorted(texts.DIRECTIONS.keys() - {texts.DEFAULT_LANGUAGE})
SOURCES = "".join(
    file.read_text() for file in Path(texts.__file__).parent.rglob("*.py") if file.parent.name != "catalogues"
) + "".join(file.read_text() for file in FUNCTIONS.rglob("*.py"))


def placeholders(words: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", words))


def test_there_are_three_languages_besides_english_and_one_is_read_from_right_to_left() -> None:
    assert len(OTHERS) >= 3
    assert "rtl" in texts.DIRECTIONS.values()


@pytest.mark.parametrize("language", OTHERS)
def test_every_catalogue_has_the_same_codes_with_the_same_placeholders(language: str) -> None:
    spoken = texts.catalogue(language)
    assert spoken.keys() == texts.ENGLISH.keys()
    for code, words in texts.ENGLISH.items():
        assert placeholders(spoken[code]) == placeholders(words), code
        assert spoken[code].strip() == spoken[code] != "", code


@pytest.mark.parametrize("language", OTHERS)
def test_words_are_translated_unless_they_are_the_same_word(language: str) -> None:
    same = {code for code, words in texts.catalogue(language).items() if words == texts.ENGLISH[code]}
    assert same <= {"notice.code", "phone.browser"}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_explains_the_same_failures_each_with_a_next_step(language: str) -> None:
    here, german = (
        import_module(f"passwordless.catalogues.{language}"),
        import_module("passwordless.catalogues.de"),
    )
    assert here.PROBLEMS.keys() == german.PROBLEMS.keys()
    assert here.TITLES.keys() == {failure.status for failure in failures()}
    assert all(detail and guidance for detail, guidance in here.PROBLEMS.values())


@pytest.mark.parametrize("code", import_module("passwordless.catalogues.de").PROBLEMS)
def test_a_failure_that_is_translated_exists(code: str) -> None:
    assert f'"{code}"' in SOURCES


def failures() -> list[type[Failure]]:
    return [Failure, *Failure.__subclasses__()]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr, es;q=0.5, de;q=0.7", "de"),
        ("AR", "ar"),
        ("fr", "en"),
        ("*", "en"),
        ("de;q=0, es", "es"),
        ("de;q=x", "en"),
        ("de;q=nan, es;q=0.1", "es"),
        (";;;,,,=", "en"),
        ("x" * 100_000 + ",de", "en"),
        (",".join(["fr"] * 30 + ["de"]), "en"),
    ],
)
def test_the_reader_s_language_is_the_one_liked_best_of_ours(header: str, expected: str) -> None:
    assert texts.negotiated(header) == expected


@given(st.text())
def test_whatever_the_header_says_there_is_a_language(header: str) -> None:
    assert texts.negotiated(header) in texts.DIRECTIONS


@pytest.mark.parametrize("language", ["fr", "", "../en", "__init__"])
def test_a_language_that_is_not_ours_is_never_loaded(language: str) -> None:
    with pytest.raises(KeyError):
        texts.catalogue(language)


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_message(status: Status) -> None:
    assert texts.message(status.value)


def test_a_refusal_without_words_of_its_own_gets_the_general_ones() -> None:
    assert texts.message("refused", refusal="no_such_reason") == texts.text("refused.message")


def test_a_code_is_asked_for_only_once_the_login_is_approved() -> None:
    assert texts.message("scanned", code_required=True) == texts.text("scanned.message")
    assert texts.message("approved", code_required=True) == texts.text("code.message")


def test_no_words_are_left_over() -> None:
    templates = "".join(file.read_text() for file in FUNCTIONS.glob("*/page/*.html"))
    used = set(re.findall(r"\{\{([a-z_]+\.[a-z_.]+)\}\}", templates))
    reasons = ("device", "user", "rollout", "other_person", "risk", "reported", "code")
    refusals = {f"refused.{reason}.message" for reason in reasons}
    elsewhere = {f"phone.elsewhere.{part}" for part in ("heading", "message", "guidance")}
    made = {f"phone.{part}" for part in ("browser_on", "place", "now", "seconds", "minutes", "back")}
    used |= {"auto_post.message"}
    assert texts.ENGLISH.keys() == used | refusals | elsewhere | made | {
        "notice.code",
        "notice.correlation_id",
    }


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
