"""Names that SAML 2.0 and XML Signature fix: namespaces, bindings, name formats, authentication classes."""

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
ENTITY_ATTRIBUTES = "urn:oasis:names:tc:SAML:metadata:attribute"
ALGORITHMS = "urn:oasis:names:tc:SAML:metadata:algsupport"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
RSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"
RSA_SHA512 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384"
SHA512 = "http://www.w3.org/2001/04/xmlenc#sha512"
SIGNING_METHODS = (RSA_SHA256, RSA_SHA384, RSA_SHA512)
"""The signatures that we accept, the preferred first; ours are of that kind."""

DIGEST_METHODS = (SHA256, SHA384, SHA512)
"""The digests that we accept in signatures, the preferred first."""

BINDING_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
BINDING_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
DEFLATE = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"

ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
EMAIL_ADDRESS = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"

BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
ATTRIBUTE_URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
ATTRIBUTE_BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
ATTRIBUTE_UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"

CLASSES = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
PASSWORD = CLASSES + "Password"
PASSWORD_PROTECTED_TRANSPORT = CLASSES + "PasswordProtectedTransport"
UNSPECIFIED_CLASS = CLASSES + "unspecified"
MOBILE_ONE_FACTOR_UNREGISTERED = CLASSES + "MobileOneFactorUnregistered"
MOBILE_ONE_FACTOR_CONTRACT = CLASSES + "MobileOneFactorContract"
MOBILE_TWO_FACTOR_UNREGISTERED = CLASSES + "MobileTwoFactorUnregistered"
MOBILE_TWO_FACTOR_CONTRACT = CLASSES + "MobileTwoFactorContract"
SMARTCARD_PKI = CLASSES + "SmartcardPKI"


def protocol(name: str) -> str:
    """Return the tag of an element of the protocol namespace."""
    return f"{{{PROTOCOL}}}{name}"


def assertion(name: str) -> str:
    """Return the tag of an element of the assertion namespace."""
    return f"{{{ASSERTION}}}{name}"


def metadata(name: str) -> str:
    """Return the tag of an element of the metadata namespace."""
    return f"{{{METADATA}}}{name}"


def signature(name: str) -> str:
    """Return the tag of an element of the XML Signature namespace."""
    return f"{{{SIGNATURE}}}{name}"
