"""Places in the queue of visitors who have just left: whoever reloads a page has it back."""

import time

from inference.seat import Job

KEPT = 10.0  # seconds
_REMEMBERED = 1000  # visitors


class Places:
    """By visitor, the place that a verse had when its reader left before its end."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, Job]] = {}

    def keep(self, left: Job, waiting: list[Job]) -> None:
        """Its reader has gone: the visitor's next verse has its place, be it here already or
        still to come."""
        if not left.visitor or left.ended:
            return
        for job in waiting:
            if job.visitor == left.visitor:
                return _give(left, job)
        self._left.pop(left.visitor, None)
        self._left[left.visitor] = time.monotonic() + KEPT, left
        while len(self._left) > _REMEMBERED:
            del self._left[next(iter(self._left))]

    def give_back(self, job: Job) -> None:
        """Give a verse that has just come the place that its visitor left some seconds ago."""
        until, left = self._left.pop(job.visitor, (0.0, job))
        if time.monotonic() < until:
            _give(left, job)


def _give(left: Job, job: Job) -> None:
    job.before = min(job.before, left.before)
    job.arrival = min(job.arrival, left.arrival)
