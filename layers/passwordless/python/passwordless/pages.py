"""The pages that people see, each one self-contained document with the Content-Security-Policy that fits it.

The files of a page live in a function's folder `page/`. Every value is escaped where it enters; style and script are
inlined and allowed by their hash (S21).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from passwordless import texts
from passwordless.errors import Failure
from passwordless.markup import Safe, escape, fill, read, read_inline, source_of

_REFRESH = '<noscript><meta http-equiv="refresh" content="5"></noscript>\n'
SHARED = Path(__file__).parent / "page"
_WAITING = ("pending", "scanned")
_STATES = re.compile(r'data-states="([a-z ]+)"')
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Page:
    """A document and the value of its Content-Security-Policy header."""

    body: str
    csp: str


@dataclass(frozen=True, slots=True)
class LoginView:
    """What the login page shows.

    `status` is a value of `model.sessions.Status`; `refusal` its reason when refused. `qr_svg` is a complete `<svg>`
    element of our own, namespace and quiet zone included, shown only while pending; `qr_path` is what it leads to here.
    `proceed` lets a page that is approved at once go on, whatever redirects led to it. `reference` is told where a
    login came to nothing. `still` tells that the code is of the kind that changes slowly.
    """

    session_id: str
    application_id: str
    application_name: str
    domain: str
    status: str
    frame: int
    qr_svg: str | None
    first_poll_ms: int
    refusal: str | None = None
    code_required: bool = False
    proceed: bool = False
    reference: str = ""
    still: bool = False
    qr_path: str | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do next: a link, or a form that posts `fields` to our own origin if there are any.

    Raises:
        ValueError: `url` is neither https nor a path here, or fields would go to another origin.
    """

    label: str
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        here = self.url.startswith("/") and not self.url.startswith(("//", "/\\"))
        if not here and (self.fields or not self.url.startswith("https://")):
            raise ValueError("a next step leads to https or to a path on this origin, and posts only here")


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that ends or explains something: the same words, code and correlation id as in problem+json."""

    title: str
    detail: str
    guidance: str | None = None
    code: str | None = None
    correlation_id: str | None = None
    step: NextStep | None = None
    tone: Literal["bad", "calm"] = "bad"


class Pages:
    """The pages of one function, whose own files lie in `folder`; a file is read at its first use and kept."""

    def __init__(self, folder: Path = SHARED, language: str = texts.DEFAULT_LANGUAGE) -> None:
        self._folder = folder
        self._language = language

    def speaking(self, language: str) -> "Pages":
        """Return the same pages in one of the languages of `texts`."""
        return Pages(self._folder, language)

    def login(self, view: LoginView) -> Page:
        """Return the page that shows the QR code and follows the login to its end.

        Raises:
            ValueError: an id could not stand in a path.
            KeyError: the status is unknown.
        """
        shown = texts.state(view.status, code_required=view.code_required)
        qr = view.qr_svg if shown == "pending" else None
        template = _only(read(self._folder, "login.html"), shown)
        words = texts.text(f"{shown}.heading", language=self._language)
        message = texts.message(
            view.status, refusal=view.refusal, code_required=view.code_required, language=self._language
        )
        values = {
            "title": f"{words} – {view.application_name}",
            "state": shown,
            "session_id": _identifier(view.session_id),
            "application_id": _identifier(view.application_id),
            "application": view.application_name,
            "domain": view.domain,
            "frame": "" if qr is None else str(view.frame),
            "proceed": "yes" if view.proceed else "",
            "first_poll_ms": str(view.first_poll_ms),
            "message": message,
            "reference": view.reference,
            "still": "yes" if view.still else "",
            "unless_moving": Safe(" hidden" if view.still else ""),
            "unless_still": Safe("" if view.still else " hidden"),
            "qr": Safe(qr or ""),
            "qr_path": (view.qr_path if qr else None) or "#",
            "refresh": Safe(_REFRESH if shown in _WAITING else ""),
        }
        return self._page(
            template, values, script="login.js", policy=("connect-src 'self'", "form-action 'self'")
        )

    def auto_post(
        self,
        action: str,
        message: str,
        relay_state: str | None,
        *,
        local: bool,
        parameter: Literal["SAMLRequest", "SAMLResponse"] = "SAMLResponse",
    ) -> Page:
        """Return the page that posts a message (base64), in this field, to a service provider at `action`.

        Its `form-action` names schemes only: Chromium applies it to the redirects that follow the post too (S21).
        Plain http is for `local` alone. Without JavaScript the button posts (SAML Bindings, 3.5.4).

        Raises:
            ValueError: `action` has another scheme.
        """
        _check_scheme(action, local=local)
        words = "auto_post.message" if parameter == "SAMLResponse" else "auto_post.signing_out"
        values = {
            "action": action,
            "parameter": parameter,
            "message": message,
            "words": texts.text(words, language=self._language),
            "relay_state": Safe("") if relay_state is None else _hidden("RelayState", relay_state),
        }
        policy = ("form-action https: http:" if local else "form-action https:",)
        return self._page(read(self._folder, "auto_post.html"), values, script="auto_post.js", policy=policy)

    def onward(self, url: str, *, local: bool) -> Page:
        """Return the page that goes on to a service provider at once: where a redirect would not, or not any more.

        Chromium lets no redirect leave a form of ours, and browsers follow about twenty redirects in a row.

        Raises:
            ValueError: `url` has another scheme; plain http is for `local` alone.
        """
        _check_scheme(url, local=local)
        return self._page(read(self._folder, "onward.html"), {"url": url}, policy=("form-action 'self'",))

    def notice(self, notice: Notice) -> Page:
        """Return a page with a message, at most one next step, and the reference by which support finds the case."""
        values = {
            "title": notice.title,
            "tone": notice.tone,
            "detail": notice.detail,
            "guidance": Safe(
                f'<p class="guidance">{escape(notice.guidance)}</p>\n' if notice.guidance else ""
            ),
            "step": Safe("") if notice.step is None else _step(notice.step),
            "reference": self._reference(notice),
        }
        return self._page(read(SHARED, "notice.html"), values, policy=("form-action 'self'",))

    def failure(self, failure: Failure, correlation_id: str, language: str) -> Page:
        """Return the page of a failure: in the reader's language where it has words there, else in English."""
        known = texts.problem(failure.code, failure.status, language)
        title, detail, guidance = known or (failure.title, failure.detail, failure.guidance)
        pages = self.speaking(language if known else texts.DEFAULT_LANGUAGE)
        return pages.notice(Notice(title, detail, guidance, failure.code, correlation_id))

    def _reference(self, notice: Notice) -> Safe:
        """Return the lines that name the code and the correlation id, as far as there are any."""
        pairs = (("notice.code", notice.code), ("notice.correlation_id", notice.correlation_id))
        lines = [
            f"{escape(texts.text(label, language=self._language))} <code>{escape(value)}</code>"
            for label, value in pairs
            if value
        ]
        return Safe(f'<p class="reference">{"<br>".join(lines)}</p>\n' if lines else "")

    def _page(
        self, template: str, values: Mapping[str, str], *, policy: tuple[str, ...], script: str | None = None
    ) -> Page:
        """Return the filled template with its style, its script and the policy that allows exactly these."""
        inlined: dict[str, str] = {
            "language": self._language,
            "direction": texts.DIRECTIONS[self._language],
            "style": read_inline(SHARED, "page.css"),
        }
        directives = ["default-src 'none'", f"style-src {source_of(inlined['style'])}"]
        if script is not None:
            inlined["script"] = read_inline(self._folder, script)
            directives.append(f"script-src {source_of(inlined['script'])}")
        csp = "; ".join((*directives, *policy, "frame-ancestors 'none'", "base-uri 'none'"))
        return Page(fill(template, {**values, **inlined}, self._language), csp)


def _check_scheme(url: str, *, local: bool) -> None:
    schemes = ("https://", "http://") if local else ("https://",)
    if not url.startswith(schemes):
        raise ValueError("a service provider is reached by https")


def _only(template: str, shown: str) -> str:
    """Return the template with every part hidden that does not belong to the state `shown`."""
    return _STATES.sub(lambda part: part[0] if shown in part[1].split() else f"{part[0]} hidden", template)


def _step(step: NextStep) -> Safe:
    """Return the next step as a button: a link, or a form when it posts."""
    label, url = escape(step.label), escape(step.url)
    if not step.fields:
        return Safe(f'<p class="next"><a class="button primary" href="{url}">{label}</a></p>\n')
    fields = "".join(_hidden(name, value) for name, value in step.fields.items())
    return Safe(
        f'<form method="post" action="{url}">\n{fields}<button class="primary">{label}</button>\n</form>\n'
    )


def _hidden(name: str, value: str) -> Safe:
    """Return a hidden form field."""
    return Safe(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">\n')


def _identifier(value: str) -> str:
    """Return `value` if it can stand in a path as it is."""
    if not _IDENTIFIER.fullmatch(value):
        raise ValueError("an id holds letters, digits, hyphens and underscores only")
    return value
