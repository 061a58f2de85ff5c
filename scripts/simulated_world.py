"""The switch in a simulated cloud, with a meter that knows the truth about every minute."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from scripts.simulated_cloud import (
    NO_FAULTS,
    Crash,
    Faults,
    NobodyAsks,
    SilentLogs,
    SimulatedSageMaker,
    SimulatedTable,
    Time,
)
from scripts.taking_turns import TakingTurns
from webapp.audit import AuditLog
from webapp.demo_store import DemoChanged, DemoStore
from webapp.demos import KIND, Demo, around, usual_lead
from webapp.endpoint import EndpointControl
from webapp.leases import Lease, LeaseStore
from webapp.reconciler import Step
from webapp.records import Records
from webapp.releases import Release, ReleaseStore
from webapp.schedule import Schedule
from webapp.settings import Limits, Price
from webapp.starts import StartStore
from webapp.switch import Switch
from webapp.usage import Usage

Span = tuple[datetime, datetime]
MINUTE = timedelta(minutes=1)
MOST_FAILED_RUNS = 4  # in a row; the cloud lets every fifth run through
CLOCK_ERROR = timedelta(seconds=90)  # at most, either way
CALLS_TAKE = timedelta(seconds=30)  # those of one run, at most
BOUND = (MOST_FAILED_RUNS + 1) * MINUTE + CLOCK_ERROR + SimulatedSageMaker.LATE + CALLS_TAKE
"""How long the endpoint may stand without a lease, while the cloud would take a delete.

A lease ends by the switch's clock, up to CLOCK_ERROR after its time. The rule fires within a
minute. Of five runs in a row at least one is free of faults; it describes the endpoint, which may
be up to LATE behind and still look unfinished, sees that no lease is live, and deletes. One run's
calls take no longer than CALLS_TAKE. Nothing else has to happen, so the sum is the bound.
"""
LIMITS = Limits(most_minutes_a_day=24 * 60, most_money_a_month=10_000)
RELEASE = Release("config-1", "model-1", "1", "image", "2026-01-01T00:00:00+00:00")


class Meter:
    """Adds up, call by call, how long the endpoint stood without anybody wanting it."""

    def __init__(
        self, status: Callable[[datetime], str | None], wanted: Callable[[datetime], bool]
    ):
        self._status, self._wanted = status, wanted
        self.standing = timedelta()  # in the present stretch
        self.longest = timedelta()
        self.leaked = timedelta()  # beyond the bound, over all stretches

    def watch(self, before: datetime, after: datetime) -> None:
        """Between two moments; it looks every ten seconds."""
        while before < after:
            step = min(after - before, timedelta(seconds=10))
            if self._status(before) == "InService" and not self._wanted(before):
                over = max(timedelta(), self.standing + step - max(BOUND, self.standing))
                self.standing += step
                self.leaked += over
                self.longest = max(self.longest, self.standing)
            else:
                self.standing = timedelta()
            before += step


class SimulatedWorld:
    """A cloud, its tables, and the processes of the site that act on them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # nosec B311  # simulated faults
        self.faults = Faults(self.random)
        self.time = Time()
        self.turns = TakingTurns(self.random)
        self.sagemaker = SimulatedSageMaker(self.time, self.faults, self._gate)
        names = ("leases", "demos", "starts", "releases", "audit")
        self.tables = {name: SimulatedTable(self.faults, self._gate) for name in names}
        ReleaseStore(self.tables["releases"]).make_current(RELEASE)
        self.meter = Meter(self.sagemaker.status, self._wanted)
        self.time.watch = self.meter.watch
        self._wishes: tuple[tuple[int, int], datetime, list[Span]] | None = None
        self.steps = self.failed_in_a_row = 0
        self.failed_runs: list[datetime] = []  # that were disturbed or missing

    def switch(self) -> Switch:
        """A process's own; nothing is kept from one to the next."""
        tables = self.tables
        records = Records(
            LeaseStore(tables["leases"]),
            DemoStore(tables["demos"]),
            StartStore(tables["starts"]),
            ReleaseStore(tables["releases"]),
            self._audit(),
        )
        endpoint = EndpointControl(self.sagemaker, SilentLogs(), "hop")
        usage = Usage(NobodyAsks(self.faults, self._gate), "hop")
        return Switch(records, endpoint, usage, LIMITS, Price(), self.time.clock)

    def schedule(self) -> Schedule:
        demos = DemoStore(self.tables["demos"])
        return Schedule(demos, self._audit(), self.switch(), LIMITS, self.time.clock)

    def _audit(self) -> AuditLog:
        return AuditLog(self.tables["audit"], self.time.clock)

    def run_rule(self, at_once: int = 1) -> None:
        """The minute rule fires; by chance of the world twice at the same time."""
        rates, before = self.faults.rates, self.faults.of_calls
        if not self.may_fail:
            self.faults.rates = NO_FAULTS
        began, ended_well = self.time.now, list[bool]()
        if at_once == 1:
            ended_well.append(self._reconcile())
        else:
            self.turns.run([lambda: ended_well.append(self._reconcile())] * at_once)
        self.faults.rates = rates
        self.note_run(all(ended_well) and self.faults.of_calls == before, began)

    @property
    def may_fail(self) -> bool:
        """Whether the next run may be disturbed."""
        return self.failed_in_a_row < MOST_FAILED_RUNS

    def note_run(self, undisturbed: bool, began: datetime) -> None:
        self.failed_in_a_row = 0 if undisturbed else self.failed_in_a_row + 1
        if not undisturbed:
            self.failed_runs.append(began)

    def try_(self, act: Callable[[], object]) -> bool:
        """What a host does; whether no fault came between."""
        try:
            act()
        except (BotoCoreError, ClientError, Crash):
            return False
        except (LookupError, ValueError, DemoChanged):
            return True  # refused in words: too late, or done already
        return True

    def _reconcile(self) -> bool:
        self.steps += 1
        did: list[Step] = []
        return self.try_(lambda: did.append(self.switch().reconcile())) and did != [Step.REFUSED]

    def _gate(self) -> None:
        self.time.pass_(seconds=self.random.uniform(0.02, 0.5))
        self.turns.gate()

    def _wanted(self, moment: datetime) -> bool:
        """Whether a lease that is still somebody's wish is live, by the true time."""
        version = (self.tables["leases"].version, self.tables["demos"].version)
        if self._wishes is None or self._wishes[0] != version or moment > self._wishes[1]:
            self._wishes = (version, moment + timedelta(hours=1), self._read_wishes(moment))
        return any(starts <= moment < until for starts, until in self._wishes[2])

    def _read_wishes(self, moment: datetime) -> list[Span]:
        planned = {each.lease_id for each in around(self.planned(), moment)}
        return [
            (datetime.fromisoformat(item["starts"]), datetime.fromisoformat(item["until"]))
            for item in self.tables["leases"].items.values()
            if item["ended"] is None and (item["kind"] != KIND or item["id"] in planned)
        ]

    def leases(self, now: datetime) -> list[Lease]:
        """The live ones, as they truly lie in their table."""
        return LeaseStore(self.tables["leases"].quiet()).live(now)

    def lease(self, lease_id: str) -> Lease | None:
        """A lease, live or ended."""
        return LeaseStore(self.tables["leases"].quiet()).find(lease_id)

    def usual_lead(self) -> int:
        return usual_lead(StartStore(self.tables["starts"].quiet()).newest())

    def planned(self) -> list[Demo]:
        """The demos as they truly lie in their table."""
        return DemoStore(self.tables["demos"].quiet()).all()
