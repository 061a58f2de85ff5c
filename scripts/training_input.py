"""What a training job reads: a folder, sent to the bucket under its content's name, or S3."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bars.prompt import LESSON_VERSION
from bars.run import Run, RunRefused
from scripts.model_files import ModelFiles, files_below, missing_from, read_files, upload
from scripts.target import Refused


class InputRefused(Refused):
    """A job cannot read this; the message has the remedy."""


@dataclass(frozen=True)
class TrainingInput:
    """One channel of a job; `files` are to be sent first, unless they are in S3 already."""

    what: str
    uri: str
    files: ModelFiles | None = None
    names: dict[str, str] = field(default_factory=dict)  # hyperparameters that it decides


def data_input(given: str, bucket: str) -> TrainingInput:
    """Prepared lessons."""
    if given.startswith("s3:"):
        return TrainingInput("the data", _prefix(given))
    folder = Path(given)
    try:
        version = json.loads((folder / "data.json").read_text(encoding="utf-8"))["prompt_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputRefused(
            f"{folder} holds no prepared data (data.json cannot be read: {_short(error)}). Make it "
            f"with `python -m scripts.prepare_data --songs FOLDER --out {folder}`."
        ) from error
    if version != LESSON_VERSION:
        raise InputRefused(
            f"{folder} was prepared for prompt version {version}, and this code trains version "
            f"{LESSON_VERSION}. Prepare it again."
        )
    if not (folder / "train.jsonl").is_file():
        raise InputRefused(f"{folder} has no train.jsonl. Prepare it again.")
    return _sent("the data", folder, "training/data", bucket)


def base_input(given: str, bucket: str) -> TrainingInput:
    """A base model: weights, config.json and tokenizer, or the model directory around them."""
    if given.startswith("s3:"):
        return TrainingInput("the base model", _prefix(given), names={"base_model": given})
    folder, names = Path(given), {"base_model": Path(given).resolve().name}
    if (folder / "run.json").is_file():
        try:
            run = Run.load(folder)
        except RunRefused as error:
            raise InputRefused(str(error)) from error
        folder, names = folder / "base", {"base_model": run.base_model, "revision": run.revision}
    missing = [name for name in ("config.json", "tokenizer_config.json", "*.safetensors")
               if not any(folder.glob(name))]  # fmt: skip
    if missing:
        raise InputRefused(
            f"{folder} holds no base model ({', '.join(missing)} missing). Name a folder that "
            "save_pretrained has written, model and tokenizer, with --base."
        )
    return _sent("the base model", folder, "training/base", bucket, names)


def _prefix(uri: str) -> str:
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not bucket or not prefix.strip("/"):
        raise InputRefused(f"{uri!r} is no S3 prefix; it must be like s3://bucket/folder/.")
    return uri.rstrip("/") + "/"


def _sent(
    what: str, folder: Path, place: str, bucket: str, names: dict[str, str] | None = None
) -> TrainingInput:
    visible = (
        path
        for path in files_below(folder)
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    files = read_files(folder, visible, place)
    return TrainingInput(what, f"s3://{bucket}/{files.prefix}", files, names or {})


def send_inputs(s3: Any, bucket: str, inputs: Iterable[TrainingInput]) -> None:
    """Bring to the bucket what it lacks; what is to be in S3 already must be there."""
    for each in inputs:
        if each.files is None:
            _require(s3, each)
        elif missing := missing_from(s3, bucket, each.files):
            upload(s3, bucket, each.files, missing, each.what)


def _require(s3: Any, given: TrainingInput) -> None:
    bucket, _, prefix = given.uri.removeprefix("s3://").partition("/")
    if not s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents"):
        raise InputRefused(f"Nothing lies under {given.uri}, where {given.what} should be.")


def _short(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else repr(error)[:100]
