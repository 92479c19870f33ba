"""Deploys the built template to MiniStack: SAM transform, zips to S3, create the stack, wait, say what failed."""

import json
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import yaml

from local.aliases import with_latest_versions
from local.http_api import expand_http_apis, with_api_id
from local.packaging import Artefact, Template, package, zip_folder

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

BUCKET = "artefacts"
TEMPLATE_KEY = "template.json"
CREATE_SECONDS = 120.0


class DeploymentFailed(Exception):
    """Raised when the transform or the creation of the stack fails; the message names resources and reasons."""


@dataclass(frozen=True, slots=True)
class Deployable:
    """A CloudFormation template that MiniStack understands, and the folders that it refers to."""

    template: Template
    parameters: dict[str, str]
    artefacts: list[Artefact]


def prepare(
    build_dir: Path,
    tools_python: Path,
    environment: Mapping[str, str],
    parameters: dict[str, str],
    api_id: str,
) -> Deployable:
    """Return what `sam build` left in `build_dir`, ready to deploy with the HTTP API's id given; no AWS call."""
    built = yaml.safe_load((build_dir / "template.yaml").read_text())
    if unknown := parameters.keys() - built["Parameters"].keys():
        raise DeploymentFailed(f"the template has no parameter {sorted(unknown)}")
    packaged, artefacts = package(built, build_dir, BUCKET)
    template = _translate(packaged, parameters, tools_python, environment)
    resources = with_latest_versions(expand_http_apis(template["Resources"]))
    template["Resources"] = with_api_id(resources, api_id)
    return Deployable(template, parameters, artefacts)


def deploy(aws: boto3.Session, stack_name: str, deployable: Deployable) -> dict[str, str]:
    """Create the stack and return its physical resource ids by logical id; raises DeploymentFailed."""
    _upload(aws, deployable)
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(
        StackName=stack_name,
        TemplateURL=f"https://s3.amazonaws.com/{BUCKET}/{TEMPLATE_KEY}",
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value} for name, value in deployable.parameters.items()
        ],
        Capabilities=["CAPABILITY_IAM"],
        OnFailure="DO_NOTHING",
    )
    _await_creation(cloudformation, stack_name)
    found = cloudformation.describe_stack_resources(StackName=stack_name)["StackResources"]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}


def _translate(
    template: Template, parameters: dict[str, str], tools_python: Path, environment: Mapping[str, str]
) -> Template:
    script = Path(__file__).with_name("sam_translate.py")
    outcome = subprocess.run(
        [str(tools_python), "-P", str(script)],
        input=json.dumps({"template": template, "parameters": parameters}),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if outcome.returncode != 0:
        raise DeploymentFailed(f"the SAM transform failed:\n{outcome.stderr}")
    translated: Template = json.loads(outcome.stdout)
    return translated


def _upload(aws: boto3.Session, deployable: Deployable) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for artefact in deployable.artefacts:
        s3.put_object(Bucket=BUCKET, Key=artefact.key, Body=zip_folder(artefact.folder))
    s3.put_object(Bucket=BUCKET, Key=TEMPLATE_KEY, Body=json.dumps(deployable.template).encode())


def _await_creation(cloudformation: "CloudFormationClient", stack_name: str) -> None:
    deadline = time.monotonic() + CREATE_SECONDS
    while time.monotonic() < deadline:
        status = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]["StackStatus"]
        if status == "CREATE_COMPLETE":
            return
        if not status.endswith("_IN_PROGRESS"):
            break
        time.sleep(0.1)
    events = cloudformation.describe_stack_events(StackName=stack_name)["StackEvents"]
    raise DeploymentFailed(
        f"stack {stack_name} was not created:\n{failures([dict(event) for event in events])}"
    )


def failures(events: list[dict[str, Any]]) -> str:
    """Return the failed events of a stack, the first failure first, one a line."""
    failed = [event for event in reversed(events) if "FAILED" in event.get("ResourceStatus", "")]
    return "\n".join(_line(event) for event in failed)


def _line(event: dict[str, Any]) -> str:
    reason = event.get("ResourceStatusReason", "no reason given")
    return f"  {event['LogicalResourceId']} ({event['ResourceType']}): {reason}"
