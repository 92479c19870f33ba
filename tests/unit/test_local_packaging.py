"""Zips of built folders, the template that names them, and what a failed deployment says."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from local.deploy import failures
from local.packaging import package, zip_folder

BUILT = {
    "Resources": {
        "PollFunction": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "PollFunction"}},
        "Layer": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "Layer"}},
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
    }
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page").mkdir()
    (tmp_path / "handler.py").write_text("pass\n")
    (tmp_path / "page" / "login.html").write_text("<p>")
    return tmp_path


def test_every_built_folder_is_named_in_the_bucket() -> None:
    template, artefacts = package(BUILT, Path("/build"), "artefacts")
    assert template["Resources"]["PollFunction"]["Properties"]["CodeUri"] == {
        "Bucket": "artefacts",
        "Key": "PollFunction.zip",
    }
    assert [(artefact.key, artefact.folder) for artefact in artefacts] == [
        ("PollFunction.zip", Path("/build/PollFunction")),
        ("Layer.zip", Path("/build/Layer")),
    ]


def test_packaging_leaves_the_built_template_alone() -> None:
    package(BUILT, Path("/build"), "artefacts")
    assert BUILT["Resources"]["Layer"]["Properties"] == {"ContentUri": "Layer"}


def test_a_zip_holds_every_file_readable_by_all(folder: Path) -> None:
    (folder / "handler.py").chmod(0o600)
    with zipfile.ZipFile(io.BytesIO(zip_folder(folder))) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert modes == {"handler.py": 0o644, "page/login.html": 0o644}


def test_a_zip_does_not_depend_on_dates(folder: Path) -> None:
    before = zip_folder(folder)
    os.utime(folder / "handler.py", (0, 0))
    assert zip_folder(folder) == before


def test_a_failure_names_the_resource_and_the_reason_first_cause_first() -> None:
    events = [
        {"LogicalResourceId": "stack", "ResourceType": "Stack", "ResourceStatus": "CREATE_FAILED"},
        {
            "LogicalResourceId": "PollRole",
            "ResourceType": "AWS::IAM::Role",
            "ResourceStatus": "CREATE_FAILED",
            "ResourceStatusReason": "MalformedPolicyDocument",
        },
        {"LogicalResourceId": "Table", "ResourceType": "Table", "ResourceStatus": "CREATE_COMPLETE"},
    ]
    assert failures(events) == (
        "  PollRole (AWS::IAM::Role): MalformedPolicyDocument\n  stack (Stack): no reason given"
    )
