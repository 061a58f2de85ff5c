"""One container: a process that serves a model on a port of the loopback interface."""

import http.client
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

from infrastructure.local_cloud.log_sink import LogSink
from infrastructure.local_cloud.settings import ROOT
from infrastructure.local_cloud.tether import spawn

PING_SECONDS = 2


class Container:
    """A model directory and the process that serves it, started again on a fresh port each time."""

    def __init__(
        self,
        command: list[str],
        base: Path,
        environment: Mapping[str, str],
        sink: LogSink,
        stop_seconds: float,
    ) -> None:
        self._command = command
        self._base = base
        self._environment = environment
        self._sink = sink
        self._stop_seconds = stop_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._follower: threading.Thread | None = None
        self.port = 0

    def start(self) -> None:
        self.port = free_port()
        self._process = spawn(
            self._command,
            env={
                **os.environ,
                **self._environment,
                "SAGEMAKER_BASE_DIR": str(self._base),
                "SAGEMAKER_BIND_TO_PORT": str(self.port),
                "DEEP_HOP_BIND_HOST": "127.0.0.1",
                "PYTHONUNBUFFERED": "1",
            },
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if self._process.stdout:
            self._follower = self._sink.follow(self._process.stdout)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def answers(self) -> bool:
        """Whether /ping says 200 within SageMaker's two seconds."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PING_SECONDS)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """SIGTERM, SageMaker's 30 seconds, SIGKILL."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(self._stop_seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()
        if self._follower:
            self._follower.join(2)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._base, ignore_errors=True)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
