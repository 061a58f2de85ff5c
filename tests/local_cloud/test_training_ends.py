"""How a training job ends before its time: it fails, is stopped, or runs too long."""

import pytest

from tests.local_cloud.cloud import runs, until
from tests.local_cloud.training import channel


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("JobFailed: no lyrics", "AlgorithmError: JobFailed: no lyrics, exit code: 3"),
        ("x" * 2000, f"AlgorithmError: {'x' * 1024}, exit code: 3"),
    ],
)
def test_a_job_that_fails_says_why_and_keeps_its_checkpoints(job, said, reason):
    job.create(fail_at=2, failure=said)

    told = job.wait_for_end()

    assert (told["TrainingJobStatus"], told["SecondaryStatus"]) == ("Failed", "Failed")
    assert told["FailureReason"] == reason
    assert job.checkpoints() == {"latest", "step-1", "step-2"}
    assert job.files(f"out/{job.name}/") == {}


def test_a_channel_without_objects_fails_the_job(job):
    job.create({"InputDataConfig": [channel("data", "s3://training/nothing/")]})

    told = job.wait_for_end()

    assert told["FailureReason"].startswith(
        "ClientError: Data download failed: No S3 objects found under S3 URL "
        '"s3://training/nothing/" given in input data source.'
    )
    assert job.statuses() == ["Starting", "Downloading", "Failed"]


@pytest.mark.parametrize(
    ("field", "uri"), [("CheckpointConfig", "S3Uri"), ("OutputDataConfig", "S3OutputPath")]
)
def test_a_bucket_that_is_not_there_fails_the_job(job, field, uri):
    job.create({field: {uri: "s3://no-bucket/x"}}, steps=1)

    told = job.wait_for_end()

    assert told["FailureReason"].startswith("ClientError: ")
    assert "NoSuchBucket" in told["FailureReason"]


def test_a_job_that_is_stopped_may_save_its_work(job):
    job.create(hold_at=2)
    job.notes.wait_for_step(2)

    job.stop()
    told = job.wait_for_end()

    assert (told["TrainingJobStatus"], told["SecondaryStatus"]) == ("Stopped", "Stopped")
    ways = ["Starting", "Downloading", "Training", "Stopping", "Uploading", "Stopped"]
    assert job.statuses() == ways
    assert "FailureReason" not in told
    assert "last-words" in job.checkpoints()
    assert job.files(f"out/{job.name}/output/model/adapter/") == {"weights": "after 2 steps"}


def test_a_job_that_will_not_stop_is_killed_with_its_workers(job):
    job.create(hold_at=2, stubborn=1)
    job.notes.wait_for_step(2)

    job.stop()
    status = job.describe()["TrainingJobStatus"]
    told = job.wait_for_end()

    assert (status, told["TrainingJobStatus"]) == ("Stopping", "Stopped")
    assert job.notes.of("signal") == ["SIGTERM"]
    assert job.checkpoints() == {"latest", "step-1", "step-2"}
    until(lambda: not any(map(runs, job.notes.of("pids")[0])), what="all processes are gone")


def test_a_workers_end_is_the_programs_end(job):
    job.create(steps=1)
    job.wait_for_end()

    until(lambda: not any(map(runs, job.notes.of("pids")[0])), what="all processes are gone")


def test_a_job_that_runs_too_long_is_stopped(job):
    job.create(hold_at=2, most_running=1)

    told = job.wait_for_end()

    assert (told["TrainingJobStatus"], told["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert job.notes.of("signal") == ["SIGTERM"]
    assert "last-words" in job.checkpoints()
