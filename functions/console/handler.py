"""The console for administrators: files, the same for everybody; what it shows, it asks of the API.

GET /console          the page; without the parameter ConsoleClientId one that says how to get a console
GET /console/{file}   its style and its script, each named after what is in it and kept by browsers for a year

Reads no table, calls nobody, and needs no client of AWS.
"""

from pathlib import Path

from passwordless import console, web
from passwordless.assets import Assets, asset, joined
from passwordless.entry import Entry
from passwordless.errors import Failure
from passwordless.markup import read
from passwordless.pages import Pages
from passwordless.wiring import Wiring

PAGE = Path(__file__).parent / "page"
MODULES = (
    "element.js",
    "format.js",
    "routes.js",
    "words.js",
    "oidc.js",
    "session.js",
    "api.js",
    "parts.js",
    "forms.js",
    "chart.js",
    "applications.js",
    "outcome.js",
    "connect.js",
    "events.js",
    "overview.js",
    "activity.js",
    "attributes.js",
    "certificates.js",
    "policy.js",
    "people.js",
    "invite.js",
    "bulk.js",
    "person.js",
    "keys.js",
    "main.js",
)
ASSETS = Assets(
    (asset("console", "css", read(PAGE, "console.css")), asset("console", "js", joined(PAGE, MODULES)))
)


def open_console(house: Wiring, request: web.Request) -> web.Reply:
    """Show the console."""
    origin = house.config.origin(request.domain_name)
    if not house.config.console_client_id:
        absent = console.not_set_up(origin)
        return web.page(404, absent.body, absent.csp)
    page = console.page(PAGE, ASSETS, house.config, origin)
    return web.page(200, page.body, page.csp)


def send_file(_: Wiring, request: web.Request) -> web.Reply:
    """Send one of the console's files."""
    return ASSETS.reply(request, request.parameters["file"])


def failed(failure: Failure, request: web.Request) -> web.Reply:
    """Tell a failure as a page."""
    page = Pages().failure(failure, request.correlation_id, request.language)
    return web.page(failure.status, page.body, page.csp, web.retry_after(failure))


handler = Entry(
    "console",
    {"GET /console": open_console, "GET /console/{file}": send_file},
    failed,
    quiet=True,
    tables=False,
)
