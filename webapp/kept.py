"""What many ask at once and AWS need not be asked each time."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

T = TypeVar("T")


class Kept(Generic[T]):
    """An answer and how long it is good; one thread looks, the others wait for what it sees.

    That AWS cannot be reached is such an answer too: otherwise each of them would try, one after
    the other, and wait as long as the first.
    """

    def __init__(
        self, look: Callable[[datetime], T], good: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self._look, self._good, self._clock = look, good, clock
        self._lock = threading.Lock()
        self._seen: tuple[datetime, T] | None = None
        self._failed: tuple[datetime, BotoCoreError | ClientError] | None = None

    def get(self) -> T:
        with self._lock:
            now = self._clock()
            if self._seen and now - self._good < self._seen[0] <= now:
                return self._seen[1]
            if self._failed and now - self._good < self._failed[0] <= now:
                raise self._failed[1].with_traceback(None)
            return self._ask(now)

    def forget(self) -> None:
        """It has changed: look anew."""
        with self._lock:
            self._seen = self._failed = None

    def _ask(self, now: datetime) -> T:
        try:
            told = self._look(now)
        except (BotoCoreError, ClientError) as error:
            self._failed = (self._clock(), error)  # it may have taken longer than it is good
            raise
        self._seen = (now, told)
        return told
