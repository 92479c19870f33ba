"""A secret that lives in the memory of one call and in no sink (S41)."""

import hmac
from typing import Never, SupportsIndex

_HIDDEN = "Secret(hidden)"


class Secret:
    """A string that is shown, formatted and logged as a fixed text, cannot be pickled, copied or turned into JSON.

    Two secrets compare in constant time. `reveal` is the only way to the value.
    """

    __slots__ = ("__value",)
    __hash__ = None  # type: ignore[assignment]  # a hash in a dict or a set would tell equal secrets apart

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """Return the value, for the one place that sends it."""
        return self.__value

    def hide_in(self, text: str) -> str:
        """Return the text without the value, should another service have echoed it."""
        return text.replace(self.__value, "(hidden)") if self.__value else text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.reveal().encode())

    def __repr__(self) -> str:
        return _HIDDEN

    def __format__(self, specification: str) -> str:
        return _HIDDEN

    def __reduce_ex__(self, protocol: SupportsIndex) -> Never:
        raise TypeError("a secret is not serialised")
