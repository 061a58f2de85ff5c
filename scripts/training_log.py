"""A training job's log in CloudWatch, read on from where the last look ended."""

import re
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

GROUP = "/aws/sagemaker/TrainingJobs"
_STEP = re.compile(r"^step=(\d+)/(\d+)((?: \w+=\S+)*)$")
_NUMBER = re.compile(r"(\w+)=(\S+)")


@dataclass(frozen=True)
class StepNumbers:
    """What one line of training_job.metrics.step_line tells."""

    step: int
    steps: int
    numbers: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, line: str) -> "StepNumbers | None":
        """The numbers of a line; None for a line of another kind."""
        found = _STEP.match(line.strip())
        if not found:
            return None
        try:
            numbers = {name: float(value) for name, value in _NUMBER.findall(found[3])}
        except ValueError:
            return None
        return cls(int(found[1]), int(found[2]), numbers)


class TrainingLog:
    """The log of one job: a stream for each of its machines, read by token."""

    def __init__(self, logs: Any, job: str) -> None:
        self._logs = logs
        self._prefix = f"{job}/"
        self._tokens: dict[str, str] = {}

    def read(self) -> list[str]:
        """The lines since the last look, machine by machine; none before there is a log."""
        tokens = dict(self._tokens)
        try:
            lines = [line for stream in self._streams() for line in self._read(stream, tokens)]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return []  # the group is made with the first line of an account's first job
        self._tokens = tokens  # not before: what is read when the next stream fails is read again
        return lines

    def _streams(self) -> list[str]:
        pages = self._logs.get_paginator("describe_log_streams").paginate(
            logGroupName=GROUP, logStreamNamePrefix=self._prefix
        )
        return sorted(each["logStreamName"] for page in pages for each in page["logStreams"])

    def _read(self, stream: str, tokens: dict[str, str]) -> list[str]:
        lines: list[str] = []
        while True:
            token = tokens.get(stream)
            answer = self._logs.get_log_events(
                logGroupName=GROUP,
                logStreamName=stream,
                startFromHead=True,
                **({"nextToken": token} if token else {}),
            )
            lines += [event["message"].rstrip() for event in answer["events"]]
            tokens[stream] = answer["nextForwardToken"]
            if tokens[stream] == token:  # CloudWatch's way to say that this is the end
                return lines
