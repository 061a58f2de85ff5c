"""A training job as it was asked for: what the local cloud obeys, and what it refuses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infrastructure.local_cloud import refusals
from infrastructure.local_cloud.object_store import Place
from infrastructure.local_cloud.settings import CloudSettings

CHECKPOINTS = "/opt/ml/checkpoints"
_ONE_DAY = 86400  # SageMaker's limit of a job's running time where it names none
_NOT_DONE = {
    "RetryStrategy": "does not retry failed jobs",
    "ServerlessJobConfig": "has no serverless jobs",
    "AlgorithmSpecification.AlgorithmName": "has no algorithms but its images",
    "AlgorithmSpecification.ContainerEntrypoint": "starts images in their own way",
    "AlgorithmSpecification.ContainerArguments": "starts images in their own way",
    "ResourceConfig.InstanceGroups": "has one machine",
    "ResourceConfig.InstancePreferences": "has one machine",
}
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_CHANNEL_NAME = re.compile(r"(?!\.+$)[A-Za-z0-9.\-_]{1,64}")
_MISNAMED = (
    "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: {}"
)
_NO_REPOSITORY = (
    "Cannot find repository: {image} in registry ID: {account} Please check if your ECR repository "
    "exists and role {role} has proper pull permissions for SageMaker: "
    "ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer"
)


@dataclass(frozen=True)
class Channel:
    """One input of a job: every object below a prefix."""

    name: str
    place: Place
    content_type: str = ""


class JobRequest:
    """The request of one CreateTrainingJob."""

    def __init__(self, region: str, body: dict[str, Any]) -> None:
        self.region = region
        self.body = body
        self.name = str(body["TrainingJobName"])
        self.image = str(body["AlgorithmSpecification"].get("TrainingImage", ""))
        self.instance_type = str(self._in("ResourceConfig").get("InstanceType", ""))
        self.spot = bool(body.get("EnableManagedSpotTraining"))
        self.most_running = float(
            self._in("StoppingCondition").get("MaxRuntimeInSeconds", _ONE_DAY)
        )
        self.most_waiting = self._in("StoppingCondition").get("MaxWaitTimeInSeconds")
        self.compressed = body["OutputDataConfig"].get("CompressionType", "GZIP") != "NONE"
        self.output = Place.of(body["OutputDataConfig"]["S3OutputPath"]).folder(self.name, "output")
        uri = self._in("CheckpointConfig").get("S3Uri")
        self.checkpoints = Place.of(uri).folder() if uri else None
        self.metrics = {
            definition["Name"]: str(definition["Regex"])
            for definition in body["AlgorithmSpecification"].get("MetricDefinitions") or ()
        }

    @property
    def arn(self) -> str:
        return refusals.arn(self.region, "training-job", self.name)

    @property
    def artifacts(self) -> str:
        """Where the model will be."""
        return self.output.uri + ("model.tar.gz" if self.compressed else "model/")

    def channels(self) -> list[Channel]:
        return [
            Channel(
                channel["ChannelName"],
                Place.of(channel["DataSource"]["S3DataSource"]["S3Uri"]),
                str(channel.get("ContentType", "")),
            )
            for channel in self.body.get("InputDataConfig") or ()
        ]

    def check(self, settings: CloudSettings) -> None:
        """Refuse what AWS refuses, and what the local cloud does not do."""
        problems = (
            *self._wrong_names(),
            *self._wrong_times(),
            *self._not_done(),
            *self._wrong_channels(),
            *self._wrong_metrics(),
        )
        if problems:
            raise refusals.invalid(problems[0])
        if settings.command_of(self.image) is None:
            raise refusals.invalid(
                _NO_REPOSITORY.format(
                    image=self.image, account=refusals.ACCOUNT, role=self.body["RoleArn"]
                )
            )

    def _in(self, field: str) -> dict[str, Any]:
        return self.body.get(field) or {}

    def _wrong_names(self) -> Iterator[str]:
        if not _NAME.fullmatch(self.name):
            yield _MISNAMED.format(self.name, "trainingJobName", _NAME.pattern)
        for channel in self.body.get("InputDataConfig") or ():
            name = channel["ChannelName"]
            if not _CHANNEL_NAME.fullmatch(name):
                yield _MISNAMED.format(name, "inputDataConfig.channelName", _CHANNEL_NAME.pattern)

    def _wrong_times(self) -> Iterator[str]:
        waiting = self.most_waiting
        if self.spot and (waiting is None or waiting < self.most_running):
            yield (
                "Invalid MaxWaitTimeInSeconds. "
                "It must be present and be greater than or equal to MaxRuntimeInSeconds"
            )
        if not self.spot and waiting is not None:
            yield (
                "Invalid MaxWaitTimeInSeconds. "
                "It is only supported when EnableManagedSpotTraining is set to true"
            )

    def _not_done(self) -> Iterator[str]:
        for field, why in _NOT_DONE.items():
            *above, name = field.split(".")
            if (self._in(above[0]) if above else self.body).get(name):
                yield f"The local cloud {why}: leave {field} out."
        if self._in("ResourceConfig").get("InstanceCount") != 1 or not self.instance_type:
            yield "The local cloud has one machine: ResourceConfig needs an InstanceType, " + (
                "and 1 as its InstanceCount."
            )
        local = self._in("CheckpointConfig").get("LocalPath") or CHECKPOINTS
        if local.rstrip("/") != CHECKPOINTS:
            yield f"The local cloud keeps checkpoints in one folder: LocalPath is {CHECKPOINTS}."

    def _wrong_channels(self) -> Iterator[str]:
        modes = [self.body["AlgorithmSpecification"]["TrainingInputMode"]]
        for channel in self.body.get("InputDataConfig") or ():
            modes.append(channel.get("InputMode", "File"))
            source = channel["DataSource"].get("S3DataSource") or {}
            if source.get("S3DataType") != "S3Prefix" or not _is_s3(source.get("S3Uri", "")):
                yield (
                    f"The local cloud reads S3 prefixes only: channel {channel['ChannelName']} "
                    "must have an S3DataSource of type S3Prefix, with s3:// before its bucket."
                )
            if channel.get("CompressionType", "None") != "None":
                yield "The local cloud does not unpack channels: CompressionType must be None."
        if set(modes) != {"File"}:
            yield "The local cloud copies channels to files: TrainingInputMode must be File."
        for field, key in (("OutputDataConfig", "S3OutputPath"), ("CheckpointConfig", "S3Uri")):
            if not _is_s3(self._in(field).get(key, "s3://")):
                yield f"The local cloud knows s3:// addresses only: mend {field}.{key}."

    def _wrong_metrics(self) -> Iterator[str]:
        for name, regex in self.metrics.items():
            try:
                groups = re.compile(regex).groups
            except re.error as error:
                yield f"The Regex of metric {name} is none: {error}."
            else:
                if not groups:
                    yield f"The Regex of metric {name} needs a group for the value: ( )."


def _is_s3(uri: str) -> bool:
    return uri.startswith("s3://")
