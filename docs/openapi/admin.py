"""What the administrators' operations share: codes that any of them can answer, paging, addresses."""

from typing import Final

from docs.openapi.operation import TOKEN, query
from docs.openapi.schema import text, whole
from passwordless.administration.paging import DEFAULT_LIMIT, MAX_LIMIT
from passwordless.model import email_addresses

ALWAYS: Final = (*TOKEN, "internal_error", "store_unavailable")
BODY: Final = ("malformed_json", "body_too_large", "invalid_field")
PAGED: Final = ("invalid_limit", "invalid_page_token", "invalid_query")

EMAIL: Final = text(
    pattern=f"^\\s*{email_addresses.ADDRESS.pattern.replace('a-z', 'A-Za-z')}\\s*$",
    examples=["ada@example.com"],
    description=f"An e-mail address of {email_addresses.MAX_LENGTH} characters at most; case does not matter.",
)
LIMIT: Final = query(
    "limit", whole(1, MAX_LIMIT, default=DEFAULT_LIMIT), "How many at most; the last page has fewer."
)
PAGE_TOKEN: Final = query(
    "page_token",
    text(pattern="^[A-Za-z0-9_-]{0,400}$"),
    "The `next_page_token` of the page before; good for the list that it came from only. Empty: the first page.",
)
NEXT_PAGE: Final = text(pattern="^[A-Za-z0-9_-]{1,400}$", description="Absent at the end.")
