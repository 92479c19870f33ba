"""What the administrators' operations share: codes that any of them can answer, paging."""

from typing import Final

from docs.openapi.operation import TOKEN, query
from docs.openapi.schema import text, whole
from passwordless.administration.paging import DEFAULT_LIMIT, MAX_LIMIT

ALWAYS: Final = (*TOKEN, "internal_error", "store_unavailable")
BODY: Final = ("malformed_json", "body_too_large", "invalid_field")
PAGED: Final = ("invalid_limit", "invalid_page_token", "invalid_query")

LIMIT: Final = query(
    "limit", whole(1, MAX_LIMIT, default=DEFAULT_LIMIT), "How many at most; the last page has fewer."
)
PAGE_TOKEN: Final = query(
    "page_token",
    text(pattern="^[A-Za-z0-9_-]{0,400}$"),
    "The `next_page_token` of the page before; good for the list that it came from only. Empty: the first page.",
)
NEXT_PAGE: Final = text(pattern="^[A-Za-z0-9_-]{1,400}$", description="Absent at the end.")
