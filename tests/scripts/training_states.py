"""Jobs as SageMaker describes them, for tests of what we tell of them."""

from datetime import UTC, datetime

from scripts.training_state import tell_training
from tests.training_job.test_launch import LAUNCH
from training_job.launch import training_job_request
from webapp.settings import Price

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def job(**facts):
    """SageMaker's description of a job, as far as we read it."""
    return training_job_request(LAUNCH) | {"TrainingJobStatus": "InProgress", **facts}


def state(**facts):
    return tell_training(job(**facts), Price(), NOW)
