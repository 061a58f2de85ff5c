"""The rule that fires every minute and runs the reconciler, as EventBridge does on AWS."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from infrastructure.local_cloud.settings import ROOT
from infrastructure.local_cloud.tether import spawn

log = logging.getLogger(__name__)
LONGEST_RUN = 50  # seconds
RECONCILE = (sys.executable, "-m", "webapp", "reconcile")
_ANY_KEY = "local"  # the local cloud checks no keys


class MinuteRule:
    """Runs a command again and again, never twice at once."""

    def __init__(
        self, seconds: float, env: Mapping[str, str], command: Sequence[str] = RECONCILE
    ) -> None:
        self._seconds = seconds
        self._env = env
        self._command = command
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._fire, name="minute rule", daemon=True)

    def start(self) -> None:
        if self._seconds > 0:
            self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(LONGEST_RUN)

    def _fire(self) -> None:
        wait = 0.0
        while not self._ending.wait(wait):
            self._run()
            wait = self._seconds

    def _run(self) -> None:
        process = spawn(
            self._command,
            env=self._env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            said, _ = process.communicate(timeout=LONGEST_RUN)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
            log.warning("The reconciler ran longer than %s s and was ended.", LONGEST_RUN)
        if process.returncode and not self._ending.is_set():
            log.warning("The reconciler failed: %s", said.decode("utf-8", "replace").strip())


def rule_env(address: str) -> dict[str, Any]:
    """The reconciler's environment: this process's, led to the local cloud."""
    return {
        **os.environ,
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": _ANY_KEY,
        "AWS_SECRET_ACCESS_KEY": _ANY_KEY,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
