"""A job's folder: what it was begun with, and that one program at a time works in it."""

import fcntl

import pytest

from bars.run import Run
from scripts.job_folder import JobFolder

GIVEN = {"rank": "8", "shares": {"verse": 1.0}}


@pytest.fixture
def job(tmp_path):
    """The folder of a job that is done."""
    job = JobFolder(tmp_path / "job")
    job.model.mkdir(parents=True)
    Run("small", "1", 2).save(job.model)
    return job


def test_a_job_that_is_done_is_not_done_again_and_keeps_its_hyperparameters(job, tmp_path):
    job.train(tmp_path / "lessons", tmp_path / "base", GIVEN)
    written = job.hyperparameters.stat().st_mtime_ns
    job.train(tmp_path / "lessons", tmp_path / "base", GIVEN)

    assert job.hyperparameters.stat().st_mtime_ns == written
    assert '"shares": "{\\"verse\\": 1.0}"' in job.hyperparameters.read_text()


def test_a_job_on_other_lessons_is_not_taken_for_the_one_asked_for(job, tmp_path):
    job.train(tmp_path / "lessons", tmp_path / "base", GIVEN)

    with pytest.raises(SystemExit, match=r"a job on .*/lessons, not .*/others\. Remove the folder"):
        job.train(tmp_path / "others", tmp_path / "base", GIVEN)


def test_a_second_program_in_the_same_folder_is_refused(job, tmp_path):
    with (job.folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(SystemExit, match=r"A program works in .*/job already"):
            job.evaluate(tmp_path / "lessons", tmp_path / "model", ["--bare"])


def test_a_program_that_fails_is_told_with_its_log(job, tmp_path):
    with pytest.raises(SystemExit, match=r"evaluate_adapter failed\. Its log is .*evaluate\.log"):
        job.evaluate(tmp_path / "lessons", tmp_path / "model", ["--bare"])

    assert "holds no model" in (job.folder / "evaluate.log").read_text()
