"""PINs of demos: where a host has set one, who writes is who sees the projector."""

import threading
from datetime import datetime, timedelta

from webapp.demo_store import DemoStore
from webapp.demos import around
from webapp.leases import LeaseStore
from webapp.reconciler import Clock

KEPT = timedelta(seconds=1)  # a whole audience asks; the tables need not be asked each time


class Pins:
    """Which PINs let visitors write now."""

    def __init__(self, demos: DemoStore, leases: LeaseStore, clock: Clock) -> None:
        self._demos = demos
        self._leases = leases
        self._clock = clock
        self._lock = threading.Lock()
        self._told: tuple[datetime, frozenset[str]] | None = None

    def wanted(self) -> frozenset[str]:
        """The PINs of the demos that are on, any of which will do; empty where none is needed.

        A demo is on as long as its lease is live: with its warm-up, extended or stopped early.
        """
        with self._lock:
            now = self._clock()
            if self._told is None or not now - KEPT < self._told[0] <= now:
                self._told = (now, self._look(now))
            return self._told[1]

    def _look(self, now: datetime) -> frozenset[str]:
        live = {lease.id for lease in self._leases.live(now)}
        on = [each.demo for each in around(self._demos.all(), now) if each.lease_id in live]
        if not all(demo.pin for demo in on):  # an open demo is on as well, and open means open
            return frozenset()
        return frozenset(demo.pin for demo in on)
