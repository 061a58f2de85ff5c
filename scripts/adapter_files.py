"""The files that a training job has left in S3, and their way into a folder."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tqdm import tqdm

from scripts.target import Refused
from scripts.training_state import TrainingState

_OUTPUT = "output"  # where metrics.jsonl and loss.svg come to lie, beside the model's files


class FilesRefused(Refused):
    """The files cannot be brought; the message has the remedy."""


@dataclass(frozen=True)
class RemoteFile:
    """An object, and where it belongs in the folder."""

    bucket: str
    key: str
    size: int
    name: PurePosixPath


def files_of(s3: Any, state: TrainingState) -> list[RemoteFile]:
    """Everything that a job has made, its model whole or not at all."""
    model = _list(s3, state.model, PurePosixPath())
    if not any(str(file.name) == "run.json" for file in model):
        raise FilesRefused(
            f"{state.name} ({state.status}) has left no adapter in {state.model}. An adapter is "
            "written at the end of a job; go on with one that was stopped with --resume."
        )
    return model + _list(s3, state.output, PurePosixPath(_OUTPUT))


def _list(s3: Any, uri: str, below: PurePosixPath) -> list[RemoteFile]:
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    prefix = prefix.rstrip("/") + "/"
    files = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            name = below / item["Key"].removeprefix(prefix)
            if ".." in name.parts or name.is_absolute():
                raise FilesRefused(f"s3://{bucket}/{item['Key']} would lie outside the folder.")
            if not item["Key"].endswith("/"):
                files.append(RemoteFile(bucket, item["Key"], item["Size"], name))
    return files


def bring(s3: Any, files: list[RemoteFile], out: Path, job: str) -> None:
    """Fetch files into a folder that appears whole; what an earlier try has fetched is kept."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FilesRefused(f"{out} is there already. Name another folder with --out.")
    unfinished = out.with_name(f"{out.name}.{job}.unfinished")
    unfinished.mkdir(parents=True, exist_ok=True)
    _require_room(unfinished, sum(file.size for file in files if not _is_whole(unfinished, file)))
    total = sum(file.size for file in files)
    with tqdm(total=total, unit="B", unit_scale=True, desc="Fetching the adapter") as bar:
        for file in files:
            if _is_whole(unfinished, file):
                bar.update(file.size)
            else:
                _fetch(s3, file, unfinished / file.name, bar)
    wrong = [str(file.name) for file in files if not _is_whole(unfinished, file)]
    if wrong:
        raise FilesRefused(f"{', '.join(wrong)} did not come whole. Run the command again.")
    os.replace(unfinished, out)


def _fetch(s3: Any, file: RemoteFile, path: Path, bar: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    s3.download_file(file.bucket, file.key, str(part), Callback=bar.update)
    os.replace(part, path)


def _is_whole(folder: Path, file: RemoteFile) -> bool:
    path = folder / file.name
    return path.is_file() and path.stat().st_size == file.size


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise FilesRefused(
            f"{folder.parent} has {free // 10**6} MB left and {needed // 10**6} MB are needed. "
            "Make room, or name another --out."
        )
