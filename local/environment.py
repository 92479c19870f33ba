"""The environment of what we start: nothing of the caller's but where programs are, so no AWS account can leak in."""

from collections.abc import Mapping
from pathlib import Path

INHERITED = frozenset({"PATH", "LANG", "LC_ALL", "TZ"})
REGION = "us-east-1"


def scrubbed(outside: Mapping[str, str], home: Path) -> dict[str, str]:
    """Return an environment for a child process: `outside` reduced to INHERITED, with `home` for files of its own.

    Whatever is left out cannot be used: AWS credentials, profiles and endpoints, proxies, Python and Node options.
    """
    return {name: value for name, value in outside.items() if name in INHERITED} | {
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "NO_PROXY": "*",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": REGION,
    }
