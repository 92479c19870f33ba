"""Verifying a service provider's signatures: over a query string, or enveloped in the XML.

The key comes from the registration alone; KeyInfo is never read. Before signxml computes anything, the signature must
have the one shape that SAML allows (Core, 5.4), so that no transform and no second reference can hide anything.
"""

from collections.abc import Callable, Mapping, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from passwordless.saml import names, parsing
from passwordless.saml.bindings import QuerySignature
from passwordless.saml.certificates import carrier, rsa_key
from passwordless.saml.names import signature as ds
from passwordless.saml.refusals import Mismatch

_HASHES: Mapping[str, Callable[[], HashAlgorithm]] = dict(
    zip(names.SIGNING_METHODS, (SHA256, SHA384, SHA512), strict=True)
)
_DIGESTS = frozenset(names.DIGEST_METHODS)
_INCLUSIVE = f"{{{names.EXCLUSIVE_C14N}}}InclusiveNamespaces"


def usable(certificates: Sequence[str]) -> tuple[str, ...]:
    """Return the registered certificates and bare keys (base64 DER) that hold an RSA key."""
    return tuple(certificate for certificate in certificates if rsa_key(certificate) is not None)


def enclosed(root: etree._Element) -> list[etree._Element]:
    """Return every ds:Signature of a document, wherever it stands."""
    return list(root.iter(ds("Signature")))


def verify_query(signature: QuerySignature, certificates: Sequence[str]) -> None:
    """Verify the signature of an HTTP-Redirect query over its octets (SAML Bindings, 3.4.4.1).

    Raises Mismatch when the algorithm is not RSA with SHA-256 or better, or no registered key verifies it.
    """
    if signature.algorithm not in _HASHES:
        raise Mismatch("SigAlg RSA-SHA256, RSA-SHA384 or RSA-SHA512", signature.algorithm)
    algorithm = _HASHES[signature.algorithm]()
    if not any(_verifies(signature, certificate, algorithm) for certificate in certificates):
        raise _no_key(certificates)


def verify_enveloped(root: etree._Element, certificates: Sequence[str]) -> etree._Element:
    """Verify the enveloped signature of a message and return the message parsed again from the signed bytes.

    Raises Mismatch when the signature has another shape, or no registered key verifies it.
    """
    _check_shape(root)
    for certificate in certificates:
        signed = _signed_bytes(root, certificate)
        if signed is not None:
            return _read_again(signed, root)
    raise _no_key(certificates)


def _verifies(signature: QuerySignature, certificate: str, algorithm: HashAlgorithm) -> bool:
    key = rsa_key(certificate)
    if key is None:
        return False
    try:
        key.verify(signature.value, signature.octets, PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True


def _check_shape(root: etree._Element) -> None:
    found = enclosed(root)
    if len(found) != 1 or found[0].getparent() is not root:
        raise Mismatch("one signature, a child of the message", f"{len(found)} in the message")
    signature = found[0]
    _expect("SignedInfo, SignatureValue, KeyInfo", set(_children(signature)) <= _PARTS, signature)
    info = signature[0]
    _expect("one Reference", _children(info) == _SIGNED_INFO, info)
    canonicalization, method, reference = info
    _expect(
        "exclusive canonicalization", _algorithm(canonicalization) == names.EXCLUSIVE_C14N, canonicalization
    )
    _expect("RSA with SHA-256 or better", _algorithm(method) in _HASHES, method)
    _check_reference(reference, root)


def _check_reference(reference: etree._Element, root: etree._Element) -> None:
    if reference.get("URI") != f"#{root.get('ID')}":
        raise Mismatch("a Reference to the message's own ID", reference.get("URI"))
    _expect("Transforms, DigestMethod, DigestValue", _children(reference) == _REFERENCE, reference)
    transforms, digest = reference[0], reference[1]
    algorithms = [_algorithm(transform) for transform in transforms]
    _expect("enveloped-signature, exclusive canonicalization", algorithms == _TRANSFORMS, transforms)
    inside = {child.tag for transform in transforms for child in transform}
    _expect("transforms without parameters", inside <= {_INCLUSIVE}, transforms)
    _expect("a SHA-256 digest or better", _algorithm(digest) in _DIGESTS, digest)


_PARTS = {ds("SignedInfo"), ds("SignatureValue"), ds("KeyInfo")}
_SIGNED_INFO = [ds("CanonicalizationMethod"), ds("SignatureMethod"), ds("Reference")]
_REFERENCE = [ds("Transforms"), ds("DigestMethod"), ds("DigestValue")]
_TRANSFORMS = [names.ENVELOPED, names.EXCLUSIVE_C14N]


def _children(element: etree._Element) -> list[str]:
    return [child.tag for child in element]


def _algorithm(element: etree._Element) -> str | None:
    return element.get("Algorithm")


def _expect(what: str, holds: bool, element: etree._Element) -> None:  # noqa: FBT001  the condition is the subject
    if not holds:
        raise Mismatch(what, etree.tostring(element, encoding="unicode"))


def _signed_bytes(root: etree._Element, certificate: str) -> bytes | None:
    try:
        result = XMLVerifier().verify(
            root,
            x509_cert=carrier(certificate),
            validate_schema=False,
            parser=parsing.parser(),
            id_attribute="ID",
            expect_config=_configuration(certificate),
        )
    except (SignXMLException, InvalidSignature, ValueError, TypeError, etree.LxmlError):
        return None
    return result.signed_data if isinstance(result, VerifyResult) else None


def _configuration(certificate: str) -> SignatureConfiguration:
    return SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=frozenset(SignatureMethod(uri) for uri in _HASHES),
        digest_algorithms=frozenset(DigestAlgorithm(uri) for uri in _DIGESTS),
        ignore_ambiguous_key_info=True,
        verification_time=carrier(certificate).not_valid_before_utc,
    )


def _read_again(signed: bytes, root: etree._Element) -> etree._Element:
    message = parsing.parse(signed, etree.QName(root).localname)
    if dict(message.items()) != dict(root.items()):
        raise Mismatch("the signature to cover the message", message.get("ID"))
    return message


def _no_key(certificates: Sequence[str]) -> Mismatch:
    return Mismatch(
        "a signature by a registered key", f"none of {len(certificates)} registered keys verifies it"
    )
