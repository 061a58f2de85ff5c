"""What DescribeTrainingJob shows of one job; every change is on disk at once."""

import copy
import time
from collections.abc import Callable
from threading import RLock
from typing import Any

from infrastructure.local_cloud.training.request import JobRequest

LONGEST_REASON = 1024  # characters of a failure that SageMaker shows
SEEN_SECONDS = 10  # how often a job that runs is written down, for the case that the cloud dies
_HIDDEN = {"Tags", "SessionChainingConfig"}
_FINAL = {
    "Completed": "Completed",
    "Failed": "Failed",
    "Stopped": "Stopped",
    "MaxRuntimeExceeded": "Stopped",
    "MaxWaitTimeExceeded": "Stopped",
}
_MESSAGES = {
    "Starting": "Starting the training job",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Interrupted": "Training job interrupted: the spot instance was taken back",
    "Restarting": "Restarting the training job on another spot instance",
    "Uploading": "Uploading generated training model",
    "Stopping": "Stopping the training job",
    "Stopped": "Training job stopped",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
    "MaxWaitTimeExceeded": "Training job wait time exceeded MaxWaitTimeInSeconds provided",
}

Facts = dict[str, Any]


class JobRecord:
    """A job's answer to Describe, and what it takes to make it; times are seconds since 1970."""

    def __init__(self, facts: Facts, keep: Callable[[Facts], None]) -> None:
        self._facts = facts
        self._keep = keep
        self._lock = RLock()

    @classmethod
    def begin(cls, request: JobRequest, arn: str, keep: Callable[[Facts], None]) -> "JobRecord":
        now = _now()
        shown = {
            "EnableNetworkIsolation": False,
            "EnableInterContainerTrafficEncryption": False,
            "EnableManagedSpotTraining": False,
            "StoppingCondition": {"MaxRuntimeInSeconds": int(request.most_running)},
            **{field: what for field, what in request.body.items() if field not in _HIDDEN},
            "TrainingJobArn": arn,
            "ModelArtifacts": {"S3ModelArtifacts": request.artifacts},
            "CreationTime": now,
            "SecondaryStatusTransitions": [],
        }
        record = cls({"shown": shown, "ran": 0.0, "seen": now, "metrics": {}}, keep)
        record.tell("Starting")
        return record

    @property
    def status(self) -> str:
        return str(self._facts["shown"]["TrainingJobStatus"])

    @property
    def secondary(self) -> str:
        return str(self._facts["shown"]["SecondaryStatus"])

    @property
    def finished(self) -> bool:
        return self.secondary in _FINAL

    @property
    def created(self) -> float:
        return float(self._facts["shown"]["CreationTime"])

    def tell(self, secondary: str, when: float | None = None) -> None:
        """Go on to a secondary status, and to the status it belongs to."""
        now = _now() if when is None else when
        with self._lock:
            shown = self._facts["shown"]
            transitions = shown["SecondaryStatusTransitions"]
            if transitions:
                transitions[-1]["EndTime"] = now
            told = {"Status": secondary, "StartTime": now, "StatusMessage": _MESSAGES[secondary]}
            transitions.append(told)
            shown["SecondaryStatus"] = secondary
            shown["TrainingJobStatus"] = self._status_with(secondary)
            shown["LastModifiedTime"] = now
            if secondary == "Downloading":
                shown.setdefault("TrainingStartTime", now)
            if secondary in _FINAL:
                told["EndTime"] = shown["TrainingEndTime"] = now
            self._save()

    def _status_with(self, secondary: str) -> str:
        if secondary in _FINAL:
            return _FINAL[secondary]
        stopping = "Stopping" in (secondary, self._facts["shown"].get("TrainingJobStatus"))
        return "Stopping" if stopping else "InProgress"

    def fail(self, reason: str, when: float | None = None) -> None:
        with self._lock:
            self._facts["shown"]["FailureReason"] = reason
            self.tell("Failed", when)

    def fail_as_last_seen(self, reason: str) -> None:
        """For a job that ended with an earlier local cloud."""
        self.fail(reason, self._facts["seen"])

    def ran(self, seconds: float) -> None:
        """The process has run so long in all."""
        with self._lock:
            self._facts["ran"] = seconds
            if time.time() - self._facts["seen"] > SEEN_SECONDS:
                self._save()

    def measured(self, metric: str, value: float) -> None:
        with self._lock:
            self._facts["metrics"][metric] = [value, _now()]

    def describe(self) -> Facts:
        with self._lock:
            shown: Facts = copy.deepcopy(self._facts["shown"])
            ran, metrics = self._facts["ran"], dict(self._facts["metrics"])
        if "TrainingStartTime" in shown:
            ended = shown.get("TrainingEndTime", time.time())
            shown["TrainingTimeInSeconds"] = max(1, round(ended - shown["TrainingStartTime"]))
        if ran:
            shown["BillableTimeInSeconds"] = max(1, round(ran))
        if metrics:
            shown["FinalMetricDataList"] = [
                {"MetricName": name, "Value": value, "Timestamp": when}
                for name, (value, when) in metrics.items()
            ]
        return shown

    def _save(self) -> None:
        self._facts["seen"] = _now()
        self._keep(self._facts)


def cloud_ended(request: JobRequest) -> str:
    """Why a job failed that ran when its cloud ended, and what is left of it."""
    if request.checkpoints is None:
        return (
            "The local cloud ended while the job ran. "
            "The job had no CheckpointConfig: a new job begins at the beginning."
        )
    return (
        "The local cloud ended while the job ran. Its checkpoints are kept in "
        f"{request.checkpoints.uri}: a new job with the same CheckpointConfig goes on from them."
    )


def _now() -> float:
    return round(time.time(), 3)  # AWS's times are no finer
