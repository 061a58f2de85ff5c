"""Training jobs and the end of the local cloud: what is remembered, and what is said."""

from types import SimpleNamespace

import pytest

from tests.local_cloud.cloud import runs, until
from tests.local_cloud.training import Job, start_cloud


@pytest.fixture
def cloud(tmp_path):
    cloud = start_cloud(tmp_path / "data")
    yield cloud
    cloud.stop()


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A local cloud that was killed while one job ran, and another had ended; it runs again."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "other").mkdir()
    cloud = start_cloud(folder / "data")
    ended, lost = Job(cloud, folder, "ended"), Job(cloud, folder / "other", "lost")
    ended.create(steps=2)
    lost.create(hold_at=2)
    before = ended.wait_for_end()
    made = ended.files("out/")
    lost.wait_for_checkpoint(2)
    cloud.kill()
    until(lambda: not any(map(runs, lost.notes.of("pids")[0])), what="all processes are gone")
    cloud.start()
    yield SimpleNamespace(
        cloud=cloud,
        ended=Job(cloud, folder, "ended"),
        lost=Job(cloud, folder / "other", "lost"),
        before=before,
        made=made,
    )
    cloud.stop()


def test_a_job_that_ended_is_remembered_with_what_it_made(killed):
    after = killed.ended.describe()

    del killed.before["ResponseMetadata"], after["ResponseMetadata"]
    assert after == killed.before
    assert killed.ended.files("out/") == killed.made


def test_a_job_that_is_remembered_is_neither_made_again_nor_stopped_nor_interrupted(killed):
    errors = killed.ended.sagemaker.exceptions
    with pytest.raises(errors.ResourceInUse):
        killed.ended.create()
    with pytest.raises(errors.ClientError, match="in status Completed"):
        killed.ended.stop()
    assert killed.ended.interrupt(notice=True)[0] == 400


def test_a_job_dies_with_its_cloud_and_its_checkpoints_are_kept(killed):
    told = killed.lost.describe()

    assert (told["TrainingJobStatus"], told["SecondaryStatus"]) == ("Failed", "Failed")
    assert told["FailureReason"] == (
        "The local cloud ended while the job ran. Its checkpoints are kept in "
        "s3://training/checkpoints/lost/: "
        "a new job with the same CheckpointConfig goes on from them."
    )
    assert "step-2" in killed.lost.checkpoints()
    assert not list((killed.cloud.data / "instances").glob("*"))


def test_a_cloud_that_is_stopped_lets_its_jobs_save_their_work(cloud, tmp_path):
    job = Job(cloud, tmp_path, "job")
    job.create(hold_at=2)
    job.notes.wait_for_step(2)

    cloud.stop()

    assert job.notes.of("signal") == ["SIGTERM"]
    cloud.start()
    job = Job(cloud, tmp_path, "job")
    assert job.describe()["FailureReason"].startswith("The local cloud ended while the job ran.")
    assert "last-words" in job.checkpoints()
