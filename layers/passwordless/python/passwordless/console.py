"""The administrators' console as a page: what its sign-in needs to know, and the policy that it runs under (S25).

The page holds no secret and no data: what it shows comes from the API, with the access token of whoever looks at it.
"""

from pathlib import Path
from urllib.parse import urlsplit

from passwordless.assets import Assets
from passwordless.config import Config
from passwordless.markup import fill, read
from passwordless.pages import Notice, Page, Pages

PATH = "/console"


def page(folder: Path, assets: Assets, config: Config, origin: str) -> Page:
    """Return the console of a deployment whose public origin this is; its files lie in `folder`."""
    _, scopes = _sign_in(config)
    values = {
        "style": f"{PATH}/{assets.name('css')}",
        "script": f"{PATH}/{assets.name('js')}",
        "address": f"{origin}{PATH}",
        "issuer": config.jwt_issuer,
        "client": config.console_client_id,
        "audience": config.jwt_audience,
        "scopes": scopes or f"openid {config.read_scope} {config.write_scope}",
    }
    return Page(fill(read(folder, "console.html"), values), policy(config, origin))


def policy(config: Config, origin: str) -> str:
    """Return the console's Content-Security-Policy: own files, the API and the issuer, and no text ever as markup."""
    issuer = "{0.scheme}://{0.netloc}".format(urlsplit(config.jwt_issuer))
    token_origin, _ = _sign_in(config)
    asked = dict.fromkeys(("'self'", issuer, token_origin))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {origin}{PATH}/",
            f"style-src {origin}{PATH}/",
            "img-src data:",
            f"connect-src {' '.join(filter(None, asked))}",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _sign_in(config: Config) -> tuple[str, str]:
    """Return the origin of the token endpoint if it is not the issuer's own, and the scopes if they are given."""
    origin, openid, scopes = config.console_sign_in.partition("openid")
    return origin.strip(), openid + scopes


def not_set_up(origin: str) -> Page:
    """Return the page that stands where a console could be."""
    return Pages().notice(
        Notice(
            "There is no console here",
            "This deployment has none. Its API works without.",
            f"To have one, register a public client (authorization code with PKCE, no secret) at the issuer of the "
            f"administrators' tokens, with the redirect address {origin}{PATH}, and deploy with its client id as "
            "ConsoleClientId.",
            tone="calm",
        )
    )
