"""What the double asks of an authorization request before anybody is sent anywhere."""

import pytest
import requests

from tests.integration.auth0_double.browser import NAME, shown_error
from tests.integration.auth0_double.calls import a_body, create
from tests.integration.auth0_double.process import Double


def authorize(double: Double, **parameters: str) -> requests.Response:
    query = {"client_id": double.client_id, "response_type": "code", "connection": NAME, **parameters}
    given = {key: value for key, value in query.items() if value}
    return requests.get(f"{double.url}/authorize", params=given, allow_redirects=False, timeout=10)


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"client_id": "unknown"}, 400),
        ({"connection": "nobody"}, 400),
        ({"response_type": "token"}, 400),
        ({"redirect_uri": "https://evil.example/callback"}, 403),
    ],
)
def test_an_authorization_request_that_does_not_fit_sends_nobody_anywhere(
    double: Double, parameters: dict[str, str], status: int
) -> None:
    answer = authorize(double, **parameters)
    assert (answer.status_code, "Location" in answer.headers) == (status, False)


def test_a_client_that_is_not_enabled_cannot_use_the_connection(double: Double) -> None:
    create(double, a_body(double, enabled_clients=[]))
    assert shown_error(authorize(double).text) == "the connection was disabled"


@pytest.mark.usefixtures("browser")
def test_without_a_connection_the_tenant_shows_the_buttons_it_may_show(double: Double) -> None:
    create(double, a_body(double, name="hidden", show_as_button=False))
    page = authorize(double, connection="").text
    assert f"connection={NAME}" in page
    assert "connection=hidden" not in page


@pytest.mark.usefixtures("browser")
def test_the_transaction_cookie_is_one_that_a_cross_site_post_carries(double: Double) -> None:
    cookie = authorize(double).headers["Set-Cookie"]
    assert cookie.split("; ")[1:] == ["Path=/", "HttpOnly", "Secure", "SameSite=None"]
