"""Checkpoints that survive a kill at any instant.

A checkpoint is a folder `checkpoint-<step>`, written under a temporary name; its manifest (names,
sizes, SHA-256) comes last, then the folder is renamed. S3 copies files, not folders: a checkpoint
counts only where every file of its manifest verifies. The last good one is never deleted.
"""

import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training_job.directories import JobFailed

log = logging.getLogger(__name__)
MANIFEST = "manifest.json"
UNFINISHED = "unfinished-"
_NAME = re.compile(r"checkpoint-(\d+)")


class CheckpointRefused(Exception):
    """A checkpoint cannot be trusted; the message says why."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that verified: its folder, its step and the run that it belongs to."""

    folder: Path
    step: int
    identity: dict[str, Any]


class CheckpointStore:
    """The checkpoints of one run in one folder."""

    def __init__(self, folder: Path, identity: Mapping[str, Any], keep: int) -> None:
        self._folder = folder
        self._identity = json.loads(json.dumps(identity))  # as a manifest gives it back
        self._keep = keep

    def open(self) -> None:
        """Make sure that checkpoints can be written, before any work is done."""
        probe = self._folder / f"{UNFINISHED}probe"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"x")
        except OSError as error:
            raise JobFailed(
                f"Checkpoints cannot be written to {self._folder} ({error.strerror}). Give the job "
                "a folder that it may write to, with room for some checkpoints."
            ) from error
        finally:
            with suppress(OSError):
                probe.unlink(missing_ok=True)

    def newest(self) -> Checkpoint | None:
        """The newest checkpoint that verifies; those that do not are named in the log and kept.

        Raises JobFailed if it belongs to another run or to other settings.
        """
        for step, folder in sorted(self._found(), reverse=True):
            try:
                checkpoint = examine(folder, step)
            except CheckpointRefused as refusal:
                log.warning("%s is not used: %s", folder.name, refusal)
                continue
            if differences := _differences(checkpoint.identity, self._identity):
                raise JobFailed(
                    f"{folder.name} belongs to another run: {'; '.join(differences)}. Go on with "
                    "the settings and data of that run, or give this one a checkpoint folder of "
                    "its own. Nothing was changed."
                )
            return checkpoint
        return None

    def begin(self, step: int) -> Path:
        """An empty temporary folder for a checkpoint."""
        for left in self._folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = self._folder / f"{UNFINISHED}{step}"
        folder.mkdir()
        return folder

    def finish(self, unfinished: Path, step: int) -> Path:
        """Seal what lies in the temporary folder, give it its name, delete what is too old."""
        seal(unfinished, step, self._identity)
        final = self._folder / f"checkpoint-{step}"
        if final.exists():  # damaged, or this process would have resumed from it
            final.rename(self._folder / f"{UNFINISHED}replaced-{step}")
        os.replace(unfinished, final)
        _sync(self._folder)
        self._prune(step)
        return final

    def abandon(self, unfinished: Path) -> None:
        shutil.rmtree(unfinished, ignore_errors=True)

    def _found(self) -> Iterator[tuple[int, Path]]:
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if (match := _NAME.fullmatch(folder.name)) and folder.is_dir():
                yield int(match[1]), folder

    def _prune(self, newest: int) -> None:
        """Delete the oldest; what verifies and the one just written stay, up to the limit."""
        sound = [newest]
        for step, folder in sorted(self._found(), reverse=True):
            if step == newest:
                continue
            if step < newest and len(sound) < self._keep and _is_whole(folder):
                sound.append(step)
            elif step < newest:
                shutil.rmtree(folder, ignore_errors=True)


def seal(folder: Path, step: int, identity: Mapping[str, Any]) -> None:
    """Write the manifest of a folder, after everything else is safe on disk."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            files[path.relative_to(folder).as_posix()] = {
                "size": path.stat().st_size,
                "sha256": file_hash(path),
            }
            _sync(path)
    body = {"step": step, "identity": dict(identity), "files": files}
    body["sha256"] = _body_hash(body)
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(body, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    _sync(folder)


def examine(folder: Path, step: int) -> Checkpoint:
    """The checkpoint in a folder, or CheckpointRefused with what is wrong with it."""
    body = _read_manifest(folder)
    if body["step"] != step:
        raise CheckpointRefused(f"its manifest is that of step {body['step']}.")
    for name, facts in body["files"].items():
        path = folder / name
        if not path.is_file():
            raise CheckpointRefused(f"{name} is missing.")
        try:
            size, digest = path.stat().st_size, None
            if size == facts["size"]:
                digest = file_hash(path)
        except OSError as error:
            raise CheckpointRefused(f"{name} cannot be read ({error.strerror}).") from error
        if digest is None:
            raise CheckpointRefused(f"{name} has {size} bytes instead of {facts['size']}.")
        if digest != facts["sha256"]:
            raise CheckpointRefused(f"{name} is damaged (its hash differs).")
    return Checkpoint(folder, step, body["identity"])


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        body = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        given = body.pop("sha256")
        whole = given == _body_hash(body) and body["files"] and {"step", "identity"} <= set(body)
    except FileNotFoundError:
        raise CheckpointRefused("its manifest is missing; it was not finished.") from None
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise CheckpointRefused(f"its manifest cannot be read ({error}).") from error
    if not whole:
        raise CheckpointRefused("its manifest is damaged.")
    return dict(body)


def _is_whole(folder: Path) -> bool:
    """Whether a checkpoint's files are all there, by size: a quick look before deleting others."""
    try:
        files = _read_manifest(folder)["files"]
        return all((folder / name).stat().st_size == facts["size"] for name, facts in files.items())
    except (CheckpointRefused, OSError):
        return False


def _differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    names = [name for name in {**theirs, **ours} if theirs.get(name) != ours.get(name)]
    return [f"{name} was {theirs.get(name)!r} and is now {ours.get(name)!r}" for name in names]


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _body_hash(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _sync(path: Path) -> None:
    """Let the disk have what was written."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
