"""A training job in our words: where it is, since when, what it costs, what it has made."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from scripts.target import Target
from scripts.training_failure import remedy_for
from scripts.training_jobs import ENDED, describe_job
from training_job.launch import Launch
from webapp.settings import Price

_MODEL = "output/model/"  # below the job's name in its output prefix; beside it is output/data/


@dataclass(frozen=True)
class Step:
    """One secondary status of a job."""

    phase: str
    since: datetime
    until: datetime | None
    message: str


@dataclass(frozen=True)
class Cost:
    """What a job costs at the price of its machines without spot."""

    currency: str
    per_hour: float
    so_far: float
    note: str


@dataclass(frozen=True)
class TrainingState:
    """A snapshot; seconds are None before there is a machine, cost where no price is known."""

    name: str
    status: str
    steps: tuple[Step, ...]
    instance: str
    instances: int
    spot: bool
    seconds: int | None
    billable_seconds: int | None
    saved_by_spot: float | None  # part of the seconds that is not billed
    cost: Cost | None
    reason: str
    remedy: str
    metrics: Mapping[str, float]
    model: str  # S3 prefix of the adapter and run.json
    output: str  # S3 prefix of metrics and plot
    checkpoints: str

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def phase(self) -> str:
        return self.steps[-1].phase if self.steps else self.status

    def to_json(self) -> dict[str, Any]:
        steps = [{**asdict(step), "since": _written(step.since), "until": _written(step.until)}
                 for step in self.steps]  # fmt: skip
        return {**asdict(self), "phase": self.phase, "ended": self.ended, "steps": steps}


def state_of(target: Target, name: str) -> TrainingState:
    """A job's state now; raises NoSuchJob."""
    return tell_training(describe_job(target, name), target.settings.price, datetime.now(UTC))


def tell_training(job: Mapping[str, Any], price: Price, now: datetime) -> TrainingState:
    """The state that SageMaker's description of a job tells of."""
    seconds = _seconds(job, now)
    ended = job["TrainingJobStatus"] in ENDED
    billable = job.get("BillableTimeInSeconds")
    spot = bool(job.get("EnableManagedSpotTraining"))
    reason = job.get("FailureReason", "")
    machines = job.get("ResourceConfig", {})
    output = f"{job['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{job['TrainingJobName']}/"
    return TrainingState(
        name=job["TrainingJobName"],
        status=job["TrainingJobStatus"],
        steps=tuple(_steps(job)),
        instance=machines.get("InstanceType", ""),
        instances=machines.get("InstanceCount", 1),
        spot=spot,
        seconds=seconds,
        billable_seconds=billable,
        saved_by_spot=round(1 - min(1, billable / seconds), 3)
        if spot and ended and billable is not None and seconds
        else None,
        cost=_cost(job, price, seconds if billable is None else billable),
        reason=reason,
        remedy=remedy_for(reason),
        metrics={each["MetricName"]: each["Value"] for each in job.get("FinalMetricDataList", ())},
        model=job.get("ModelArtifacts", {}).get("S3ModelArtifacts") or f"{output}{_MODEL}",
        output=f"{output}output/data/",
        checkpoints=job.get("CheckpointConfig", {}).get("S3Uri", ""),
    )


def _seconds(job: Mapping[str, Any], now: datetime) -> int | None:
    """How long the job has had a machine."""
    if "TrainingTimeInSeconds" in job:
        return int(job["TrainingTimeInSeconds"])
    if "TrainingStartTime" not in job:
        return None
    until = job.get("TrainingEndTime", now)
    return max(0, int((until - job["TrainingStartTime"]).total_seconds()))


def _steps(job: Mapping[str, Any]) -> Iterator[Step]:
    for told in job.get("SecondaryStatusTransitions", ()):
        until = told.get("EndTime")
        yield Step(
            told["Status"],
            told["StartTime"].astimezone(UTC),
            until.astimezone(UTC) if until else None,
            told.get("StatusMessage", ""),
        )


def _cost(job: Mapping[str, Any], price: Price, seconds: int | None) -> Cost | None:
    """By the job's own price where it has one, else by ours where it is of such a machine."""
    machines = job.get("ResourceConfig", {})
    per_hour = float(job.get("HyperParameters", {}).get("price_per_hour", 0))
    if not per_hour and machines.get("InstanceType") == Launch.instance_type:
        per_hour = price.per_hour * machines.get("InstanceCount", 1)
    if not per_hour:
        return None
    so_far = round((seconds or 0) / 3600 * per_hour, 4)
    return Cost(price.currency, per_hour, so_far, price.note)


def _written(when: datetime | None) -> str | None:
    return when.isoformat(timespec="seconds") if when else None
