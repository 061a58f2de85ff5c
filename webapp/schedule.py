"""The schedule: hosts plan demos, change them and cancel them; each change acts at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bars.verse import Problem
from webapp.audit import AuditLog
from webapp.demo_store import DemoNotFound, DemoStore
from webapp.demo_wish import DemoRefused, check_start, read_demo
from webapp.demos import Demo, Occurrence, around, upcoming
from webapp.planned_use import PlannedUse, stretches
from webapp.reconciler import Clock, utc_now
from webapp.settings import Limits
from webapp.switch import Switch

MOST_DEMOS = 100  # records that have not ended
_TIMING = ("zone", "day", "at", "minutes", "second", "lead")


class Schedule:
    """What hosts do with demos."""

    def __init__(
        self,
        demos: DemoStore,
        audit: AuditLog,
        switch: Switch,
        limits: Limits,
        clock: Clock = utc_now,
    ) -> None:
        self._demos = demos
        self._audit = audit
        self._switch = switch
        self._limits = limits
        self._clock = clock

    def plan(self, body: Mapping[str, Any], who: str) -> Demo:
        """Plan a demo as a host wishes it, or raise DemoRefused."""
        demo = read_demo(body, who, self._limits, self._clock())
        check_start(demo, self._clock())
        if len({each.demo.id for each in self.upcoming()}) >= MOST_DEMOS:
            full = f"cannot be planned: {MOST_DEMOS} demos are. Cancel one first."
            raise DemoRefused([Problem("title", demo.title, full)])
        self._check_days(demo)
        self._demos.add(demo)
        self._audit.add(who, f"planned a demo: {demo.title}, {demo.when}", demo.id)
        self._switch.leases_changed()
        return demo

    def change(
        self, demo_id: str, body: Mapping[str, Any], who: str, revision: int | None = None
    ) -> Demo:
        """Plan it differently; `revision` is the one that the host saw. A PIN that the wish does
        not name stays: nothing opens a demo but an empty one.

        Raises DemoNotFound, DemoRefused, or DemoChanged where it is another by now.
        """
        old = self._demos.find(demo_id)
        read = read_demo(body, old.who, self._limits, self._clock())
        timing = old.timing + any(getattr(old, n) != getattr(read, n) for n in _TIMING)
        changed = replace(
            read,
            id=old.id,
            revision=old.revision if revision is None else revision,
            timing=timing,
            pin=read.pin if "pin" in body else old.pin,
            cancelled=self._over(old, timing) | set(old.cancelled),
        )
        if changed.day != old.day:
            check_start(changed, self._clock())
        if changed.timing != old.timing or changed.until != old.until:
            self._check_days(changed)
        changed = self._demos.change(changed)
        self._audit.add(who, f"changed a demo: {changed.title}, {changed.when}", demo_id)
        self._switch.leases_changed()
        return changed

    def cancel(self, demo_id: str, who: str, day: date | None = None) -> None:
        """Cancel one day of a demo, or all of it; raise DemoNotFound if there is none."""
        demo = self._demos.find(demo_id)
        days = {each.day for each in demo.occurrences()}
        if day is not None and day not in days:
            raise DemoNotFound(demo_id)
        if day is None or days == {day}:
            self._demos.remove(demo_id)
        else:
            self._demos.change(replace(demo, cancelled=demo.cancelled | {day}))
        of = f" on {day}" if day else ""
        self._audit.add(who, f"cancelled a demo{of}: {demo.title}, {demo.when}", demo_id)
        self._switch.leases_changed()

    def _check_days(self, demo: Demo) -> None:
        """Refuse a demo for which a day's minutes or a month's money are too few beside all
        else."""
        now, lead, switch = self._clock(), self._switch.usual_lead(), self._switch
        others = (each for each in self.upcoming() if each.demo.id != demo.id)
        # the lease that a running demo has by now is no other's
        leases = [x for x in switch.live_leases() if not x.id.startswith(f"demo-{demo.id}-")]
        use = PlannedUse(switch.allowance(), now, stretches(others, lead, now), leases)
        if why_not := use.why_not(stretches(upcoming([demo], now), lead, now)):
            raise DemoRefused([Problem("minutes", demo.minutes, why_not)])

    def _over(self, old: Demo, timing: int) -> frozenset[date]:
        """Days that a new timing must not bring back: they have ended, or a host has stopped
        them."""
        if timing == old.timing:
            return frozenset()
        now = self._clock()
        near = around([old], now)
        stopped = {each.day for each in near if self._switch.was_stopped(each.lease_id)}
        ended = {each.day for each in near if each.ends <= now}
        return frozenset(stopped | ended)

    def find(self, demo_id: str) -> Demo:
        return self._demos.find(demo_id)

    def upcoming(self) -> list[Occurrence]:
        """What has not ended, the next first."""
        return upcoming(self._demos.all(), self._clock())
