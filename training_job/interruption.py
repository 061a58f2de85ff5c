"""SIGTERM, remembered until a moment at which the job can stop.

SageMaker sends it when a job is stopped, when its time is up and, as far as is known, before a
spot machine is taken away; 120 seconds later it kills.
"""

import signal
import time
from types import FrameType

ASKING = (signal.SIGTERM, signal.SIGINT)


class Interruption:
    """Whether the job was asked to end, and when (seconds of a monotonic clock)."""

    def __init__(self) -> None:
        self.since: float | None = None

    def listen(self) -> None:
        """Hear what comes from now on, and what a process that started this one held back."""
        for number in ASKING:
            signal.signal(number, self._hear)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKING)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self.since is None:
            self.since = time.monotonic()

    @property
    def asked(self) -> bool:
        return self.since is not None
