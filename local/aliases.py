"""Points aliases of functions at what was last deployed, since on one machine there is one version and no way back.

On AWS an alias leads to a published version, whose settings are frozen. Here settings can be changed while a stack is
up, and callers reach the function by the alias that they name on AWS, too.
"""

from collections.abc import Mapping
from typing import Any

Resource = dict[str, Any]

LATEST = "$LATEST"


def with_latest_versions(resources: Mapping[str, Resource]) -> dict[str, Resource]:
    """Return `resources` without published versions, and with every alias at the function's latest code."""
    return {
        name: _at_latest(resource)
        for name, resource in resources.items()
        if resource["Type"] != "AWS::Lambda::Version"
    }


def _at_latest(resource: Resource) -> Resource:
    if resource["Type"] != "AWS::Lambda::Alias":
        return resource
    return {**resource, "Properties": {**resource["Properties"], "FunctionVersion": LATEST}}
