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
    client, _, scopes = _client(config)
    values = {
        "style": f"{PATH}/{assets.name('css')}",
        "script": f"{PATH}/{assets.name('js')}",
        "address": f"{origin}{PATH}",
        "issuer": config.jwt_issuer,
        "client": client,
        "audience": config.jwt_audience,
        "scopes": scopes or f"openid {config.read_scope} {config.write_scope}",
    }
    return Page(fill(read(folder, "console.html"), values), policy(config, origin))


def policy(config: Config, origin: str) -> str:
    """Return the console's Content-Security-Policy: own files, the API and the issuer, and no text ever as markup."""
    issuer = "{0.scheme}://{0.netloc}".format(urlsplit(config.jwt_issuer))
    _, token_origin, _ = _client(config)
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


def _client(config: Config) -> tuple[str, str, str]:
    """Return the client id, the token endpoint's origin if it is not the issuer's, and the scopes if they are given."""
    client, _, more = config.console_client_id.partition(" ")
    origin, openid, scopes = more.partition("openid ")
    return client, origin.strip(), openid + scopes


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
