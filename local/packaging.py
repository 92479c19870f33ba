"""Turns what `sam build` left in its folder into zips, and a template that says where they are."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Template = dict[str, Any]

_SOURCES = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Artefact:
    """A built folder and the key of its zip in the bucket."""

    key: str
    folder: Path


def package(built: Mapping[str, Any], build_dir: Path, bucket: str) -> tuple[Template, list[Artefact]]:
    """Return the built template with every folder replaced by its place in `bucket`, and what must be put there."""
    template, artefacts = deepcopy(dict(built)), []
    for logical_id, properties, source in _sources(template):
        artefact = Artefact(f"{logical_id}.zip", build_dir / properties[source])
        properties[source] = {"Bucket": bucket, "Key": artefact.key}
        artefacts.append(artefact)
    return template, artefacts


def zip_folder(folder: Path) -> bytes:
    """Return `folder` as a zip: same files, same bytes, as `sam package` dates and orders them.

    Nothing is compressed: a cold worker of MiniStack unpacks its layers, which takes twice as long otherwise.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(file.relative_to(folder)), _EARLIEST)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())
    return buffer.getvalue()


def _sources(template: Template) -> Iterator[tuple[str, dict[str, Any], str]]:
    for logical_id, resource in template["Resources"].items():
        if source := _SOURCES.get(resource["Type"]):
            yield logical_id, resource["Properties"], source
