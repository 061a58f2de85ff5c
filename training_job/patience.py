"""Asking a site that does not owe us an answer: slowly, again, and not for ever."""

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from training_job.genius import Blocked, Unreachable

TRIES = 3  # of one request, if connections are cut or time out
_LONGEST_WAIT = 3600.0
Answer = TypeVar("Answer")


class Clock(Protocol):
    """Time as the module `time` tells it."""

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float, /) -> None: ...


class Stopped(Exception):
    """It is no use to go on now; the message has the remedy."""


class Patience:
    """Sends requests one by one, `pause` seconds apart.

    After a refusal it waits `first_wait` seconds, twice as long after each further one, and stops
    at the `most`th in a row; likewise after so many requests in a row that came to nothing.
    """

    def __init__(
        self,
        pause: float = 1.0,
        first_wait: float = 60.0,
        most: int = 5,
        clock: Clock = time,
        notice: Callable[[str], None] = lambda told: None,
    ) -> None:
        self._pause, self._first_wait, self._most = pause, first_wait, most
        self._clock, self._notice = clock, notice
        self._free = clock.monotonic()  # when the next request may be sent
        self._refusals = self._failures = 0

    def ask(self, request: Callable[[], Answer]) -> Answer:
        """The answer; Unreachable after some tries, Stopped when it is no use to go on."""
        tries = 0
        while True:
            try:
                answer = self._paced(request)
            except Blocked as error:
                self.refused(error.seconds)
            except Unreachable as error:
                tries += 1
                if tries == TRIES:
                    self._failed(error)
                    raise
                self._clock.sleep(2.0**tries)
            else:
                self._refusals = self._failures = 0
                return answer

    def refused(self, asked: float = 0.0) -> None:
        """Wait after a refusal, at least as long as we were asked to, or stop."""
        self._refusals += 1
        if self._refusals >= self._most:
            raise Stopped(
                f"Genius refused {self._refusals} times in a row. Wait some hours and run the same "
                "command again, use another network (servers and clouds are often blocked), or "
                "bring your own lyrics with --own. What was collected is kept."
            )
        seconds = min(self._first_wait * 2 ** (self._refusals - 1), _LONGEST_WAIT)
        seconds = max(seconds, asked)
        self._notice(f"Genius refuses ({self._refusals} of {self._most}); waiting {seconds:.0f} s.")
        self._clock.sleep(seconds)

    def _failed(self, error: Unreachable) -> None:
        self._failures += 1
        if self._failures >= self._most:
            raise Stopped(
                f"{self._failures} requests in a row came to nothing; the last: {error}. Check the "
                "network and run the same command again. What was collected is kept."
            ) from error

    def _paced(self, request: Callable[[], Answer]) -> Answer:
        if (wait := self._free - self._clock.monotonic()) > 0:
            self._clock.sleep(wait)
        try:
            return request()
        finally:
            self._free = self._clock.monotonic() + self._pause
