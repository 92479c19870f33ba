"""Writes docs/openapi.json and docs/api-reference.html: `python -m docs.openapi.write`."""

import json
from pathlib import Path
from typing import Final

from docs.openapi.document import document
from docs.openapi.page import page

DOCS: Final = Path(__file__).parents[1]


def files() -> dict[Path, str]:
    """Return what each file is to hold."""
    made = document()
    return {
        DOCS / "openapi.json": json.dumps(made, indent=1, ensure_ascii=False) + "\n",
        DOCS / "api-reference.html": page(made),
    }


if __name__ == "__main__":
    for path, content in files().items():
        path.write_text(content)
