"""A secret that goes nowhere by accident."""

import copy
import dataclasses
import json
import logging
import pickle
from io import StringIO

import pytest
from aws_lambda_powertools import Logger
from pydantic_core import PydanticSerializationError

from passwordless.auth0.secret import Secret
from tests.unit.auth0.fakes import SECRET, some_fields


@dataclasses.dataclass(frozen=True)
class Holder:
    secret: Secret


def test_reveal_is_the_way_to_the_value() -> None:
    assert Secret(SECRET).reveal() == SECRET


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(SECRET)),
        str(Secret(SECRET)),
        f"{Secret(SECRET)} {Secret(SECRET)!r:>40} {Secret(SECRET):s}",
        "%s %r" % (Secret(SECRET), Secret(SECRET)),  # noqa: UP031 - this form is what is tried
        "{0} {0!r}".format(Secret(SECRET)),
        repr({"a": [Secret(SECRET)]}),
        repr(Holder(Secret(SECRET))),
        repr(some_fields()),
        str(some_fields().model_dump()),
    ],
)
def test_it_is_shown_as_a_fixed_text(shown: str) -> None:
    assert SECRET not in shown
    assert "hidden" in shown


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_cannot_be_pickled(protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(SECRET), protocol)


def test_it_cannot_be_copied_into_a_dictionary() -> None:
    with pytest.raises(TypeError):
        dataclasses.asdict(Holder(Secret(SECRET)))
    with pytest.raises(TypeError):
        copy.copy(Secret(SECRET))


def test_it_cannot_become_json() -> None:
    with pytest.raises(TypeError):
        json.dumps({"secret": Secret(SECRET)})
    with pytest.raises(PydanticSerializationError):
        some_fields().model_dump_json()


def test_it_has_no_attributes_to_look_at() -> None:
    assert not hasattr(Secret(SECRET), "__dict__")
    with pytest.raises(TypeError):
        vars(Secret(SECRET))


def test_it_reaches_no_log() -> None:
    out = StringIO()
    log = Logger(service="test", stream=out, level="DEBUG")
    log.info("said", extra={"secret": Secret(SECRET), "nested": {"secret": [Secret(SECRET)]}})
    plain = logging.StreamHandler(out)
    logging.LogRecord("x", 10, "", 1, "%s %r", (Secret(SECRET), Secret(SECRET)), None)
    plain.emit(logging.LogRecord("x", 10, "", 1, "%s %r", (Secret(SECRET), Secret(SECRET)), None))
    assert SECRET not in out.getvalue()
    assert out.getvalue().count("hidden") >= 4


def test_equal_secrets_are_equal_and_a_string_is_no_secret() -> None:
    assert Secret(SECRET) == Secret(SECRET)
    assert Secret(SECRET) != Secret("another")
    assert Secret(SECRET) != SECRET


def test_it_cannot_be_a_key_of_a_dictionary() -> None:
    with pytest.raises(TypeError):
        hash(Secret(SECRET))


def test_it_is_taken_out_of_a_text_that_repeats_it() -> None:
    assert Secret(SECRET).hide_in(f"a {SECRET} b {SECRET}") == "a (hidden) b (hidden)"
