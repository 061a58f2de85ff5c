"""The desk: verses are written side by side, as many as there are seats; so many more may wait.

One thread writes them all, a step of each at a time; the event loop takes requests in and hands
events out. A verse whose reader leaves ends with the step at hand.
"""

import asyncio
import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bars.events import Event, Failed, VerseWritten
from bars.verse import VerseRequest
from inference.engine import Engine
from inference.progress import Progress
from inference.work import Task

log = logging.getLogger(__name__)
STOPPING = Failed(
    "stopping", "The model is being switched off.", "Ask again when the next demo is on."
)
BROKEN = Failed("failed", "This verse could not be written.", "Try again with other words.")
WRITTEN = "written"
MOST_TOKENS = 2048  # in one step
_REMEMBERED = 1000  # visitors
_FIRST_GUESS = 10.0  # seconds a verse takes, until one has been timed


class DeskFull(Exception):
    """Too many verses wait; `seconds` is when to ask again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many verses are waiting.")
        self.seconds = seconds


class VerseWriter(Protocol):
    """What the desk needs of a writer."""

    def write(
        self, request: VerseRequest, request_id: str, tell: Callable[[Event], None]
    ) -> Task[VerseWritten]: ...


@dataclass(eq=False)
class Job:
    """One verse on its way; `events` ends with a verse or an error."""

    request: VerseRequest
    loop: asyncio.AbstractEventLoop
    visitor: str = ""  # who asks; visitors take turns
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)
    left: threading.Event = field(default_factory=threading.Event)

    def tell(self, event: Event) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.events.put_nowait, event)


@dataclass(frozen=True)
class DeskState:
    """The desk as it is; `ends` are the verses so far by how they ended."""

    seats: int
    seated: int
    waiting: int
    writing_seconds: float  # with verses at hand
    ends: dict[str, int]


class Desk:
    """Takes verse requests and has them written, visitors in turn."""

    def __init__(
        self,
        writer: VerseWriter,
        engine: Engine,
        seats: int,
        waiting: int,
        grace: float,
        most_tokens: int = MOST_TOKENS,
    ) -> None:
        self._writer, self._engine = writer, engine
        self._seats, self._most_waiting = seats, waiting
        self._grace, self._most_tokens = grace, most_tokens
        self._usual = _FIRST_GUESS
        self._writing_seconds = 0.0
        self._ends: Counter[str] = Counter()
        self._waiting: list[Job] = []
        self._seated: list[_Seat] = []
        self._served: dict[str, int] = {}  # by visitor: how many verses had begun, at the last one
        self._change = threading.Condition()
        self._closes_at = float("inf")
        threading.Thread(target=self._work, name="writer", daemon=True).start()

    def submit(self, request: VerseRequest, visitor: str = "") -> Job:
        """Put a request at the end of the queue, or raise DeskFull."""
        with self._change:
            free = self._seats - len(self._seated)
            if len(self._waiting) - max(0, free) >= self._most_waiting:
                raise DeskFull(self._seconds(len(self._waiting) + 1))
            job = Job(request, asyncio.get_running_loop(), visitor)
            self._waiting.append(job)
            self._change.notify()
        return job

    def place(self, job: Job) -> tuple[int, int]:
        """How many verses wait before it, itself counted, and the seconds that these will take.

        0 for a verse that does not wait.
        """
        with self._change:
            order = self._order()
            free = self._seats - len(self._seated)
            place = max(0, order.index(job) + 1 - free) if job in order else 0
            return place, self._seconds(place)

    def leave(self, job: Job) -> None:
        """Its reader has gone: take it from the queue, or stop writing it."""
        job.left.set()
        with self._change:
            if job in self._waiting:
                self._waiting.remove(job)

    def close(self) -> None:
        """Tell all who wait that the desk closes; verses at hand may take their grace."""
        with self._change:
            self._closes_at = time.monotonic() + self._grace
            for job in self._waiting:
                job.tell(STOPPING)
            self._waiting.clear()

    def state(self) -> DeskState:
        with self._change:
            return DeskState(
                self._seats, len(self._seated), len(self._waiting), self._writing_seconds,
                dict(self._ends),
            )  # fmt: skip

    @property
    def closing(self) -> bool:
        return self._closes_at < float("inf")

    def _seconds(self, verses: int) -> int:
        """Until so many verses have ended."""
        return max(1, round(verses * self._usual / self._seats)) if verses else 0

    def _order(self) -> list[Job]:
        """Those who wait, in the order in which they get seats.

        First whoever has fewest verses before this one, then whoever had the last one longest ago.
        """
        turns = Counter(seat.job.visitor for seat in self._seated)
        ranked = []
        for number, job in enumerate(self._waiting):
            turn = turns[job.visitor] if job.visitor else 0
            turns[job.visitor] += 1
            ranked.append((turn, self._served.get(job.visitor, 0), number, job))
        return [job for *_, job in sorted(ranked, key=lambda each: each[:3])]

    def _seat(self, job: Job) -> None:
        self._waiting.remove(job)
        self._seated.append(_Seat(job, self._writer, self._engine))
        if job.visitor:
            self._served.pop(job.visitor, None)
            self._served[job.visitor] = self._ends.total() + len(self._seated)
        while len(self._served) > _REMEMBERED:
            del self._served[next(iter(self._served))]

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: bool(self._waiting or self._seated))
                began = time.monotonic()
                for job in self._order()[: self._seats - len(self._seated)]:
                    self._seat(job)
            self._step()
            with self._change:
                self._writing_seconds += time.monotonic() - began
                self._note([seat for seat in self._seated if not seat.progress])
                self._seated = [seat for seat in self._seated if seat.progress]

    def _note(self, ended: list["_Seat"]) -> None:
        for seat in ended:
            self._ends[seat.end] += 1
            if seat.end == WRITTEN:
                self._usual += (seat.seconds - self._usual) / 4

    def _step(self) -> None:
        """A step of every verse at hand."""
        late = time.monotonic() > self._closes_at
        for seat in self._seated:
            if seat.job.left.is_set():
                seat.stop("left")
            elif late:
                seat.stop("stopping", STOPPING)
        at_hand = self._of_this_step()
        try:
            self._engine.step([seat.progress for seat in at_hand if seat.progress])
        except Exception:
            log.exception("A step of %s verses failed", len(at_hand))
            for seat in at_hand:
                seat.stop("failed", BROKEN)
        for seat in at_hand:
            seat.go_on()

    def _of_this_step(self) -> list["_Seat"]:
        """The verses whose next work fits into one step; those left out come first in the next."""
        chosen, left, tokens = list[_Seat](), list[_Seat](), 0
        for seat in self._seated:
            if seat.progress is None:
                continue
            tokens += seat.progress.size
            (left if chosen and tokens > self._most_tokens else chosen).append(seat)
        self._seated.sort(key=lambda seat: seat not in left)
        return chosen


class _Seat:
    """A verse that is being written; `progress` is what the engine has to do for it next."""

    def __init__(self, job: Job, writer: VerseWriter, engine: Engine) -> None:
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
        except Exception:
            log.exception("verse id=%s failed", self.job.id)
            self.stop("failed", BROKEN)
