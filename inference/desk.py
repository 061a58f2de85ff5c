"""The desk: verses are written side by side, as many as there are seats; so many more may wait.

One thread writes them all, a step of each at a time; the event loop takes requests in and hands
events out. A verse whose reader leaves ends with the step at hand.
"""

import asyncio
import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bars.events import Failed
from bars.verse import VerseRequest
from inference.pace import Pace
from inference.places import Places
from inference.seat import WRITTEN, Job, Seat, VerseWriter

if TYPE_CHECKING:  # it brings torch
    from inference.engine import Engine

log = logging.getLogger(__name__)
STOPPING = Failed(
    "stopping", "The model is being switched off.", "Ask again when the next demo is on."
)
MODEL_FAILED = Failed("failed", "The model failed while it wrote.", "Try again in a moment.")
TOO_LATE = Failed("too_late", "Too many verses are being written.", "Ask again in a minute.")
MOST_TOKENS = 2048  # in one step
DEADLINE = 240.0  # seconds; SageMaker cuts an answer off after 480
MOST_FAILURES = 3  # steps in a row, after which the model is broken
_REMEMBERED = 1000  # visitors
_FIRST_GUESS = 10.0  # seconds a verse takes, until one has been timed


class DeskFull(Exception):
    """Too many verses wait; `seconds` is when to ask again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many verses are waiting.")
        self.seconds = seconds


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
        engine: "Engine",
        seats: int,
        waiting: int,
        grace: float,
        deadline: float = DEADLINE,
        most_tokens: int = MOST_TOKENS,
        on_broken: Callable[[], None] = lambda: None,
    ) -> None:
        """`deadline` is the seconds that a verse may take from when it is asked for; `on_broken` is
        called when the model fails again and again."""
        self._on_broken = on_broken
        self._writer, self._engine = writer, engine
        self._seats, self._most_waiting = seats, waiting
        self._grace, self._deadline, self._most_tokens = grace, deadline, most_tokens
        self._usual, self._pace = _FIRST_GUESS, Pace()
        self._writing_seconds = 0.0
        self._ends: Counter[str] = Counter()
        self._begun = self._arrived = self._failures = 0
        self._waiting: list[Job] = []
        self._seated: list[Job] = []
        self._at_hand: list[Seat] = []  # of the writing thread alone
        self._places = Places()
        self._served: dict[str, int] = {}  # by visitor: how many verses had begun, at the last one
        self._change = threading.Condition()
        self._closes_at = float("inf")
        threading.Thread(target=self._work, name="writer", daemon=True).start()

    def submit(self, request: VerseRequest, visitor: str = "") -> Job:
        """Put a request at the end of the queue, or raise DeskFull; who has left the queue, or a
        verse, some seconds ago, has the place of then."""
        with self._change:
            ahead = max(0, len(self._waiting) + 1 - self._free())
            ends_in = self._seconds(ahead) + self._usual
            if ahead > self._most_waiting or (ahead and ends_in > self._deadline):
                raise DeskFull(self._seconds(ahead))
            job = Job(request, asyncio.get_running_loop(), visitor, self._begun, self._arrived)
            if (excess := self._all_written_in(job) - self._deadline) > 0 and not self._idle:
                raise DeskFull(math.ceil(excess))
            self._arrived += 1
            self._places.give_back(job)
            self._waiting.append(job)
            self._change.notify()
        return job

    def place(self, job: Job) -> tuple[int, int]:
        """Its place among those that wait, from 1, and the seconds until it begins; 0 for a verse
        that does not wait."""
        with self._change:
            order = self._order()
            place = max(0, order.index(job) + 1 - self._free()) if job in order else 0
            return place, self._seconds(place)

    def leave(self, job: Job) -> None:
        """Its reader has gone: take it from the queue, or stop writing it."""
        job.left.set()
        with self._change:
            if job in self._waiting:
                self._waiting.remove(job)
            self._places.keep(job, self._waiting)

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

    @property
    def broken(self) -> bool:
        """Whether the model fails again and again, so that it should be started anew."""
        return self._failures >= MOST_FAILURES

    def _free(self) -> int:
        return max(0, self._seats - len(self._seated))

    @property
    def _idle(self) -> bool:
        return not self._waiting and not self._seated

    def _all_written_in(self, job: Job) -> float:
        """Seconds until every verse has ended, with one more: side by side, they end together."""
        bars = sum(each.unwritten for each in (*self._waiting, *self._seated, job))
        return bars * self._pace.seconds_a_bar

    def _seconds(self, verses: int) -> int:
        """Until so many verses have ended."""
        return max(1, round(verses * self._usual / self._seats)) if verses else 0

    def _order(self) -> list[Job]:
        """Those who wait, in the order in which they get seats.

        First whoever has fewest verses before this one, then whoever waits longest: since it came,
        or since the visitor's last verse began.
        """
        turns = Counter(job.visitor for job in self._seated if not job.left.is_set())
        ranked = []
        for job in sorted(self._waiting, key=lambda each: each.arrival):
            turn = turns[job.visitor] if job.visitor else 0
            turns[job.visitor] += 1
            since = max(job.before, self._served.get(job.visitor, 0))
            ranked.append((turn, since, job.arrival, job))
        return [job for *_, job in sorted(ranked, key=lambda each: each[:3])]

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: bool(self._waiting or self._seated))
                self._shed()
                jobs = self._order()[: self._free()]
                for job in jobs:
                    self._begin(job)
            began = time.monotonic()
            self._at_hand += [Seat(job, self._writer, self._engine) for job in jobs]
            unwritten = sum(seat.job.unwritten for seat in self._at_hand)
            self._step()
            bars = unwritten - sum(seat.job.unwritten for seat in self._at_hand)
            ended = [seat for seat in self._at_hand if not seat.progress]
            self._at_hand = [seat for seat in self._at_hand if seat.progress]
            with self._change:
                self._writing_seconds += time.monotonic() - began
                self._pace.note(time.monotonic() - began, bars)
                self._seated = [seat.job for seat in self._at_hand]
                self._note(ended)

    def _shed(self) -> None:
        """Send those away who would not have their verse in time: verses that have begun go
        first."""
        latest = time.monotonic() - self._deadline + min(self._usual, self._deadline / 2)
        for job in [job for job in self._waiting if job.asked_at < latest]:
            self._waiting.remove(job)
            self._ends["too late"] += 1
            job.tell(TOO_LATE)

    def _begin(self, job: Job) -> None:
        self._waiting.remove(job)
        self._seated.append(job)
        self._begun += 1
        if job.visitor:
            self._served.pop(job.visitor, None)
            self._served[job.visitor] = self._begun
        while len(self._served) > _REMEMBERED:
            del self._served[next(iter(self._served))]

    def _note(self, ended: list[Seat]) -> None:
        for seat in ended:
            self._ends[seat.end] += 1
            if seat.end == WRITTEN:
                self._usual += (seat.seconds - self._usual) / 4

    def _step(self) -> None:
        """A step of every verse at hand."""
        now = time.monotonic()
        for seat in self._at_hand:
            if seat.progress and seat.job.left.is_set():
                seat.stop("left")
            elif seat.progress and now > self._closes_at:
                seat.stop("stopping", STOPPING)
            elif seat.progress and now > seat.job.asked_at + self._deadline:
                seat.stop("too late", TOO_LATE)
        chosen = self._of_this_step()
        try:
            self._engine.step([seat.progress for seat in chosen if seat.progress])
        except Exception:
            log.exception("A step of %s verses failed", len(chosen))
            self._failures += 1
            for seat in chosen:
                seat.stop("failed", MODEL_FAILED)
            if self._failures == MOST_FAILURES:
                self._on_broken()
        else:
            self._failures = 0
        for seat in chosen:
            seat.go_on()

    def _of_this_step(self) -> list[Seat]:
        """The verses whose next work fits into one step; those left out come first in the next."""
        chosen, left, tokens = list[Seat](), list[Seat](), 0
        for seat in self._at_hand:
            if seat.progress is None:
                continue
            tokens += seat.progress.size
            (left if chosen and tokens > self._most_tokens else chosen).append(seat)
        self._at_hand.sort(key=lambda seat: seat not in left)
        return chosen
