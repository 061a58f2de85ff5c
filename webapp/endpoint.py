"""The SageMaker endpoint: what it is doing, and the only two things that can be asked of it.

SageMaker has no stop call: on is CreateEndpoint from a kept configuration, off is
DeleteEndpoint, and a delete is refused while the endpoint is being created.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError


class Status(StrEnum):
    """An endpoint's status, however AWS spells it (InService, IN_SERVICE)."""

    CREATING = "creating"
    IN_SERVICE = "inservice"
    DELETING = "deleting"
    FAILED = "failed"
    BUSY = "busy"  # updating or rolling back: it answers, and refuses changes

    @classmethod
    def read(cls, spelled: str) -> "Status":
        plain = re.sub("[^a-z]", "", spelled.lower())
        known = {status.value for status in cls}
        return cls(plain) if plain in known else _OTHER.get(plain, cls.BUSY)


_OTHER = {"outofservice": Status.FAILED, "updaterollbackfailed": Status.FAILED}


@dataclass(frozen=True)
class Endpoint:
    """The endpoint as SageMaker describes it; times in UTC."""

    status: Status
    config: str
    created: datetime
    modified: datetime
    failure: str = ""


@dataclass(frozen=True)
class Region:
    """Every endpoint of the region, as it was read then: their names and statuses."""

    name: str
    read: datetime
    endpoints: tuple[tuple[str, str, datetime], ...]  # name, status in AWS's words, created

    def to_json(self) -> dict[str, Any]:
        found = [
            {"name": name, "status": status, "created": created.isoformat(timespec="seconds")}
            for name, status, created in self.endpoints
        ]
        read = self.read.isoformat(timespec="seconds")
        return {"region": self.name, "read": read, "endpoints": found}


class Refusal(StrEnum):
    """Why SageMaker does not create an endpoint."""

    RIGHTS = "rights"
    QUOTA = "quota"
    CONFIGURATION = "configuration"
    BUSY = "busy"  # throttled, out of order: asking again helps


class CreateRefused(Exception):
    """SageMaker does not create the endpoint."""

    def __init__(self, message: str, why: Refusal) -> None:
        super().__init__(message)
        self.why = why


_REFUSALS = {
    "ResourceLimitExceeded": Refusal.QUOTA,
    "AccessDeniedException": Refusal.RIGHTS,
    "ValidationException": Refusal.CONFIGURATION,
}


class EndpointControl:
    """One endpoint, by name."""

    def __init__(self, sagemaker: Any, logs: Any, name: str) -> None:
        self._sagemaker = sagemaker
        self._logs = logs
        self.name = name

    def describe(self) -> Endpoint | None:
        """The endpoint as it is, or None if there is none."""
        try:
            answer = self._sagemaker.describe_endpoint(EndpointName=self.name)
        except ClientError as error:
            if _says(error, "could not find"):
                return None
            raise
        return Endpoint(
            Status.read(answer["EndpointStatus"]),
            answer["EndpointConfigName"],
            answer["CreationTime"].astimezone(UTC),
            answer["LastModifiedTime"].astimezone(UTC),
            answer.get("FailureReason", ""),
        )

    def region(self, now: datetime) -> Region:
        """Every endpoint of the region, ours or not."""
        pages = self._sagemaker.get_paginator("list_endpoints").paginate()
        found = (each for page in pages for each in page["Endpoints"])
        told = tuple(
            (each["EndpointName"], each["EndpointStatus"], each["CreationTime"].astimezone(UTC))
            for each in found
        )
        return Region(self._sagemaker.meta.region_name, now, told)

    def create(self, config: str) -> None:
        """Ask for the endpoint; that it exists already is as good."""
        try:
            self._sagemaker.create_endpoint(EndpointName=self.name, EndpointConfigName=config)
        except ClientError as error:
            if _says(error, "already existing") or _says(error, "already exists"):
                return
            code = error.response["Error"]["Code"]
            why = _REFUSALS.get(code, Refusal.BUSY)
            raise CreateRefused(f"{code}: {error.response['Error']['Message']}", why) from error

    def delete(self) -> None:
        """Ask for its end; that it is gone is as good, and that it is busy is for the next try."""
        try:
            self._sagemaker.delete_endpoint(EndpointName=self.name)
        except ClientError as error:
            if not (_says(error, "could not find") or _says(error, "in-progress")):
                raise

    def container_spoke(self, since: datetime) -> datetime | None:
        """When the container first wrote to its log since then: the machine is there."""
        try:
            found = self._logs.filter_log_events(
                logGroupName=f"/aws/sagemaker/Endpoints/{self.name}",
                startTime=int(since.timestamp() * 1000),
                limit=1,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise
        times = [event["timestamp"] / 1000 for event in found["events"]]
        return datetime.fromtimestamp(min(times), UTC) if times else None


def _says(error: ClientError, words: str) -> bool:
    return words in error.response["Error"]["Message"].lower()
