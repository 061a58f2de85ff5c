"""The folder of prepared data: it appears whole, or not at all, and replaces only its like."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from training_job.fingerprint_file import UNSORTED

TRAIN, VALID, TEST = "train.jsonl", "valid.jsonl", "test.jsonl"
HELD_OUT, FINGERPRINTS, DATA, SAMPLES = (
    "held_out.jsonl", "fingerprints", "data.json", "samples.html",
)  # fmt: skip
FILES = frozenset({TRAIN, VALID, TEST, HELD_OUT, FINGERPRINTS, DATA, SAMPLES})
STAGED, VALID_RUNS, TEST_RUNS = "songs.staged", "valid.runs", "test.runs"  # gone at the end
_UNFINISHED = FILES | {STAGED, VALID_RUNS, TEST_RUNS}


class FolderRefused(Exception):
    """Data cannot be written where it was asked for; the message has the remedy."""


@contextmanager
def prepared_folder(out: Path) -> Iterator[Path]:
    """A folder to write to, which takes the place of `out` at the end if all went well."""
    _refuse_others(out)
    unfinished = out.with_name(out.name + ".unfinished")
    unfinished.mkdir(parents=True, exist_ok=True)
    handle = os.open(unfinished, os.O_RDONLY)
    try:
        _lock(handle, unfinished)
        _clear(unfinished)
        try:
            yield unfinished
            _take_place(unfinished, out)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    finally:
        os.close(handle)


def _refuse_others(out: Path) -> None:
    if out.is_dir():
        others = sorted({path.name for path in out.iterdir()} - FILES)
        if others or (any(out.iterdir()) and not _is_ours(out)):
            what = f"has {others[0]!r} in it" if others else f"has no {DATA} of ours"
            raise FolderRefused(
                f"{out} {what}, so it is no folder of prepared data. Name another folder with "
                "--out, or remove this one."
            )
    elif out.exists() or out.is_symlink():
        raise FolderRefused(f"{out} is no folder. Name another with --out.")


def _is_ours(folder: Path) -> bool:
    try:
        told = json.loads((folder / DATA).read_text(encoding="utf-8"))
        return isinstance(told, dict) and "prompt_version" in told
    except (OSError, ValueError):
        return False


def _lock(handle: int, unfinished: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderRefused(
            f"Another run is preparing data in {unfinished}. Wait for it, or name another --out."
        ) from None


def _clear(folder: Path) -> None:
    """Remove what an earlier run left when it was killed."""
    for path in folder.iterdir():
        if path.name.removesuffix(UNSORTED) not in _UNFINISHED:
            raise FolderRefused(
                f"{folder} is where data are written before they are whole, and {path.name!r} in "
                "it is not ours. Move it, or name another --out."
            )
        path.unlink()


def _take_place(unfinished: Path, out: Path) -> None:
    _refuse_others(out)  # it may have appeared meanwhile
    for name in (STAGED, VALID_RUNS, TEST_RUNS):
        (unfinished / name).unlink(missing_ok=True)
    if out.exists():
        old = out.with_name(f"{out.name}.replaced-{os.getpid()}")
        out.rename(old)
        unfinished.rename(out)
        shutil.rmtree(old)
    else:
        unfinished.rename(out)
