"""Who an application is told that somebody is: NameID, authentication class and attributes, by its policy."""

from collections.abc import Sequence

from passwordless.model.applications import Application, Integration
from passwordless.model.attributes import AttributeRule, ReleasedAttribute, Source, released
from passwordless.model.name_ids import pairwise
from passwordless.model.people import User
from passwordless.model.policies import NameIdFormat
from passwordless.model.sessions import Decision, SamlRequest
from passwordless.model.tokens import Randomness
from passwordless.saml import names
from passwordless.saml.authn_request import AuthnRequest
from passwordless.saml.contexts import choose
from passwordless.saml.response import ID_BYTES, new_id

FORMATS = {
    NameIdFormat.PERSISTENT: names.PERSISTENT,
    NameIdFormat.TRANSIENT: names.TRANSIENT,
    NameIdFormat.EMAIL_ADDRESS: names.EMAIL_ADDRESS,
    NameIdFormat.UNSPECIFIED: names.UNSPECIFIED,
}
_ONE_FACTOR = {
    names.MOBILE_TWO_FACTOR_UNREGISTERED: names.MOBILE_ONE_FACTOR_UNREGISTERED,
    names.UNSPECIFIED_CLASS: names.UNSPECIFIED_CLASS,
}
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_AUTH0_RULES = tuple(
    AttributeRule(f"{_CLAIMS}/{name}", names.ATTRIBUTE_URI, source)
    for name, source in (
        ("emailaddress", Source.EMAIL),
        ("givenname", Source.GIVEN_NAME),
        ("name", Source.NAME),
        ("surname", Source.FAMILY_NAME),
    )
)
_SAML_RULES = tuple(  # the X.500/LDAP attribute profile (SAML Profiles, 8.2)
    AttributeRule(f"urn:oid:{oid}", names.ATTRIBUTE_URI, source)
    for oid, source in (
        ("0.9.2342.19200300.100.1.3", Source.EMAIL),
        ("2.5.4.42", Source.GIVEN_NAME),
        ("2.5.4.4", Source.FAMILY_NAME),
        ("2.16.840.1.113730.3.1.241", Source.NAME),
    )
)


def offered_formats(application: Application) -> tuple[str, ...]:
    """Return the NameID formats that an application can ask for, its default first.

    Auth0 makes its own user ids out of the NameID, so there it is always the persistent one.
    """
    if application.integration is Integration.AUTH0:
        return (names.PERSISTENT,)
    default = default_format(application)
    return tuple(sorted(FORMATS.values(), key=lambda name: name != default))


def default_format(application: Application) -> str | None:
    """Return the NameID format of an assertion whose request asks for none in particular, None for no NameID."""
    if application.integration is Integration.AUTH0:
        return names.PERSISTENT
    return FORMATS.get(application.policy.name_id_format)


def offered_contexts(application: Application) -> tuple[str, ...]:
    """Return the authentication classes that a login by phone can have at an application."""
    return (application.policy.authn_context or names.MOBILE_TWO_FACTOR_CONTRACT,)


def one_factor_contexts(application: Application) -> tuple[str, ...]:
    """Return the classes of an approval for which nobody was recognised: the phone alone speaks (S14)."""
    (usual,) = offered_contexts(application)
    return (_ONE_FACTOR.get(usual, names.MOBILE_ONE_FACTOR_CONTRACT),)


def authn_context(request: SamlRequest, decision: Decision) -> str:
    """Return the class that an assertion truthfully names: a second factor only where the person was recognised."""
    if decision.uv is None:
        return request.one_factor_context or names.UNSPECIFIED_CLASS
    return request.authn_context or names.MOBILE_TWO_FACTOR_CONTRACT


def rules(application: Application) -> Sequence[AttributeRule]:
    """Return an application's attribute rules, those of its integration unless it has its own."""
    if application.attributes is not None:
        return application.attributes
    return _AUTH0_RULES if application.integration is Integration.AUTH0 else _SAML_RULES


def attributes(
    application: Application, user: User, service: int | None = None
) -> tuple[ReleasedAttribute, ...]:
    """Return the attributes that an application is told of a user, `service` being the index that it asked with."""
    return released(rules(application), user, application.sp.wants(service))


def asked(application: Application, request: AuthnRequest) -> SamlRequest:
    """Return what of an answerable request is kept until its Response."""
    wanted = request.subject
    return SamlRequest(
        request.id,
        request.issuer,
        request.acs_url,
        request.relay_state,
        request.signed,
        force_authn=request.force_authn,
        is_passive=request.is_passive,
        name_id_format=request.name_id_format,
        authn_context=choose(request.authn_contexts, offered_contexts(application)),
        subject=wanted.name_id if wanted else None,
        subject_format=wanted.name_id_format if wanted else None,
        attribute_service=request.attribute_service,
        one_factor_context=choose(request.authn_contexts, one_factor_contexts(application)),
    )


def name_id_format(application: Application, request: SamlRequest) -> str | None:
    """Return the format to answer with: the one asked for, else the application's default (SAML Core, 3.4.1.1)."""
    wanted = request.name_id_format
    unasked = wanted in (None, names.UNSPECIFIED) or wanted not in offered_formats(application)
    return default_format(application) if unasked else wanted


def name_id(form: str | None, application: Application, user: User, randomness: Randomness) -> str | None:
    """Return a user's NameID at one application, None where none is told.

    A transient one is new each time and an NCName (SAML Core, 8.3.8); an unspecified one is the persistent one.
    """
    if form is None:
        return None
    if form == names.TRANSIENT:
        return new_id(randomness(ID_BYTES))
    if form == names.EMAIL_ADDRESS:
        return user.email
    return pairwise(user.pairwise_key, application.application_id)
