"""What a person sees whose camera, not the app, opens a code."""

import pytest

from functions.verify import handler as verify
from tests.calls import call
from tests.house import House


@pytest.mark.parametrize(
    ("name", "words"), [("GET_code", "Scan this code"), ("GET_invite", "Open this invite")]
)
def test_a_plain_camera_is_told_to_use_the_app(house: House, name: str, words: str) -> None:
    page = call(house, verify.handler, name)
    assert page.status == 200
    assert words in page.body
    assert "default-src 'none'" in page.headers["content-security-policy"]
