"""The switch: leases say whether the endpoint is wanted, `reconcile` takes the next step.

Nobody else creates or deletes the endpoint. `reconcile` runs after every change of the leases
and every minute; it may be repeated, interrupted at any call, and run twice at once.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bars.verse import Problem
from webapp.demo_store import DemoStore
from webapp.demos import KIND, around, upcoming, usual_lead
from webapp.endpoint import CreateRefused, Endpoint, EndpointControl, Status
from webapp.leases import Lease, LeaseStore, new_lease
from webapp.releases import ReleaseStore
from webapp.settings import Price
from webapp.starts import StartRecord, StartStore, usual_seconds
from webapp.state import EndpointState, Situation, tell_state

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
STATE_KEPT = timedelta(seconds=1)  # a whole audience asks; AWS need not be asked each time
CONFIG_SETTLES = timedelta(minutes=2)  # CreateEndpoint reads a fresh configuration late


class LeaseRefused(ValueError):
    """A lease was asked for that may not be given; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(f"{p.field}: {p.message}" for p in problems))
        self.problems = problems


class Step(StrEnum):
    """What reconciling did."""

    NOTHING = "nothing"
    CREATED = "created"
    DELETED = "deleted"
    REFUSED = "refused"


def utc_now() -> datetime:
    return datetime.now(UTC)


