"""A browser without a window: follows redirects one by one, keeps cookies, submits the one form of a page."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import requests
from PIL import Image, ImageDraw

from local.loopback import session

USER_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
TIMEOUT = 30
_RUN = re.compile(r"([Mm])(\d+) (\d+)(?:\.5)?h(\d+)")


class UnexpectedPage(Exception):
    """Raised when the next hop is not what it should be; the message names the page."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a login and how long it took, in milliseconds."""

    name: str
    milliseconds: float


@dataclass
class Headless:
    """A browser with its cookies and a record of hops; `clock` answers seconds."""

    clock: Callable[[], float] = time.perf_counter
    hops: list[Hop] = field(default_factory=list)
    http: requests.Session = field(default_factory=session)

    def __post_init__(self) -> None:
        self.http.headers["User-Agent"] = USER_AGENT

    def timed[T](self, name: str, step: Callable[[], T]) -> T:
        """Run a step and record it as a hop."""
        started = self.clock()
        result = step()
        self.hops.append(Hop(name, (self.clock() - started) * 1000))
        return result

    def get(self, url: str) -> requests.Response:
        """Open a URL without following a redirect. Raises UnexpectedPage for an error."""
        return self._sent("GET", url)

    def location(self, page: requests.Response) -> str:
        """Return where a redirect leads. Raises UnexpectedPage if it is none."""
        if page.status_code not in (301, 302, 303, 307):
            raise UnexpectedPage(f"{page.url} answered {page.status_code} where a redirect was expected")
        return urljoin(page.url, page.headers["location"])

    def submit(self, page: requests.Response, action: str | None = None, **typed: str) -> requests.Response:
        """Submit the page's first form, or the one whose action ends in `action`, with what was `typed` into it."""
        document: Any = lxml.html.document_fromstring(page.content)
        forms = document.forms
        form = next(f for f in forms if action is None or (f.action or "").endswith(action))
        target = urljoin(page.url, form.action)
        same = urlsplit(target)[:2] == urlsplit(page.url)[:2]
        headers = {"Sec-Fetch-Site": "same-origin" if same else "cross-site", "Origin": "null"}
        fields = {**dict(form.form_values()), **typed}
        return self._sent("POST", target, data=fields, headers=headers)

    def poll(self, page: requests.Response) -> str:
        """Ask how the login on this page stands and return its status."""
        url = urljoin(page.url, page.url.replace("/login/", "/sessions/"))
        return str(self._sent("GET", url, headers={"Sec-Fetch-Site": "same-origin"}).json()["status"])

    def _sent(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        answer = self.http.request(method, url, allow_redirects=False, timeout=TIMEOUT, **kwargs)
        if answer.status_code >= 400:
            raise UnexpectedPage(f"{answer.url} answered {answer.status_code}: {answer.text[:300]}")
        for cookie in self.http.cookies:
            cookie.secure = False  # as in browsers, for which *.localhost is a secure context over http too
        return answer


def photograph(page: requests.Response, scale: int = 6) -> bytes:
    """Return a picture (PNG) of the QR code on a page: what a phone's camera would see."""
    found = re.search(r'viewBox="0 0 (\d+) \1".*?<path stroke="#000" d="([^"]+)"', page.text, re.DOTALL)
    if found is None:
        raise UnexpectedPage(f"{page.url} shows no QR code")
    side = int(found[1]) * scale
    image = Image.new("L", (side, side), 255)
    draw, x, y = ImageDraw.Draw(image), 0, 0
    for command, first, second, length in _RUN.findall(found[2]):
        x, y = (int(first), int(second)) if command == "M" else (x + int(first), y)
        draw.rectangle((x * scale, y * scale, (x + int(length)) * scale - 1, (y + 1) * scale - 1), fill=0)
        x += int(length)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
