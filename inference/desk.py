"""The desk: verses are written one after the other, and only so many may wait.

One thread writes; the event loop takes requests in and hands events out.
"""

import asyncio
import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bars.events import Event, Failed, VerseWritten
from bars.verse import VerseRequest

log = logging.getLogger(__name__)
STOPPING = Failed(
    "stopping", "The model is being switched off.", "Ask again when the next demo is on."
)
BROKEN = Failed("failed", "This verse could not be written.", "Try again with other words.")
_FIRST_GUESS = 10.0  # seconds a verse takes, until one has been timed


class DeskFull(Exception):
    """Too many verses wait; `seconds` is when to ask again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many verses are waiting.")
        self.seconds = seconds


class Unwanted(Exception):
    """The verse is not wanted any more: its reader left, or the desk closes."""


class VerseWriter(Protocol):
    """What the desk needs of a writer."""

    def write(
        self,
        request: VerseRequest,
        request_id: str,
        tell: Callable[[Event], None],
        pulse: Callable[[], None],
    ) -> VerseWritten: ...


@dataclass(eq=False)
class Job:
    """One verse on its way; `events` ends with a verse or an error."""

    request: VerseRequest
    loop: asyncio.AbstractEventLoop
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)
    left: threading.Event = field(default_factory=threading.Event)

    def tell(self, event: Event) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.events.put_nowait, event)


class Desk:
    """Takes verse requests and has them written in their order."""

    def __init__(self, writer: VerseWriter, waiting: int, grace: float) -> None:
        self._writer = writer
        self._most_waiting = waiting
        self._grace = grace
        self._usual = _FIRST_GUESS
        self._jobs: deque[Job] = deque()  # the first is being written
        self._change = threading.Condition()
        self._closes_at = float("inf")
        threading.Thread(target=self._work, name="writer", daemon=True).start()

    def submit(self, request: VerseRequest) -> Job:
        """Put a request at the end of the queue, or raise DeskFull."""
        with self._change:
            if len(self._jobs) > self._most_waiting:
                raise DeskFull(self._seconds(len(self._jobs) - self._most_waiting))
            job = Job(request, asyncio.get_running_loop())
            self._jobs.append(job)
            self._change.notify()
        return job

    def place(self, job: Job) -> tuple[int, int]:
        """How many verses come before it, and the seconds that these will take."""
        with self._change:
            before = self._jobs.index(job) if job in self._jobs else 0
            return before, self._seconds(before)

    def leave(self, job: Job) -> None:
        """Its reader has gone: take it from the queue, or stop writing it."""
        job.left.set()
        with self._change:
            if job in self._jobs and self._jobs[0] is not job:
                self._jobs.remove(job)

    def close(self) -> None:
        """Tell all who wait that the desk closes; the verse at hand may take its grace."""
        with self._change:
            self._closes_at = time.monotonic() + self._grace
            while len(self._jobs) > 1:
                self._jobs.pop().tell(STOPPING)

    @property
    def closing(self) -> bool:
        return self._closes_at < float("inf")

    def _seconds(self, verses: int) -> int:
        return max(1, round(verses * self._usual)) if verses else 0

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: bool(self._jobs))
                job = self._jobs[0]
            try:
                self._write(job)
            finally:
                with self._change:
                    self._jobs.remove(job)

    def _write(self, job: Job) -> None:
        began = time.monotonic()
        try:
            told = self._writer.write(job.request, job.id, job.tell, lambda: self._pulse(job))
        except Unwanted:
            log.info("verse id=%s ended early", job.id)
            if not job.left.is_set():
                job.tell(STOPPING)
        except Exception:
            log.exception("verse id=%s failed", job.id)
            job.tell(BROKEN)
        else:
            seconds = time.monotonic() - began
            self._usual += (seconds - self._usual) / 4
            bars = job.request.bars
            log.info(
                "verse id=%s bars=%s seconds=%.1f tokens=%s", job.id, bars, seconds, told.tokens
            )

    def _pulse(self, job: Job) -> None:
        if job.left.is_set() or time.monotonic() > self._closes_at:
            raise Unwanted
