"""Pages of a list: how many entries, and where the next page starts, bound to the list that it was told for."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from passwordless.errors import Failure, Malformed
from passwordless.model.tokens import base64url, digest

DEFAULT_LIMIT = 50
MAX_LIMIT = 100
MAX_FIELDS = 20
_LIMIT = re.compile(r"[1-9][0-9]{0,2}")
_PAGE_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,400}")


def asked(query: str) -> tuple[int, Any]:
    """Return the query's `limit`, and what its `page_token` was packed from, None for the first page.

    What comes out of a token is checked by the list, which raises `not_of_this_list`. Raises Malformed `invalid_limit`,
    `invalid_query`.
    """
    fields = read(query)
    limit = fields.get("limit", str(DEFAULT_LIMIT))
    if not _LIMIT.fullmatch(limit) or int(limit) > MAX_LIMIT:
        raise Malformed("invalid_limit", f"limit must be a whole number from 1 to {MAX_LIMIT}.")
    token = fields.get("page_token")
    return int(limit), _unpacked(token) if token else None


def read(query: str) -> dict[str, str]:
    """Return the fields of a query, of each the last. Raises Malformed `invalid_query` for more than MAX_FIELDS."""
    try:
        fields = parse_qs(query, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise Malformed("invalid_query", f"The query may have {MAX_FIELDS} fields.") from None
    return {name: values[-1] for name, values in fields.items()}


def packed(place: list[str | int]) -> str:
    """Return the page token of a place in a list."""
    return base64url(json.dumps(place, separators=(",", ":")).encode())


def not_of_this_list() -> Failure:
    """Return the failure of a page token that was made for another list, or by somebody else."""
    return Malformed("invalid_page_token", "The page_token is not one of this list.")


def packed_of_tenant(following: Mapping[str, Any], tenant: str) -> str:
    """Return the page token of where a list of a tenant's rows, by their time of creation, goes on."""
    return packed([str(following["pk"]), int(following["created_at"]), digest(tenant)])


def start_of_tenant(place: Any, tenant: str) -> dict[str, Any]:
    """Return where such a page starts, always among the rows of the caller's tenant. Raises Malformed."""
    match place:
        case [str(pk), int(created_at), str(bound)] if (
            bound == digest(tenant) and 0 < len(pk) < 100 and _is_instant(created_at)
        ):
            return {"pk": pk, "created_at": created_at, "tenant": tenant}
        case _:
            raise not_of_this_list()


def _is_instant(value: int) -> bool:
    """Tell a number that a row can have from one that the database does not take."""
    return type(value) is int and 0 <= value < 1 << 40


def _unpacked(token: str) -> Any:
    if not _PAGE_TOKEN.fullmatch(token):
        raise not_of_this_list()
    try:
        place = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise not_of_this_list() from None
    if place is None:
        raise not_of_this_list()
    return place
