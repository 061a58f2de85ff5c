"""The switch: hosts lease the endpoint, and everybody is told what it is doing."""

from datetime import datetime, timedelta

from bars.verse import Problem
from webapp.demo_store import DemoStore
from webapp.demos import upcoming, usual_lead
from webapp.endpoint import Endpoint, EndpointControl, Status
from webapp.leases import Lease, LeaseStore, new_lease
from webapp.reconciler import Clock, Reconciler, Step, utc_now
from webapp.releases import ReleaseStore
from webapp.settings import Price
from webapp.starts import StartRecord, StartStore, usual_seconds
from webapp.state import EndpointState, Situation, tell_state

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
        self._endpoint = endpoint
        self._reconciler = Reconciler(leases, demos, starts, releases, endpoint, clock)
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
        """Compare what is wanted with the endpoint and take the next step."""
        return self._reconciler.reconcile()

    @staticmethod
    def _check_minutes(minutes: int, most: int) -> None:
        whole = isinstance(minutes, int) and not isinstance(minutes, bool)
        if whole and 1 <= minutes <= most:
            return
        right = f"must be a whole number from 1 to {most}."
        if most < 1:
            right = "the longest time is reached; nothing can be added now."
        raise LeaseRefused([Problem("minutes", minutes, right)])
