"""The console's modules in Node: what an expression over their exports comes to, as JSON."""

import json
import subprocess
from typing import Any

from tests.template import ROOT

PAGE = ROOT / "functions" / "console" / "page"
NODE = ROOT / ".venv" / "bin" / "node"


def evaluate(module: str, expression: str) -> Any:
    """Return the value of a JavaScript expression in which the module's exports are the members of `it`."""
    script = (
        f'import * as it from "{(PAGE / module).as_uri()}";\n'
        f"const value = await ({expression});\nprocess.stdout.write(JSON.stringify(value ?? null));"
    )
    done = subprocess.run(
        [NODE, "--no-warnings", "--input-type=module", "-e", script],
        capture_output=True,
        text=True,
        env={"TZ": "Europe/Lisbon"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
