"""A simulated year of demos: hosts plan, change, extend, cancel; the cloud has its weather."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from scripts.simulated_cloud import (
    CALM,
    NEW_YEAR,
    NO_CAPACITY,
    NO_PING,
    STORM,
    SimulatedSageMaker,
    refusal,
)
from scripts.simulated_world import BOUND, CLOCK_ERROR, MINUTE, SimulatedWorld
from webapp.demos import MOST_LEAD, Demo, Occurrence, around, upcoming

ZONES = (
    "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Africa/Casablanca",
    "America/Sao_Paulo", "Asia/Kathmandu", "UTC",
)  # fmt: skip
FIRST_MOMENT = NEW_YEAR + timedelta(days=15)  # of a demo: the first are planned before
FOREVER = datetime.max.replace(tzinfo=UTC)
SOON = timedelta(minutes=10)
YEAR = timedelta(days=365)
QUOTA = refusal("CreateEndpoint", "The account-level limit is 0.", "ResourceLimitExceeded")
Act = Callable[[], bool]  # what a host does; False where it has to be done again
Wish = dict[str, object]
MARGIN = 2 * MINUTE + CLOCK_ERROR + SimulatedSageMaker.LATE
"""What a start loses without any fault: the rule's minute, a clock that is behind, late reads."""


@dataclass(frozen=True)
class Report:
    """What became of a year; minutes are of endpoints that stood without a lease."""

    demos: int
    faults: dict[str, int]
    leaked_minutes: float
    bound_minutes: float
    longest_minutes: float
    ready_on_time: int
    late: int
    excused: int  # the cloud did not allow it: storms, no capacity, slow starts
    steps: int


