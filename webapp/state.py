"""The endpoint's state in our words: off, starting, ready, stopping or failed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from webapp.demos import Occurrence
from webapp.endpoint import Endpoint, Status
from webapp.failure import explain
from webapp.leases import Lease, written
from webapp.settings import Price
from webapp.starts import StartRecord, UsualRange

FAILURE_SHOWN = timedelta(hours=1)


class State(StrEnum):
    """What visitors and hosts are told."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    FAILED = "failed"


@dataclass(frozen=True)
class Cost:
    """Money since the endpoint was asked for, and until its last lease ends."""

    currency: str
    per_hour: float
    so_far: float
    projected: float
    priced_on: str
    note: str


@dataclass(frozen=True)
class EndpointState:
    """A snapshot; `seconds` have passed since `since`, when the state was entered."""

    state: State
    now: datetime
    cost: Cost
    phase: str | None = None  # starting: requested, machine, loading; stopping: ending
    since: datetime | None = None
    phase_since: datetime | None = None
    usual_seconds: int | None = None
    usual_range: UsualRange | None = None  # of the last starts
    until: datetime | None = None
    reason: str | None = None
    remedy: str | None = None
    next_demo: Occurrence | None = None  # that begins after now
    idle_stop_at: datetime | None = None  # unless somebody asks for a verse until then
    requests: int | None = None  # for verses, through the site, since it was asked for
    who: str | None = None  # started it
    why: str | None = None

    @property
    def seconds(self) -> int:
        return max(0, int((self.now - self.since).total_seconds())) if self.since else 0

    @property
    def phase_seconds(self) -> int:
        """Seconds in the phase alone."""
        since = self.phase_since
        return max(0, int((self.now - since).total_seconds())) if since else 0

    def to_json(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        shown = {name: written(value) for name, value in fields.items()}
        demo = self.next_demo.to_json() if self.next_demo else None
        usual = asdict(self.usual_range) if self.usual_range else None
        seconds = {"seconds": self.seconds, "phase_seconds": self.phase_seconds}
        return (
            shown | seconds | {"cost": asdict(self.cost), "next_demo": demo, "usual_range": usual}
        )


@dataclass(frozen=True)
class Situation:
    """Everything that a state is told from."""

    now: datetime
    leases: Sequence[Lease]  # the live ones, the longest last
    endpoint: Endpoint | None
    latest: StartRecord | None
    usual_seconds: int | None
    usual_range: UsualRange | None
    container_spoke: datetime | None  # first, since the endpoint was asked for
    price: Price
    next_demo: Occurrence | None
    idle_stop_at: datetime | None


def tell_state(s: Situation) -> EndpointState:
    """The state of a situation; a pure function."""
    name, phase, since = _name(s)
    told = EndpointState(
        state=name,
        now=s.now,
        cost=_cost(s),
        phase=phase,
        since=since,
        phase_since=s.container_spoke if phase == "loading" else since,
        usual_seconds=s.usual_seconds if name is State.STARTING else None,
        usual_range=s.usual_range if name is State.STARTING else None,
        until=s.leases[-1].until if s.leases else None,
        next_demo=s.next_demo,
        idle_stop_at=s.idle_stop_at,
        **_started(s),
    )
    if not (failure := _failure(s, name)):
        return told
    reason, remedy, _ = explain(failure)
    return replace(told, reason=reason, remedy=remedy)


def _started(s: Situation) -> dict[str, Any]:
    """Who started it, why, and how many verses were asked of it."""
    if s.endpoint is None or s.latest is None or s.latest.ended is not None:
        return {}
    return {"requests": s.latest.requests, "who": s.latest.who, "why": s.latest.why}


def _failure(s: Situation, name: State) -> str:
    """AWS's words for why it failed, or for why it is being started again."""
    latest = s.latest.failure if s.latest else ""
    if name is State.FAILED:
        return s.endpoint.failure if s.endpoint else latest
    tried = s.latest is not None and bool(s.leases) and s.latest.asked >= s.leases[0].starts
    return latest if name is State.STARTING and s.endpoint is None and tried else ""


def _name(s: Situation) -> tuple[State, str | None, datetime | None]:
    if s.endpoint is None:
        return _name_without_endpoint(s)
    match s.endpoint.status:
        case Status.FAILED:
            return State.FAILED, None, s.endpoint.modified
        case Status.DELETING:
            return State.STOPPING, "ending", s.endpoint.modified
        case _ if not s.leases:
            return State.STOPPING, "ending", s.endpoint.modified
        case Status.CREATING:
            return State.STARTING, "loading" if s.container_spoke else "machine", s.endpoint.created
        case _:
            return State.READY, None, _ready_since(s.endpoint, s.latest)


def _name_without_endpoint(s: Situation) -> tuple[State, str | None, datetime | None]:
    if s.leases:
        return State.STARTING, "requested", min(lease.starts for lease in s.leases)
    if s.latest and s.latest.failure and s.now - _end(s.latest) < FAILURE_SHOWN:
        return State.FAILED, None, _end(s.latest)
    return State.OFF, None, _end(s.latest) if s.latest else None


def _end(record: StartRecord) -> datetime:
    return record.ended or record.asked


def _ready_since(endpoint: Endpoint, latest: StartRecord | None) -> datetime:
    known = latest.ready if latest and latest.ended is None else None
    return known or endpoint.modified


def _cost(s: Situation) -> Cost:
    rate = s.price.per_hour / 3600
    created = s.endpoint.created if s.endpoint else s.now
    so_far = (s.now - created).total_seconds() * rate
    until = s.leases[-1].until if s.leases else s.now
    projected = max(so_far, (until - created).total_seconds() * rate)
    return Cost(
        s.price.currency,
        s.price.per_hour,
        round(max(0.0, so_far), 4),
        round(max(0.0, projected), 4),
        s.price.priced_on,
        s.price.note,
    )
