"""The console's page and files, which an administrator's browser asks for."""

from typing import Final

from docs.openapi.operation import PAGE, Answer, Operation
from docs.openapi.schema import text

TAG: Final = "Console"
_CACHING: Final = {"Cache-Control": text(1), "Vary": text(1)}

OPERATIONS: Final = (
    Operation(
        "GET /console",
        "openConsole",
        TAG,
        "The administrators' console",
        (
            Answer(200, "The console", text(1), media=PAGE),
            Answer(404, "A page that says how to get one: the deployment has none", text(1), media=PAGE),
        ),
        ("internal_error",),
        pages=True,
    ),
    Operation(
        "GET /console/{file}",
        "getConsoleFile",
        TAG,
        "The console's style or script, named after what is in it",
        (
            Answer(200, "The file", text(1), media="text/css", headers=_CACHING),
            Answer(200, "The file", text(1), media="text/javascript", headers=_CACHING),
        ),
        ("internal_error", "not_found"),
        pages=True,
    ),
)
"""Where a deployment is built without the console, the document leaves them out."""