class Year:
    """One year from one seed."""

    def __init__(self, demos: int, seed: int) -> None:
        self._world = SimulatedWorld(seed)
        self._random = self._world.random
        self._agenda: list[tuple[datetime, int, Callable[[], bool]]] = []
        self._number = itertools.count()
        self._storm_until = self._wrong_until = self._full_until = NEW_YEAR
        self._checked: dict[str, str] = {}
        self._demos = demos
        self._world.sagemaker.starts_take = self._start_takes
        self._world.sagemaker.fails_with = self._start_fails

    def run(self, tell: Callable[[int], None] = lambda done: None) -> Report:
        """Live through it; `tell` hears how many demos have come."""
        self._fill_agenda()
        world = self._world
        while self._agenda or self._busy() or self._next_lease() < FOREVER:
            self._go_to_the_next_minute()
            self._change_the_weather()
            self._look_who_is_ready()
            self._act()
            tell(len(self._checked))
            if world.may_fail and self._random.random() < 0.005:
                world.faults.note("rule missed")
                world.note_run(False, world.time.now)
            else:
                world.run_rule(at_once=2 if self._random.random() < 0.05 else 1)
        outcomes = list(self._checked.values())
        return Report(
            demos=len(outcomes),
            faults=dict(sorted(world.faults.count.items())),
            leaked_minutes=round(world.meter.leaked / MINUTE, 2),
            bound_minutes=BOUND / MINUTE,
            longest_minutes=round(world.meter.longest / MINUTE, 2),
            ready_on_time=outcomes.count("ready"),
            late=outcomes.count("late"),
            excused=outcomes.count("excused"),
            steps=world.steps,
        )

    def _fill_agenda(self) -> None:
        """Every host's every wish, drawn before the year begins."""
        draw, starts, kept = self._random, NEW_YEAR, 0
        for number in itertools.count():
            if kept == self._demos:
                break
            near = number and draw.random() < 0.3
            starts = starts + draw.randint(-120, 120) * MINUTE if near else self._some_minute()
            kept += self._plan(f"demo {number}", max(starts, FIRST_MOMENT))
        for number in range(self._demos // 5):
            self._start(f"start {number}")

    def _some_minute(self) -> datetime:
        return FIRST_MOMENT + self._random.randint(0, int(YEAR / MINUTE)) * MINUTE

    def _at(self, moment: datetime, act: Act) -> None:
        heapq.heappush(self._agenda, (moment, next(self._number), act))

    def _plan(self, title: str, starts: datetime) -> bool:
        """Put a demo and what its host does with it on the agenda; whether it will take place."""
        draw = self._random
        zone = draw.choice(ZONES)
        local = starts.astimezone(ZoneInfo(zone))
        minutes = draw.randint(10, 120)
        wish: Wish = {
            "title": title,
            "date": f"{local:%Y-%m-%d}",
            "time": f"{local:%H:%M}",
            "zone": zone,
            "minutes": minutes,
            "lead": draw.choice([None, None, 15, 30, 60]),
            "second": bool(local.fold),
        }
        self._at(starts - draw.randint(180, 20_000) * MINUTE, lambda: self._plans(wish))
        inside, chance = starts + draw.randint(1, minutes) * MINUTE, draw.random()
        if chance < 0.06:
            before = draw.randint(5, 90) * MINUTE
            self._at(starts - before, lambda: self._cancels(title))
            return False
        changed = wish | {"minutes": draw.randint(10, 120)}
        acts: list[tuple[float, Act]] = [
            (0.12, lambda: self._cancels(title)),
            (0.18, lambda: self._changes(title, changed)),
            (0.26, lambda: self._extends(title)),
            (0.32, lambda: self._stops(title)),
        ]
        for up_to, act in acts:
            if chance < up_to:
                self._at(inside, act)
                break
        return True

    def _start(self, why: str) -> None:
        """A start by hand, sometimes extended or stopped."""
        draw, begins = self._random, self._some_minute()
        minutes = draw.randint(5, 90)
        self._at(begins, lambda: self._starts(why, minutes))
        later, chance = begins + draw.randint(1, minutes) * MINUTE, draw.random()
        if chance < 0.4:
            self._at(
                later, (lambda: self._extends(why)) if chance < 0.2 else lambda: self._stops(why)
            )

    def _starts(self, why: str, minutes: int) -> bool:
        if self._leased(why):
            return True  # the answer was lost, and the host has looked
        return self._world.try_(lambda: self._world.switch().start(minutes, "host", why))

    def _plans(self, wish: Wish) -> bool:
        """A host who got no answer looks at the list before planning again."""
        if self._found(str(wish["title"])):
            return True
        return self._world.try_(lambda: self._world.schedule().plan(wish, "host"))

    def _cancels(self, title: str) -> bool:
        return self._on_demo(title, lambda demo: self._world.schedule().cancel(demo.id, "host"))

    def _changes(self, title: str, wish: Wish) -> bool:
        return self._on_demo(
            title, lambda demo: self._world.schedule().change(demo.id, wish, "host")
        )

    def _extends(self, why: str) -> bool:
        return self._on_lease(
            why, lambda lease_id: self._world.switch().extend(lease_id, 15, "host")
        )

    def _stops(self, why: str) -> bool:
        return self._on_lease(why, lambda lease_id: self._world.switch().stop(lease_id, "host"))

    def _on_demo(self, title: str, act: Callable[[Demo], object]) -> bool:
        found = self._found(title)
        return found is None or self._world.try_(lambda: act(found))

    def _on_lease(self, why: str, act: Callable[[str], object]) -> bool:
        lease_id = self._leased(why)
        return lease_id is None or self._world.try_(lambda: act(lease_id))

    def _found(self, title: str) -> Demo | None:
        return next((demo for demo in self._world.planned() if demo.title == title), None)

    def _leased(self, why: str) -> str | None:
        now = self._world.time.now
        return next((lease.id for lease in self._world.leases(now) if lease.why == why), None)

    def _busy(self) -> bool:
        """Whether anything runs, is leased, or will soon be asked for."""
        world, now = self._world, self._world.time.now
        if world.sagemaker.status() is not None or world.leases(now):
            return True
        return self._next_lease() - now < SOON

    def _next_lease(self) -> datetime:
        now, lead = self._world.time.now, self._world.usual_lead()
        coming = upcoming(self._world.planned(), now)
        return min((each.asks_at(lead) for each in coming), default=FOREVER)

    def _go_to_the_next_minute(self) -> None:
        """Pass over the quiet time between demos; else wait for the next full minute."""
        time = self._world.time
        if not self._busy():
            for table in self._world.tables.values():
                table.forget(time.now)
            first_act = self._agenda[0][0] if self._agenda else FOREVER
            time.now = max(time.now, min(first_act, self._next_lease() - SOON + MINUTE))
        time.pass_(seconds=60 - time.now.second - time.now.microsecond / 1e6)

    def _act(self) -> None:
        while self._agenda and self._agenda[0][0] <= self._world.time.now:
            _, _, act = heapq.heappop(self._agenda)
            if not act():
                self._at(self._world.time.now + MINUTE, act)  # the host tries again

    def _change_the_weather(self) -> None:
        world, draw, now = self._world, self._random, self._world.time.now
        if draw.random() < 1 / 300:
            self._storm_until = now + draw.randint(3, 40) * MINUTE
        stormy = now < self._storm_until
        world.faults.rates, world.sagemaker.late = (STORM, 0.3) if stormy else (CALM, 0.05)
        if draw.random() < 1 / 100:
            world.faults.note("clock jumped")
            world.time.error = CLOCK_ERROR * draw.uniform(-1, 1)
            self._wrong_until = now + draw.randint(1, 10) * MINUTE
        elif now >= self._wrong_until:
            world.time.error = timedelta()
        if draw.random() < 1 / 1000:
            self._full_until = now + draw.randint(1, 6) * MINUTE
        full = now < self._full_until
        world.sagemaker.refuses_with = QUOTA if full else None

    def _start_takes(self) -> timedelta:
        slow = self._random.random() < 0.03
        return self._random.uniform(*((8, 25) if slow else (3, 8))) * MINUTE

    def _start_fails(self) -> str:
        chance = self._random.random()
        if chance < 0.002:
            return NO_PING
        return (
            NO_CAPACITY
            if chance < (0.3 if self._world.time.now < self._storm_until else 0.03)
            else ""
        )

    def _look_who_is_ready(self) -> None:
        """Judge the demos that have begun since the last look."""
        now = self._world.time.now
        for each in around(self._world.planned(), now):
            if each.starts <= now and each.demo.title not in self._checked:
                self._checked[each.demo.title] = self._judged(each)

    def _judged(self, demo: Occurrence) -> str:
        """Ready; late; or excused, where even without another fault it could not be ready."""
        world = self._world
        if world.sagemaker.status(demo.starts) == "InService":
            return "ready"
        lease = world.lease(demo.lease_id)
        if lease is not None and lease.end_reason.startswith("the start"):
            return "excused"  # a quota, or a model that does not answer: told, and not tried again
        asked = lease.starts if lease else demo.starts - MOST_LEAD * MINUTE
        lives = [life for life in world.sagemaker.lives if (life.gone or demo.starts) > asked]
        lost = [(each, each + MINUTE) for each in world.failed_runs[-200:]]
        lost += [(life.created, life.gone or demo.starts) for life in lives if life.failure]
        lost += [(life.deleted, life.gone) for life in lives if life.deleted and life.gone]
        takes = lives[-1].settled - lives[-1].created if lives else timedelta()
        needed = asked + _union(lost, asked, demo.starts) + takes + MARGIN
        return "late" if needed <= demo.starts else "excused"


def _union(spans: list[tuple[datetime, datetime]], first: datetime, last: datetime) -> timedelta:
    """How long at least one of the spans covers the time between two moments."""
    covered, reached = timedelta(), first
    for begin, end in sorted(spans):
        begin, end = max(begin, reached), min(end, last)
        if end > begin:
            covered, reached = covered + (end - begin), end
    return covered
