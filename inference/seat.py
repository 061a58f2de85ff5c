"""A verse that is being written: its task, and the work that the engine has to do for it next."""

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bars.events import BarWritten, Event, Failed, VerseWritten
from bars.plan import plan_verse
from bars.verse import VerseRequest
from inference.refusals import TextTooLong

if TYPE_CHECKING:  # they bring torch
    from inference.engine import Engine
    from inference.progress import Progress
    from inference.work import Task

log = logging.getLogger(__name__)
WRITTEN = "written"
_BROKEN = Failed("failed", "This verse could not be written.", "Try again with other words.")
_TOO_LONG = Failed(
    "too_long",
    "The verse is longer than the model can read.",
    "Ask with a shorter opening, or keep fewer bars.",
)


class VerseWriter(Protocol):
    """What the desk needs of a writer."""

    def write(
        self, request: VerseRequest, request_id: str, tell: Callable[[Event], None]
    ) -> "Task[VerseWritten]": ...


@dataclass(eq=False)
class Job:
    """One verse on its way; `events` ends with a verse or an error.

    `visitor` is who asks, `asked_at` when, by the monotonic clock; `before` counts the verses that
    had begun then and `arrival` those that had come, and `unwritten` the bars that are still to be
    written.
    """

    request: VerseRequest
    loop: asyncio.AbstractEventLoop
    visitor: str = ""
    before: int = 0
    arrival: int = 0
    asked_at: float = field(default_factory=time.monotonic)
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)
    left: threading.Event = field(default_factory=threading.Event)
    unwritten: int = field(init=False)
    ended: bool = False  # a verse or an error has been told

    def __post_init__(self) -> None:
        plans = plan_verse(self.request)[len(self.request.opening) :]
        self.unwritten = sum(plan.kept is None for plan in plans)

    def tell(self, event: Event) -> None:
        if isinstance(event, BarWritten) and event.attempts:
            self.unwritten = max(0, self.unwritten - 1)
        self.ended = self.ended or isinstance(event, VerseWritten | Failed)
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.events.put_nowait, event)


class Seat:
    """A job and its task; `progress` is what the engine has to do next, none at the end."""

    def __init__(self, job: Job, writer: VerseWriter, engine: "Engine") -> None:
        self.job, self._engine = job, engine
        self.progress: Progress | None = None
        self.end = ""  # how it ended
        self.seconds = 0.0
        self._began = time.monotonic()
        self._task = writer.write(job.request, job.id, job.tell)
        self._advance(None)

    def go_on(self) -> None:
        """Let the verse take the answer to its last work, if that is there."""
        if self.progress and self.progress.answered:
            self._advance(self.progress.answer)

    def stop(self, why: str, told: Failed | None = None) -> None:
        """Write no more of it."""
        log.info("verse id=%s ended early: %s", self.job.id, why)
        self._task.close()
        self.progress, self.end = None, why
        if told:
            self.job.tell(told)

    def _advance(self, answer: object) -> None:
        try:
            self.progress = self._engine.begin(self._task.send(answer))
            while self.progress.answered:
                self.progress = self._engine.begin(self._task.send(self.progress.answer))
        except StopIteration as end:
            self.progress, self.end = None, WRITTEN
            self.seconds = time.monotonic() - self._began
            log.info(
                "verse id=%s bars=%s seconds=%.1f tokens=%s",
                self.job.id, self.job.request.bars, self.seconds, end.value.tokens,
            )  # fmt: skip
        except TextTooLong:
            self.stop("too long", _TOO_LONG)
        except Exception:
            log.exception("verse id=%s failed", self.job.id)
            self.stop("failed", _BROKEN)
