"""The inference container as a process of ours, for commands that measure what it writes."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from bars.events import read_events
from bars.run import Run
from bars.verse import VerseRequest
from infrastructure.local_cloud.container import free_port
from infrastructure.local_cloud.tether import spawn
from scripts.cloud_process import stop_process

ROOT = Path(__file__).parent.parent
_LOADING_SECONDS = 600
_SILENCE = 300  # seconds without an event, after which a verse is given up
_STREAM = {"Accept": "application/x-ndjson"}


class ContainerFailed(Exception):
    """The container did not serve; the message says why."""


@dataclass(frozen=True)
class Container:
    """A container that answers."""

    address: str

    def write(self, request: VerseRequest) -> list[dict[str, Any]]:
        """Every event of a verse; waits while the container is full."""
        while True:
            answer = self._post(request)
            if answer.status_code != 429:
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        if answer.status_code != 200:
            raise ContainerFailed(f"The container refused a verse: {answer.text[:300]}")
        try:
            return list(read_events(answer.iter_content(None)))
        except requests.RequestException as error:
            raise ContainerFailed(f"The container's answer broke off ({error}).") from error

    def metrics(self) -> dict[str, float]:
        """What /metrics says: a number by name, for those without labels."""
        text = requests.get(f"{self.address}/metrics", timeout=10).text
        lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in lines if "{" not in name}

    def _post(self, request: VerseRequest) -> requests.Response:
        try:
            return requests.post(
                f"{self.address}/invocations", json=request.to_json(), headers=_STREAM,
                stream=True, timeout=(10, _SILENCE),
            )  # fmt: skip
        except requests.RequestException as error:
            raise ContainerFailed(f"The container does not answer ({error}).") from error


@contextmanager
def running_container(
    model: Path, adapter: Path | None, settings: Mapping[str, str]
) -> Iterator[Container]:
    """Serve a model directory, with the adapter of another one if given, for the time of a block.

    `settings` are the container's environment variables.
    """
    with laid_out(model, adapter) as folder:
        log = folder / "container.log"
        port = free_port()
        own = {"SAGEMAKER_BASE_DIR": str(folder), "SAGEMAKER_BIND_TO_PORT": str(port)}
        env = {**os.environ, "DEEP_HOP_BIND_HOST": "127.0.0.1", **own, **settings}
        with log.open("wb") as out:
            process = spawn(
                [sys.executable, "-m", "inference", "serve"], env=env, cwd=ROOT, stdout=out,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            container = Container(f"http://127.0.0.1:{port}")
            _wait(container, process, log)
            yield container
        finally:
            stop_process(process)


@contextmanager
def laid_out(model: Path, adapter: Path | None) -> Iterator[Path]:
    """A folder with model/ as the container finds it; the base is borrowed from one model
    directory, everything else from the adapter's if there is one."""
    with TemporaryDirectory(prefix="deep-hop-") as name:
        folder = Path(name) / "model"
        folder.mkdir()
        (folder / "base").symlink_to(model.resolve() / "base")
        if adapter is None:  # a base is spoken to as such, whatever its folder's adapter learned
            replace(Run.load(model), prompt_version=1, tasks=None).save(folder)
        for part in ("adapter", "fingerprints", "run.json"):
            if adapter and (adapter / part).exists():
                (folder / part).symlink_to(adapter.resolve() / part)
        yield Path(name)


def _wait(container: Container, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the model can answer."""
    deadline = time.monotonic() + _LOADING_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise ContainerFailed(f"The container ended: {said[-1] if said else 'no reason given'}")
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{container.address}/ping", timeout=2).status_code == 200:
                return
        time.sleep(0.2)
    raise ContainerFailed(f"The container was not ready within {_LOADING_SECONDS} s.")
