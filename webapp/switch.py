"""The switch: hosts lease the endpoint, and everybody is told what it is doing."""

import logging
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from bars.verse import Problem
from webapp.allowance import Allowance
from webapp.demos import upcoming, usual_lead
from webapp.endpoint import Endpoint, EndpointControl, Region, Status
from webapp.idleness import idle_stop_at
from webapp.kept import Kept
from webapp.leases import Lease, LeaseMoved, new_lease
from webapp.planned_use import PlannedUse, stretches
from webapp.reconciler import Clock, Reconciler, Step, utc_now
from webapp.records import Records
from webapp.settings import Limits, Price
from webapp.starts import StartRecord, usual_range, usual_seconds
from webapp.state import EndpointState, Situation, tell_state
from webapp.usage import Usage

log = logging.getLogger(__name__)
STOPPED = "stopped by"
REHEARSAL = "rehearsal"  # the kind of a lease that ends after one verse
REHEARSED = 45  # minutes at most
EXTENDED_AT_ONCE = 5  # hosts who extend a lease in the same moment
REGION_KEPT = timedelta(seconds=5)
STATE_KEPT = timedelta(seconds=1)  # a whole audience asks; AWS need not be asked each time


class LeaseRefused(ValueError):
    """A lease was asked for that may not be given; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(f"{p.field}: {p.message}" for p in problems))
        self.problems = problems


class Switch:
    """The endpoint's switch, as hosts, scripts and the minute rule use it."""

    def __init__(
        self,
        records: Records,
        endpoint: EndpointControl,
        usage: Usage,
        limits: Limits,
        price: Price,
        clock: Clock = utc_now,
    ) -> None:
        self._leases, self._demos, self._starts = records.leases, records.demos, records.starts
        self._audit = records.audit
        self._endpoint = endpoint
        self._reconciler = Reconciler(records, endpoint, usage, limits, price, clock)
        self._limits, self._price = limits, price
        self._clock = clock
        self._state = Kept(self._look, STATE_KEPT, clock)
        self._region = Kept(endpoint.region, REGION_KEPT, clock)

    def start(self, minutes: int, who: str, why: str) -> Lease:
        """Lease the endpoint from now on, or raise LeaseRefused."""
        self._check_minutes(minutes, self._limits.most_minutes)
        now = self._clock()
        self._check_allowance(minutes, now, now + timedelta(minutes=minutes))
        lease = self._leases.add(new_lease(now, minutes, who, why))
        self._audit.add(who, f"started for {minutes} minutes", lease.id)
        self.leases_changed()
        return self._leases.find(lease.id) or lease

    def rehearse(self, who: str) -> Lease:
        """Lease it until one verse has been written, or raise LeaseRefused."""
        now, minutes = self._clock(), min(REHEARSED, self._limits.most_minutes)
        self._check_allowance(minutes, now, now + timedelta(minutes=minutes))
        lease = self._leases.add(new_lease(now, minutes, who, "a rehearsal", REHEARSAL))
        self._audit.add(who, "began a rehearsal", lease.id)
        self.leases_changed()
        return lease

    def extend(self, lease_id: str, minutes: int, who: str) -> Lease:
        """Move a live lease's end by some minutes, or raise LeaseNotFound or LeaseRefused."""
        for _ in range(EXTENDED_AT_ONCE):
            try:
                lease = self._prolong(lease_id, minutes)
            except LeaseMoved:
                continue  # by another host: these minutes come on top, if the limits allow them
            self._audit.add(who, f"extended by {minutes} minutes", lease_id)
            self.leases_changed()
            return lease
        busy = "could not be added: others change this lease. Look at its end, then try again."
        raise LeaseRefused([Problem("minutes", minutes, busy)])

    def _prolong(self, lease_id: str, minutes: int) -> Lease:
        now = self._clock()
        lease = self._leases.find_live(lease_id, now)
        latest = lease.starts + timedelta(minutes=self._limits.most_minutes)
        self._check_minutes(minutes, int((latest - lease.until).total_seconds() // 60))
        until = lease.until + timedelta(minutes=minutes)
        self._check_allowance(minutes, now, until)
        return self._leases.prolong(lease, until, now)

    def let_idle(self, lease_id: str, idle_stop: bool, who: str) -> Lease:
        """Say whether a live lease ends early where nobody uses the model, or LeaseNotFound."""
        now = self._clock()
        lease = self._leases.let_idle(self._leases.find_live(lease_id, now), idle_stop, now)
        self._audit.add(who, "lets it stop when idle" if idle_stop else "keeps it on", lease_id)
        self.leases_changed()
        return lease

    def note_request(self) -> None:
        """Somebody asks for a verse through the site."""
        if record := self._starts.running():
            self._starts.note_request(record, self._clock(), requests=1)

    def was_stopped(self, lease_id: str) -> bool:
        """Whether a host has ended this lease before its time."""
        lease = self._leases.find(lease_id)
        return lease is not None and lease.end_reason.startswith(STOPPED)

    def stop(self, lease_id: str, who: str) -> None:
        """End a live lease, or raise LeaseNotFound."""
        now = self._clock()
        self._leases.end(self._leases.find_live(lease_id, now), now, f"{STOPPED} {who}")
        self._audit.add(who, "stopped", lease_id)
        self.leases_changed()

    def leases_changed(self) -> None:
        """What is wanted has changed: take the next step, and look anew.

        The change stands whatever AWS says now: the minute rule takes the step that fails here.
        """
        try:
            self.reconcile()
        except (BotoCoreError, ClientError) as error:
            log.warning("The next minute takes the step: %s", error)
        self._state.forget()
        self._region.forget()

    def live_leases(self) -> list[Lease]:
        return self._leases.live(self._clock())

    def history(self, limit: int = 10) -> list[StartRecord]:
        return self._starts.newest(limit)

    def allowance(self) -> Allowance:
        """What has run of today's minutes and of this month's money."""
        return Allowance.read(self._limits, self._price, self._starts, self._clock())

    def usual_lead(self) -> int:
        """Minutes before a demo at which its model is asked for, unless it says otherwise."""
        return usual_lead(self._starts.waits())

    def region(self) -> Region:
        """Every endpoint of the region, read some seconds ago at most."""
        return self._region.get()

    def state(self) -> EndpointState:
        """The state now; at most a second old. It changes nothing."""
        return self._state.get()

    def _look(self, now: datetime) -> EndpointState:
        endpoint = self._endpoint.describe()
        records, waits = self._starts.newest(), self._starts.waits()
        coming = [each for each in upcoming(self._demos.all(), now) if each.starts > now]
        leases, latest = self._leases.live(now), records[0] if records else None
        creating = endpoint is not None and endpoint.status is Status.CREATING
        return tell_state(
            Situation(
                now=now,
                leases=leases,
                endpoint=endpoint,
                latest=latest,
                usual_seconds=usual_seconds(waits),
                usual_range=usual_range(waits),
                container_spoke=self._container_spoke(endpoint) if creating else None,
                price=self._price,
                next_demo=coming[0] if coming else None,
                idle_stop_at=idle_stop_at(self._limits.idle_minutes, endpoint, leases, latest),
            )
        )

    def _container_spoke(self, endpoint: Endpoint | None) -> datetime | None:
        """An ornament: where the log cannot be read now, it is not told."""
        try:
            return self._endpoint.container_spoke(endpoint.created) if endpoint else None
        except (BotoCoreError, ClientError) as error:
            log.warning("The container's log cannot be read: %s", error)
            return None

    def reconcile(self) -> Step:
        """Compare what is wanted with the endpoint and take the next step."""
        return self._reconciler.reconcile()

    def _check_allowance(self, minutes: int, now: datetime, until: datetime) -> None:
        """Refuse what would go beyond the day's minutes or the month's money, or take from demos
        what they need of a day."""
        self._check_demos(minutes, now, until)
        left = Allowance.read(self._limits, self._price, self._starts, now).left
        ends = max([now, *(lease.until for lease in self._leases.live(now))])
        if until <= ends or until - now <= left:
            return
        free = max(0, int((left - (ends - now)).total_seconds() // 60))
        right = (
            f"is more than the model may still run: {free} minutes are free, with at most "
            f"{self._limits.most_minutes_a_day} minutes a day and "
            f"{self._limits.most_money_a_month:.2f} {self._price.currency} a month."
        )
        raise LeaseRefused([Problem("minutes", minutes, right)])

    def _check_demos(self, minutes: int, now: datetime, until: datetime) -> None:
        lead = self.usual_lead()
        planned = [
            each for each in upcoming(self._demos.all(), now)
            if each.asks_at(lead) > now or not self.was_stopped(each.lease_id)
        ]  # fmt: skip
        wanted = stretches(planned, lead, now)
        use = PlannedUse(self.allowance(), now, wanted, self._leases.live(now))
        if eaten := use.eaten(until, planned, lead):
            raise LeaseRefused([Problem("minutes", minutes, eaten)])

    @staticmethod
    def _check_minutes(minutes: int, most: int) -> None:
        whole = isinstance(minutes, int) and not isinstance(minutes, bool)
        if whole and 1 <= minutes <= most:
            return
        right = f"must be a whole number from 1 to {most}."
        if most < 1:
            right = "the longest time of a start is reached; nothing can be added. Start it anew."
        raise LeaseRefused([Problem("minutes", str(minutes)[:40], right)])
