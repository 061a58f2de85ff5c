"""A container's output: into a file under logs/, and into CloudWatch Logs as on AWS."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

LARGEST = 5_000_000  # bytes of one log file; the one before it is kept
MOST_LINES_SENT = 2000  # CloudWatch's copy lives in memory


class LogSink:
    """Where the lines of one endpoint's or job's containers go; `read` sees every one of them."""

    def __init__(
        self,
        path: Path,
        send: Callable[[list[str], int], None],
        read: Callable[[str], None] = lambda line: None,
        most_sent: int = MOST_LINES_SENT,
    ) -> None:
        self._path = path
        self._send, self._read = send, read
        self._sent, self._most_sent = 0, most_sent
        path.parent.mkdir(parents=True, exist_ok=True)

    def follow(self, output: IO[bytes]) -> threading.Thread:
        """Copy lines until the output ends, on a thread of its own."""
        thread = threading.Thread(target=self._copy, args=(output,), daemon=True)
        thread.start()
        return thread

    def _copy(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self.write(line.decode("utf-8", "replace").rstrip())

    def write(self, line: str) -> None:
        self._read(line)
        if self._path.exists() and self._path.stat().st_size > LARGEST:
            self._path.replace(self._path.with_suffix(".log.1"))
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        if line and self._sent < self._most_sent:
            self._sent += 1
            self._send([line], int(time.time() * 1000))