class Switch:
    """The endpoint's switch, as hosts, scripts and the minute rule use it."""

    def __init__(
        self,
        leases: LeaseStore,
        demos: DemoStore,
        starts: StartStore,
        releases: ReleaseStore,
        endpoint: EndpointControl,
        price: Price,
        most_minutes: int,
        clock: Clock = utc_now,
    ) -> None:
        self._leases = leases
        self._demos = demos
        self._starts = starts
        self._releases = releases
        self._endpoint = endpoint
        self._price = price
        self._most_minutes = most_minutes
        self._clock = clock
        self._told: EndpointState | None = None

    def start(self, minutes: int, who: str, why: str) -> Lease:
        """Lease the endpoint from now on, or raise LeaseRefused."""
        self._check_minutes(minutes, self._most_minutes)
        lease = self._leases.add(new_lease(self._clock(), minutes, who, why))
        self.leases_changed()
        return lease

    def extend(self, lease_id: str, minutes: int) -> Lease:
        """Move a live lease's end by some minutes, or raise LeaseNotFound or LeaseRefused."""
        now = self._clock()
        lease = self._leases.find_live(lease_id, now)
        latest = now + timedelta(minutes=self._most_minutes)
        left = int((latest - lease.until).total_seconds() // 60)
        self._check_minutes(minutes, left)
        lease = self._leases.prolong(lease, lease.until + timedelta(minutes=minutes))
        self.leases_changed()
        return lease

    def stop(self, lease_id: str) -> None:
        """End a live lease, or raise LeaseNotFound."""
        now = self._clock()
        self._leases.end(self._leases.find_live(lease_id, now), now, "stopped by a host")
        self.leases_changed()

    def leases_changed(self) -> None:
        """What is wanted has changed: look anew, and take the next step."""
        self._told = None
        self.reconcile()

    def live_leases(self) -> list[Lease]:
        return self._leases.live(self._clock())

    def history(self, limit: int = 10) -> list[StartRecord]:
        return self._starts.newest(limit)

    def usual_lead(self) -> int:
        """Minutes before a demo at which its model is asked for, unless it says otherwise."""
        return usual_lead(self._starts.newest())

    def state(self) -> EndpointState:
        """The state now; at most a second old. It changes nothing."""
        now = self._clock()
        if self._told is None or not now - STATE_KEPT < self._told.now <= now:
            self._told = self._look(now)
        return self._told

    def _look(self, now: datetime) -> EndpointState:
        endpoint = self._endpoint.describe()
        records = self._starts.newest()
        coming = [each for each in upcoming(self._demos.all(), now) if each.starts > now]
        creating = endpoint is not None and endpoint.status is Status.CREATING
        return tell_state(
            Situation(
                now=now,
                leases=self._leases.live(now),
                endpoint=endpoint,
                latest=records[0] if records else None,
                usual_seconds=usual_seconds(records),
                container_spoke=creating and self._container_spoke(endpoint),
                price=self._price,
                next_demo=coming[0] if coming else None,
            )
        )

    def _container_spoke(self, endpoint: Endpoint | None) -> bool:
        return endpoint is not None and self._endpoint.container_spoke(endpoint.created)

    def reconcile(self) -> Step:
        """Compare the leases with the endpoint and take the next step."""
        now = self._clock()
        self._at_best(self._lease_demos, now)
        endpoint = self._endpoint.describe()
        leases = self._leases.live(now)
        if endpoint and endpoint.status is Status.FAILED:
            self._keep_books(endpoint, leases, now)  # it costs nothing, and its reason must be kept
        else:
            self._at_best(self._keep_books, endpoint, leases, now)
        if endpoint is None:
            return self._create(leases, now) if leases else Step.NOTHING
        if endpoint.status is Status.FAILED:
            self._end_all(leases, now, "the start failed")
        elif leases or endpoint.status is not Status.IN_SERVICE:
            return Step.NOTHING  # a delete is refused while the endpoint changes
        log.info("Deleting the endpoint: %s.", endpoint.failure or "no lease is left")
        self._endpoint.delete()
        return Step.DELETED

    def _at_best(self, work: Callable[..., None], *arguments: Any) -> None:
        """Do what the next minute can do as well: a table that fails must keep no machine on."""
        try:
            work(*arguments)
        except (BotoCoreError, ClientError) as error:
            log.warning("Put off to the next minute: %s", error)

    def _lease_demos(self, now: datetime) -> None:
        """Lease for the demos whose time has come; end the leases of those that no longer are."""
        planned = around(self._demos.all(), now)
        if planned:
            lead = self.usual_lead()
            for each in planned:
                if each.asks_at(lead) <= now < each.ends:
                    self._leases.add_once(each.lease(lead))
        known = {each.lease_id for each in planned}
        for lease in self._leases.live(now):
            if lease.kind == KIND and lease.id not in known:
                self._leases.end(lease, now, "its demo was changed or cancelled")

    def _create(self, leases: list[Lease], now: datetime) -> Step:
        release = self._releases.current()
        try:
            if release is None:
                raise CreateRefused("There is no release.", passing=False)
            self._endpoint.create(release.endpoint_config)
        except CreateRefused as refusal:
            self._bear_refusal(refusal, leases, now)
            return Step.REFUSED
        log.info("Asked for the endpoint with %s.", release.endpoint_config)
        self._keep_books(self._endpoint.describe(), leases, now)
        return Step.CREATED

    def _bear_refusal(self, refusal: CreateRefused, leases: list[Lease], now: datetime) -> None:
        log.warning("The endpoint is refused: %s", refusal)
        waited = now - min(lease.starts for lease in leases)
        if refusal.passing and waited < CONFIG_SETTLES:
            return  # the minute rule asks again
        asker = leases[0]
        record = StartRecord(f"refused-{asker.id}", asker.starts, asker.who, asker.why, config="")
        self._starts.open(replace(record, ended=now, failure=str(refusal)))
        self._end_all(leases, now, "the start was refused")

    def _keep_books(self, endpoint: Endpoint | None, leases: list[Lease], now: datetime) -> None:
        """Write down what is seen: a new life of the endpoint, ready, failed, gone."""
        life = endpoint.created.isoformat(timespec="milliseconds") if endpoint else None
        for record in self._starts.newest():
            if record.ended is None and record.id != life:
                self._starts.note(record, "ended", now)
        if endpoint is None or life is None:
            return
        asker = leases[0] if leases else None
        who, why = (asker.who, asker.why) if asker else ("unknown", "")
        record = StartRecord(life, endpoint.created, who, why, endpoint.config)
        self._starts.open(record)
        if endpoint.status is Status.IN_SERVICE:
            self._starts.note(record, "ready", min(now, max(endpoint.modified, endpoint.created)))
        if endpoint.failure:
            self._starts.note(record, "failure", endpoint.failure)

    def _end_all(self, leases: list[Lease], now: datetime, reason: str) -> None:
        for lease in leases:
            self._leases.end(lease, now, reason)

    @staticmethod
    def _check_minutes(minutes: int, most: int) -> None:
        whole = isinstance(minutes, int) and not isinstance(minutes, bool)
        if whole and 1 <= minutes <= most:
            return
        right = f"must be a whole number from 1 to {most}."
        if most < 1:
            right = "the longest time is reached; nothing can be added now."
        raise LeaseRefused([Problem("minutes", minutes, right)])
