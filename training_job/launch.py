"""What is decided about a training job, and its CreateTrainingJob request as data.

Neither AWS nor torch is here: scripts.start_training sends the request.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from training_job.directories import BASE, DATA
from training_job.metrics import METRIC_DEFINITIONS

MOST_HOURS = 28 * 24  # SageMaker's longest job
RUNS = "training/runs/"  # in the bucket: a folder for each run: checkpoints/, jobs/
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)
_CHECKPOINTS = re.compile(rf"s3://([^/]+)/{RUNS}([^/]+)/checkpoints/?")


class LaunchWrong(ValueError):
    """The job cannot be asked for in this way; the message names every problem."""


@dataclass(frozen=True)
class Launch:
    """One training job. Jobs of one `run` go on from each other's checkpoints."""

    name: str
    run: str
    image: str
    role: str
    bucket: str
    data: str  # S3 prefix of the prepared lessons
    hyperparameters: Mapping[str, str]
    base: str = ""  # S3 prefix of the base model; without it the job asks the hub
    instance_type: str = "ml.g4dn.xlarge"
    instances: int = 1
    volume_gb: int = 100
    max_hours: float = 24.0
    spot: bool = False
    max_wait_hours: float | None = None  # of a spot job: for its machine and its work together
    git_commit: str = ""
    project: str = "deep-hop"

    def __post_init__(self) -> None:
        if problems := [*self._problems()]:
            raise LaunchWrong(" ".join(problems))

    def _problems(self) -> Iterator[str]:
        for what, name in (("--name", self.name), ("The run", self.run)):
            if not _NAME.fullmatch(name):
                yield f"{what} is {name!r}; it must be 1 to 63 letters, digits and hyphens."
        if not _ROLE.fullmatch(self.role):
            yield f"--role is {self.role!r}; it must be a role's ARN, arn:aws:iam::...:role/..."
        if not 1 <= len(self.image) <= 255:
            yield f"--image has {len(self.image)} characters; it must have 1 to 255."
        if not 1 <= self.instances <= 100:
            yield f"--instances is {self.instances}; it must be a whole number from 1 to 100."
        if not 0 < self.max_hours <= MOST_HOURS:  # not: NaN
            yield f"--max-hours is {self.max_hours:g}; it must be above 0, at most {MOST_HOURS}."
        wait = self.max_wait_hours
        if wait is not None and not self.spot:
            yield "--max-wait-hours is for a job with --spot."
        elif wait is not None and not self.max_hours <= wait <= 2 * MOST_HOURS:
            yield (
                f"--max-wait-hours is {wait:g}; it counts waiting and work together, so it must be "
                f"from {self.max_hours:g} (--max-hours) to {2 * MOST_HOURS}."
            )

    @property
    def wait_hours(self) -> float:
        """How long a spot job may take in all; unless told, half of it may be waiting."""
        return 2 * self.max_hours if self.max_wait_hours is None else self.max_wait_hours

    @property
    def folder(self) -> str:
        """Where everything lies that the run makes."""
        return f"s3://{self.bucket}/{RUNS}{self.run}/"


def training_job_request(launch: Launch) -> dict[str, Any]:
    """The CreateTrainingJob request."""
    stopping = {"MaxRuntimeInSeconds": _seconds(launch.max_hours)}
    if launch.spot:
        stopping["MaxWaitTimeInSeconds"] = _seconds(launch.wait_hours)
    channels = {DATA: launch.data} | ({BASE: launch.base} if launch.base else {})
    tags = {"project": launch.project, "run": launch.run}
    return {
        "TrainingJobName": launch.name,
        "RoleArn": launch.role,
        "AlgorithmSpecification": {
            "TrainingImage": launch.image,
            "TrainingInputMode": "File",
            "MetricDefinitions": [dict(each) for each in METRIC_DEFINITIONS],
        },
        "HyperParameters": dict(launch.hyperparameters),
        "InputDataConfig": [_channel(name, uri) for name, uri in channels.items()],
        # no archive, so that the adapter's files can be fetched and deployed as they are
        "OutputDataConfig": {"S3OutputPath": f"{launch.folder}jobs", "CompressionType": "NONE"},
        "CheckpointConfig": {
            "S3Uri": f"{launch.folder}checkpoints/",
            "LocalPath": "/opt/ml/checkpoints",
        },
        "ResourceConfig": {
            "InstanceType": launch.instance_type,
            "InstanceCount": launch.instances,
            "VolumeSizeInGB": launch.volume_gb,
        },
        "StoppingCondition": stopping,
        "EnableManagedSpotTraining": launch.spot,
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        **({"Environment": environment} if (environment := _environment(launch)) else {}),
    }


def _seconds(hours: float) -> int:
    return max(1, round(hours * 3600))


def _channel(name: str, uri: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, "InputMode": "File"}


def _environment(launch: Launch) -> dict[str, str]:
    environment = {}
    if launch.base:
        environment["HF_HUB_OFFLINE"] = "1"  # whatever is missing is an error, not a download
    if launch.git_commit:
        environment["DEEP_HOP_GIT_COMMIT"] = launch.git_commit
    return environment


def launch_of(job: Mapping[str, Any], project: str) -> Launch:
    """What was decided about a job, from its description; LaunchWrong if it is none of ours."""
    name = job["TrainingJobName"]
    found = _CHECKPOINTS.fullmatch(job.get("CheckpointConfig", {}).get("S3Uri", ""))
    if not found:
        raise LaunchWrong(
            f"{name} has no checkpoints of ours. Only a job that scripts.start_training has "
            "started can be gone on with."
        )
    channels = {
        channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]
        for channel in job["InputDataConfig"]
    }
    machines, stopping = job["ResourceConfig"], job["StoppingCondition"]
    wait = stopping.get("MaxWaitTimeInSeconds")
    return Launch(
        name=name,
        run=found[2],
        image=job["AlgorithmSpecification"]["TrainingImage"],
        role=job["RoleArn"],
        bucket=found[1],
        data=channels[DATA],
        hyperparameters=job.get("HyperParameters", {}),
        base=channels.get(BASE, ""),
        instance_type=machines["InstanceType"],
        instances=machines["InstanceCount"],
        volume_gb=machines["VolumeSizeInGB"],
        max_hours=stopping["MaxRuntimeInSeconds"] / 3600,
        spot=job.get("EnableManagedSpotTraining", False),
        max_wait_hours=wait / 3600 if wait else None,
        git_commit=job.get("Environment", {}).get("DEEP_HOP_GIT_COMMIT", ""),
        project=project,
    )
