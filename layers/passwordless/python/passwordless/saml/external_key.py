"""An RSA private key that lives elsewhere, such as in KMS, in the shape that `cryptography` and signxml take."""

from collections.abc import Callable
from typing import NoReturn, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo, Prehashed
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    KeySerializationEncryption,
    PrivateFormat,
)

from passwordless.errors import Unavailable


class ExternalRsaKey(rsa.RSAPrivateKey):
    """Signs by calling `sign` with the whole message; RSA PKCS #1 v1.5 with SHA-256 and nothing else.

    Each signature is verified with the public key before it is handed on, so that a fault elsewhere never leaves
    this process as a broken or foreign signature.
    """

    def __init__(self, public_key: rsa.RSAPublicKey, sign: Callable[[bytes], bytes]) -> None:
        self._public_key = public_key
        self._sign = sign

    @property
    def key_size(self) -> int:
        """Return the length of the modulus in bits."""
        return self._public_key.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        """Return the public half."""
        return self._public_key

    def sign(
        self,
        data: bytes,
        padding: AsymmetricPadding,
        algorithm: Prehashed | HashAlgorithm | NoDigestInfo,
    ) -> bytes:
        """Return a signature over `data` that verifies.

        Raises ValueError for another padding or hash, Unavailable `signing_failed` when what came back is not this
        key's signature, and whatever the given `sign` raises.
        """
        if not isinstance(padding, PKCS1v15) or not isinstance(algorithm, SHA256):
            raise ValueError("this key signs with PKCS #1 v1.5 and SHA-256 only")  # noqa: TRY004  not a caller's type
        signature = self._sign(data)
        try:
            self._public_key.verify(signature, data, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise Unavailable(
                "signing_failed",
                "The answer could not be signed.",
                guidance="Try again in a moment.",
                private="the signature does not verify with the key's public half",
                retry_after=2,
            ) from None
        return signature

    def decrypt(self, ciphertext: bytes, padding: AsymmetricPadding) -> NoReturn:
        """Raise NotImplementedError: the key only signs."""
        raise NotImplementedError("an external key only signs")

    def private_numbers(self) -> NoReturn:
        """Raise NotImplementedError: the key never leaves its place."""
        raise NotImplementedError("an external key cannot be exported")

    def private_bytes(
        self,
        encoding: Encoding,
        format: PrivateFormat,  # noqa: A002  the name that the base class gave it
        encryption_algorithm: KeySerializationEncryption,
    ) -> NoReturn:
        """Raise NotImplementedError: the key never leaves its place."""
        raise NotImplementedError("an external key cannot be exported")

    def __copy__(self) -> Self:
        """Return this key, which never changes."""
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Return this key, which never changes."""
        return self
