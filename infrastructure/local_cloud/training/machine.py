"""The machine of one attempt: a folder for /opt/ml and the processes that train in it."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from infrastructure.local_cloud.log_sink import LogSink
from infrastructure.local_cloud.settings import ROOT
from infrastructure.local_cloud.tether import spawn


class Machine:
    """A process and all its children; safe to end from any thread."""

    def __init__(self, base: Path, command: list[str], sink: LogSink) -> None:
        self.base = base
        self.killed = False
        self._command = command
        self._sink = sink
        self._process: subprocess.Popen[bytes] | None = None
        self._follower: threading.Thread | None = None
        self._began = self._ended = 0.0
        self._kill_at = float("inf")

    def start(self, environment: Mapping[str, str]) -> None:
        self._process = spawn(
            self._command,
            env={
                **os.environ,
                **environment,
                "SAGEMAKER_BASE_DIR": str(self.base),
                "PYTHONUNBUFFERED": "1",
            },
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            watched=True,  # it may have children of its own: torchrun has
        )
        self._began = time.monotonic()
        if self._process.stdout:
            self._follower = self._sink.follow(self._process.stdout)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def seconds(self) -> float:
        """How long the process has run."""
        return (self._ended or time.monotonic()) - self._began if self._process else 0.0

    @property
    def exit_code(self) -> int | None:
        """As a shell shows it, 128 + n after signal n; None if nothing has ended here."""
        code = self._process.poll() if self._process else None
        return 128 - code if code is not None and code < 0 else code

    def wait(self, seconds: float) -> None:
        """Until the process ends, but no longer than so; kill it when its time is up."""
        if self._process is None:
            return
        try:
            left = self._kill_at - time.monotonic()
            self._process.wait(max(0.0, min(seconds, left)))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= self._kill_at:
                self.kill()

    def terminate(self, stop_seconds: float) -> None:
        """SIGTERM, once; `wait` sends SIGKILL when the stop time is over."""
        if self._process is None or self.killed:
            return
        if self._kill_at == float("inf"):
            self._process.terminate()
        self._kill_at = min(self._kill_at, time.monotonic() + stop_seconds)

    def kill(self) -> None:
        """SIGKILL to the process and its children."""
        self.killed = True
        self._kill_at = float("inf")
        self._end_group()

    def close(self) -> None:
        """End what is left of the group, as a container's end does, and hear its last words."""
        if self._process is None or self._ended:
            return
        self._end_group()
        self._process.wait()
        self._ended = time.monotonic()
        if self._follower:
            self._follower.join(2)

    def remove(self) -> None:
        self.close()
        shutil.rmtree(self.base, ignore_errors=True)

    def _end_group(self) -> None:
        if self._process and not self._ended:  # later the number may be another process's
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # macOS says the latter of a zombie
                return
