"""Demos: when the model is to be ready for an audience, in the host's own time zone.

A demo that repeats is one record; its occurrences are worked out from it, each on its local day,
so that a talk at seven stays at seven when the clocks change.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

from webapp.leases import Lease, written
from webapp.local_time import Doubled, Skipped, moment
from webapp.starts import StartRecord

KIND = "demo"  # of the leases that demos get
USUAL_LEAD = 20  # minutes, until starts have been measured
MOST_LEAD = 120  # minutes
_SPARE = 1.2  # times the slowest of the last starts
_WEEK = timedelta(days=7)
_NEAR = timedelta(days=3)  # no lease is longer, wherever its day begins


@dataclass(frozen=True)
class Demo:
    """A demo, or a weekly row of them.

    `revision` grows with every change, `timing` with every change of when it runs.
    """

    id: str
    title: str
    zone: str
    day: date  # of the first
    at: time
    minutes: int
    who: str
    lead: int | None = None  # minutes of warm-up; None: as long as starts have taken
    until: date | None = None  # weekly, to this day
    second: bool | None = None  # which of two equal times, where the clock is set back
    cancelled: frozenset[date] = frozenset()
    revision: int = 1
    timing: int = 1
    pin: str = field(default="", repr=False)  # that visitors give before they write; "": none

    def occurrences(self, since: date = date.min, to: date = date.max) -> Iterator["Occurrence"]:
        """Those on the days from `since` to `to` that are not cancelled, in order."""
        weeks = max(0, -((self.day - since).days // 7)) if since > self.day else 0
        day = self.day + weeks * _WEEK
        while day <= min(self.until or self.day, to):
            if day not in self.cancelled:
                yield Occurrence(self, day, self._starts(day))
            day += _WEEK

    def _starts(self, day: date) -> datetime:
        """Clock changes that became law after the demo was planned move it as little as they can:
        a time that is skipped then becomes the first after it."""
        try:
            return moment(day, self.at, self.zone, second=bool(self.second))
        except Skipped as skipped:
            return moment(day, skipped.after, self.zone, second=False)

    @property
    def when(self) -> str:
        """In words, on its own clocks."""
        weekly = f", weekly until {self.until}" if self.until else ""
        return f"{self.day} {self.at:%H:%M} {self.zone}{weekly}"

    def check_days(self) -> None:
        """Raise UnclearDay for the first day on which it is unclear when the demo starts."""
        day = self.day
        while day <= (self.until or self.day):
            try:
                moment(day, self.at, self.zone, self.second)
            except (Skipped, Doubled) as why:
                raise UnclearDay(day) from why
            day += _WEEK

    def to_json(self) -> dict[str, Any]:
        dates: dict[str, Any] = {
            "day": self.day.isoformat(),
            "at": f"{self.at:%H:%M}",
            "until": self.until.isoformat() if self.until else None,
            "cancelled": sorted(day.isoformat() for day in self.cancelled),
        }
        return asdict(self) | dates

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Self:
        until = body["until"]
        return cls(**body | {
            "day": date.fromisoformat(body["day"]),
            "at": time.fromisoformat(body["at"]),
            "until": date.fromisoformat(until) if until else None,
            "cancelled": frozenset(map(date.fromisoformat, body["cancelled"])),
        })  # fmt: skip


class UnclearDay(ValueError):
    """On this day the clocks of the zone skip or double the demo's time; the cause says which."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day}")
        self.day = day


@dataclass(frozen=True)
class Occurrence:
    """One demo on one day; times in UTC."""

    demo: Demo
    day: date
    starts: datetime

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.demo.minutes)

    @property
    def lease_id(self) -> str:
        return f"demo-{self.demo.id}-{self.day}-{self.demo.timing}"

    def asks_at(self, usual_lead: int) -> datetime:
        """When its model is asked for."""
        lead = usual_lead if self.demo.lead is None else self.demo.lead
        return self.starts - timedelta(minutes=lead)

    def lease(self, usual_lead: int) -> Lease:
        asked, demo = self.asks_at(usual_lead), self.demo
        return Lease(self.lease_id, asked, self.ends, demo.who, demo.title, KIND)

    def to_json(self) -> dict[str, Any]:
        """What everybody may know of it."""
        return {
            "id": self.demo.id,
            "title": self.demo.title,
            "zone": self.demo.zone,
            "day": self.day.isoformat(),
            "starts": written(self.starts),
            "ends": written(self.ends),
        }


def usual_lead(records: list[StartRecord]) -> int:
    """Minutes in which the model was ready in all of the last starts, with something to spare."""
    waits = [(record.ready - record.asked).total_seconds() for record in records if record.ready]
    if not waits:
        return USUAL_LEAD
    return min(MOST_LEAD, math.ceil(max(waits) * _SPARE / 60) + 1)


def upcoming(demos: list[Demo], now: datetime) -> list[Occurrence]:
    """Those that have not ended, the next first."""
    since = now.date() - _NEAR
    found = [each for demo in demos for each in demo.occurrences(since) if each.ends > now]
    return sorted(found, key=lambda each: (each.starts, each.demo.id))


def around(demos: list[Demo], now: datetime) -> list[Occurrence]:
    """Those that may be warming up now, be running, or have been extended."""
    since, to = now.date() - _NEAR, now.date() + _NEAR
    return [each for demo in demos for each in demo.occurrences(since, to)]


def last_moment(demo: Demo) -> datetime:
    """The end of its last occurrence; long ago where all are cancelled."""
    return max((each.ends for each in demo.occurrences()), default=datetime.min.replace(tzinfo=UTC))
