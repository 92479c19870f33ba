"""The integrations as AdminX offers them: which fields, what they mean, where at the other side they are found.

Of the `alternatives` of an integration one is enough: each lists the fields that it takes at least.
"""

from collections.abc import Mapping
from typing import Any

from passwordless.saml.metadata import MAX_ACS, MAX_BYTES
from passwordless.saml.provider_keys import MAX_KEYS

_SETTINGS = "Auth0 dashboard > Applications > your app > Settings"


def _field(name: str, label: str, help_text: str, **more: Any) -> dict[str, Any]:
    kind = {"type": "text", "required": False, "secret": False}
    return {"name": name, "label": label, "help": help_text, **kind, **more}


AUTH0: Mapping[str, Any] = {
    "integration": "auth0-saml",
    "name": "Auth0 SAML",
    "description": "Users of an Auth0 tenant sign in with their phone. Connect makes the SAML connection for you.",
    "prerequisites": [
        "In Auth0, an application of type Regular Web Application: users will sign in to it.",
        "Its Advanced Settings > Grant Types have Client Credentials ticked.",
        "It is switched on in Applications > APIs > Auth0 Management API > Machine to Machine Applications.",
        "There its permissions are create:connections and no other.",
        "An Auth0 plan that allows one more enterprise connection.",
    ],
    "alternatives": [
        ["name", "auth0_domain", "auth0_client_id", "auth0_client_secret"],
        ["mode", "name", "auth0_domain", "auth0_client_id"],
    ],
    "fields": [
        _field(
            "mode",
            "How to connect",
            "Who makes the SAML connection in Auth0.",
            type="choice",
            default="automatic",
            choices=[
                {
                    "value": "automatic",
                    "label": "Connect for me",
                    "help": "One press makes the connection. It takes the Client Secret of your app, once.",
                },
                {
                    "value": "manual",
                    "label": "I create the connection",
                    "help": "No secret is asked for. You get the connection as JSON, as a command and as Terraform; "
                    "create it, then press Verify.",
                    "prerequisites": [
                        "In Auth0, an application of type Regular Web Application: users will sign in to it.",
                        "Somebody who may create connections there: by API, with auth0-cli, or with Terraform.",
                        "An Auth0 plan that allows one more enterprise connection.",
                    ],
                },
            ],
        ),
        _field(
            "name",
            "Name",
            "What people see on their phone when they approve a sign-in, and on Auth0's button.",
            required=True,
            max_length=128,
        ),
        _field(
            "auth0_domain",
            "Auth0 domain",
            "The tenant's own domain, which ends in auth0.com. A custom domain does not work here.",
            required=True,
            where=f"{_SETTINGS} > Domain",
            placeholder="acme.us.auth0.com",
        ),
        _field(
            "auth0_client_id",
            "Client ID",
            "Of the application that users will sign in to.",
            required=True,
            where=f"{_SETTINGS} > Client ID",
        ),
        _field(
            "auth0_client_secret",
            "Client Secret",
            "Used once, to make the connection, and never stored.",
            type="password",
            required=True,
            secret=True,
            modes=["automatic"],
            where=f"{_SETTINGS} > Client Secret",
        ),
        _field(
            "custom_domain",
            "Custom domain",
            "If your users sign in under a custom domain of the tenant: its host name. Logins that begin there are "
            "answered there.",
            max_length=253,
            where="Auth0 dashboard > Settings > Custom Domains",
            placeholder="login.example.com",
        ),
        _field(
            "test_users",
            "Test users",
            "E-mail addresses of those who may sign in at first. Empty: everyone.",
            type="email_list",
        ),
        _field(
            "email_domains",
            "E-mail domains",
            "Auth0 sends people with these e-mail domains to this sign-in, without a button.",
            type="domain_list",
            placeholder="example.com",
        ),
        _field(
            "test_redirect_uri",
            "Test callback address",
            "Where the test link ends. Empty: the application's first callback address.",
            type="url",
            where=f"{_SETTINGS} > Allowed Callback URLs",
        ),
    ],
}


SAML: Mapping[str, Any] = {
    "integration": "saml",
    "name": "SAML application",
    "description": "Users of any application that speaks SAML 2.0 sign in with their phone. "
    "Its metadata is enough; without it, the fields below.",
    "prerequisites": [
        "An account that may set up single sign-on at the application.",
        "The application's SAML metadata as a file, or its entity id and its assertion consumer service address.",
        "For signed requests and for logout: the certificate that the application signs with.",
        "Afterwards, our metadata address (saml.metadata_url of the answer) entered at the application.",
    ],
    "alternatives": [["sp_metadata_xml"], ["name", "sp_entity_id", "acs_urls"]],
    "fields": [
        _field(
            "name",
            "Name",
            "What people see on their phone when they approve a sign-in. Empty: the name in the metadata.",
            max_length=128,
        ),
        _field(
            "sp_metadata_xml",
            "Metadata",
            "The application's SAML metadata, pasted or uploaded; no address is fetched. "
            "It brings entity id, addresses, certificates and logout, so leave those fields empty.",
            type="xml",
            max_bytes=MAX_BYTES,
            where="At the application, often called SP metadata or service provider metadata",
        ),
        _field(
            "sp_entity_id",
            "Entity ID",
            "The name by which the application calls itself, exactly as written there.",
            where="At the application, also called Issuer or Audience URI",
            placeholder="https://app.example.com/saml/metadata",
        ),
        _field(
            "acs_urls",
            "Assertion consumer service addresses",
            "Where sign-ins are sent, exactly as written at the application, the usual one first.",
            type="url_list",
            max_items=MAX_ACS,
            where="At the application, also called ACS URL, Reply URL or Single Sign-On URL",
            placeholder="https://app.example.com/saml/acs",
        ),
        _field(
            "sp_certificates",
            "Certificates",
            "What the application signs its requests with, as PEM or base64. "
            "Needed while requests must be signed, and for logout.",
            type="certificate_list",
            max_items=MAX_KEYS,
        ),
        _field(
            "require_signed_requests",
            "Only signed requests",
            "Off only if the application cannot sign: then anybody can start a sign-in there, though not finish one.",
            type="boolean",
        ),
        _field(
            "test_users",
            "Test users",
            "E-mail addresses of those who may sign in at first. Empty: everyone.",
            type="email_list",
        ),
    ],
}


def integrations() -> dict[str, Any]:
    """Return what GET /integrations answers."""
    return {"integrations": [AUTH0, SAML]}
