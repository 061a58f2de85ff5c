"""A folder's files: their content's name, and their way into the bucket."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from tqdm import tqdm

from bars.checksums import CHECKSUMS, checksums_of

BASE, ADAPTER = ("base",), ("adapter", "run.json", "fingerprints")


@dataclass(frozen=True)
class ModelFiles:
    """The files of one model, or of what it is made from; `version` is their content's name.

    `texts` are files that lie nowhere but in the bucket.
    """

    paths: dict[str, Path]  # by their names in the bucket, with slashes
    version: str
    place: str = "models"
    texts: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Bytes by name."""
        on_disk = {name: path.stat().st_size for name, path in self.paths.items()}
        return on_disk | {name: len(text) for name, text in self.texts.items()}

    @property
    def prefix(self) -> str:
        """Where they lie in the bucket; S3 wants a prefix to end in a slash."""
        return f"{self.place}/{self.version}/"


def read_model_files(folder: Path, adapter: Path | None = None) -> ModelFiles:
    """Hash every file that ships; the adapter and its run.json may lie in a folder of their own.

    The list of their checksums, by which a container knows damaged ones, goes along.
    """
    found = _hashed(_named(folder, BASE) | _named(adapter or folder, ADAPTER))
    return replace(found, texts={CHECKSUMS: checksums_of(found.paths).encode()})


def read_files(folder: Path, files: Iterable[Path], place: str = "models") -> ModelFiles:
    """Hash some files of a folder; `place` is where they belong in the bucket."""
    return _hashed({path.relative_to(folder).as_posix(): path for path in files}, place)


def _named(folder: Path, names: Iterable[str]) -> dict[str, Path]:
    found = (path for name in names for path in files_below(folder / name))
    return {path.relative_to(folder).as_posix(): path for path in found}


def _hashed(paths: dict[str, Path], place: str = "models") -> ModelFiles:
    digest = hashlib.sha256()
    for name in tqdm(sorted(paths), "Reading", leave=False, disable=None):  # on a terminal only
        with paths[name].open("rb") as file:
            digest.update(f"{name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return ModelFiles(paths, digest.hexdigest()[:16], place)


def files_below(path: Path) -> list[Path]:
    return [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]


def missing_from(s3: Any, bucket: str, model: ModelFiles) -> list[str]:
    """The files that the bucket does not hold in full."""
    there: dict[str, int] = {}
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=model.prefix
        ):
            there |= {item["Key"]: item["Size"] for item in page.get("Contents", [])}
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
    return [n for n, size in sorted(model.sizes.items()) if there.get(model.prefix + n) != size]


def upload(
    s3: Any, bucket: str, model: ModelFiles, names: list[str], what: str = "the model"
) -> None:
    """Send files to the bucket, in parallel parts, with a progress bar."""
    total = sum(model.sizes[name] for name in names)
    with tqdm(total=total, unit="B", unit_scale=True, desc=f"Uploading {what}") as bar:
        for name in names:
            key = model.prefix + name
            if name in model.texts:
                s3.put_object(Bucket=bucket, Key=key, Body=model.texts[name])
                bar.update(model.sizes[name])
            else:
                s3.upload_file(str(model.paths[name]), bucket, key, Callback=bar.update)
