"""Downloads that go on where they were cut off and are checked by their hash."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from tqdm import tqdm

JSON_INDEX = "application/vnd.pypi.simple.v1+json"
_TRIES = 5
_BLOCK = 2**14


class DownloadFailed(Exception):
    """The file could not be fetched; the message has the remedy."""


def package_index(env: Mapping[str, str] = os.environ) -> str:
    """The index that pip uses on this machine."""
    if env.get("PIP_INDEX_URL"):
        return env["PIP_INDEX_URL"]
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "https://pypi.org/simple"


def find_file(index: str, project: str, filename: str) -> str:
    """The address of a package's file, from an index in JSON (PEP 691) or HTML (PEP 503)."""
    page = f"{index.rstrip('/')}/{project}/"
    accept = {"Accept": f"{JSON_INDEX}, text/html;q=0.5"}
    try:
        answer = requests.get(page, headers=accept, timeout=30)
        answer.raise_for_status()
        if "json" in answer.headers.get("Content-Type", ""):
            links = [str(file["url"]) for file in answer.json()["files"]]
        else:
            links = _Links.of(answer.text)
    except (requests.RequestException, ValueError, KeyError) as error:
        raise DownloadFailed(
            f"The package index {index} cannot be used ({_short(error)}). Check the network, "
            "or name another index in PIP_INDEX_URL."
        ) from error
    for link in links:
        if urlsplit(link).path.endswith(f"/{filename}"):
            return urljoin(page, link)
    raise DownloadFailed(f"{page} does not offer {filename}. Use an index that mirrors PyPI.")


class _Links(HTMLParser):
    """Collects the targets of links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, text: str) -> list[str]:
        parser = cls()
        parser.feed(text)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "href" and value]


def download(url: str, path: Path, size: int, sha256: str) -> None:
    """Fetch a file, from where an earlier try ended; raises DownloadFailed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(path.parent).free
    if free < size * 1.1:
        raise DownloadFailed(
            f"{path.parent} has {free // 10**6} MB left and {size // 10**6} MB are needed. "
            "Make room, or name another folder in DEEP_HOP_CACHE."
        )
    part = path.with_name(path.name + ".part")
    _fetch(url, part, size, path.name)
    if _hash(part) != sha256:
        part.unlink()  # what is wrong somewhere cannot be continued
        _fetch(url, part, size, path.name)
    if _hash(part) != sha256:
        part.unlink()
        raise DownloadFailed(
            f"{url} is not the file that was checked (its SHA-256 differs). Use another index."
        )
    os.replace(part, path)


def _fetch(url: str, part: Path, size: int, name: str) -> None:
    error: Exception = OSError("it ended early")
    with tqdm(total=size, unit="B", unit_scale=True, desc=name) as bar:
        for _ in range(_TRIES):
            try:
                _continue(url, part, size, bar)
            except (requests.RequestException, OSError) as problem:
                error = problem
            if part.exists() and part.stat().st_size >= size:
                return
    raise DownloadFailed(
        f"{url} cannot be fetched ({_short(error)}). Run the command again: it goes on from there."
    )


def _continue(url: str, part: Path, size: int, bar: Any) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have >= size:
        part.unlink()  # longer than it should be
        have = 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with contextlib.closing(requests.get(url, headers=headers, stream=True, timeout=30)) as answer:
        answer.raise_for_status()
        mode = "ab" if answer.status_code == 206 else "wb"
        bar.n = have if mode == "ab" else 0
        with part.open(mode) as file:
            for block in answer.iter_content(_BLOCK):
                file.write(block)
                bar.update(len(block))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:120]}"
