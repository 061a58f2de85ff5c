"""Training jobs as SageMaker tells of them: one by name, the last ones, those of a run."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from scripts.target import Refused, Target

ENDED = frozenset({"Completed", "Failed", "Stopped"})
BUSY = ("InProgress", "Stopping")


class NoSuchJob(Refused):
    """There is no training job of this name."""


def describe_job(target: Target, name: str) -> dict[str, Any]:
    """SageMaker's description of a job; raises NoSuchJob."""
    try:
        found: dict[str, Any] = target.aws.sagemaker.describe_training_job(TrainingJobName=name)
    except ClientError as error:
        if "not found" in error.response["Error"]["Message"].lower():
            raise NoSuchJob(
                f"There is no training job {name!r}. `{target.command('training_status')}` "
                "lists the last ones."
            ) from error
        raise
    return found


def last_jobs(target: Target, count: int) -> list[dict[str, Any]]:
    """SageMaker's summaries of the last jobs, the newest first."""
    pages = target.aws.sagemaker.get_paginator("list_training_jobs").paginate(
        SortBy="CreationTime", SortOrder="Descending", PaginationConfig={"MaxItems": count}
    )
    found = (summary for page in pages for summary in page["TrainingJobSummaries"])
    return list(islice(found, count))


def busy_with(target: Target, checkpoints: str) -> str | None:
    """The job that uses a checkpoint prefix now; two of them would spoil each other's files."""
    for name in _busy_jobs(target):
        config = describe_job(target, name).get("CheckpointConfig", {})
        if config.get("S3Uri", "").rstrip("/") == checkpoints.rstrip("/"):
            return name
    return None


def _busy_jobs(target: Target) -> Iterator[str]:
    listing = target.aws.sagemaker.get_paginator("list_training_jobs")
    for status in BUSY:
        for page in listing.paginate(StatusEquals=status):
            yield from (summary["TrainingJobName"] for summary in page["TrainingJobSummaries"])
