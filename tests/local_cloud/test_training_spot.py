"""A spot instance is taken back on request, with notice or without, and the job goes on."""

import pytest

from tests.local_cloud.cloud import runs, until

BEFORE = ["Starting", "Downloading", "Training", "Interrupted"]
AFTER = ["Restarting", "Downloading", "Training", "Uploading", "Completed"]


def test_an_end_after_a_notice_is_an_interruption_and_the_job_goes_on_from_its_checkpoint(job):
    job.create(spot=True, hold_at=2, steps=3)
    job.notes.wait_for_step(2)

    told = job.interrupt(notice=True)
    until(lambda: len(job.notes.of("started")) == 2, what="a second start")
    job.notes.open_gate()
    described = job.wait_for_end()

    assert told == (200, {"TrainingJobName": job.name, "notice": True})
    assert described["TrainingJobStatus"] == "Completed"
    assert job.statuses() == BEFORE + AFTER
    assert (job.notes.of("signal"), job.notes.of("started")) == (["SIGTERM"], [0, 2])
    assert job.files(f"out/{job.name}/output/model/adapter/") == {"weights": "after 3 steps"}
    assert len(set(job.notes.of("base"))) == 2
    assert "last-words" in job.checkpoints()


def test_without_notice_everything_is_killed_at_once_and_goes_on_from_what_is_in_s3(job):
    job.create(spot=True, hold_at=2, steps=3)
    job.wait_for_checkpoint(2)
    first = job.notes.of("pids")[0]

    job.interrupt(notice=False)
    until(lambda: len(job.notes.of("started")) == 2, what="a second start")
    gone = [not runs(pid) for pid in first]
    job.notes.open_gate()
    described = job.wait_for_end()

    assert gone == [True, True]
    assert described["TrainingJobStatus"] == "Completed"
    assert job.statuses() == BEFORE + AFTER
    assert (job.notes.of("signal"), job.notes.of("started")) == ([], [0, 2])
    assert "last-words" not in job.checkpoints()


def test_a_job_that_fails_after_a_notice_was_interrupted_too(job):
    job.create(spot=True, hold_at=1, steps=1, code_at_end=7)
    job.notes.wait_for_step(1)

    job.interrupt(notice=True)
    until(lambda: len(job.notes.of("started")) == 2, what="a second start")

    assert job.statuses()[:4] == BEFORE
    job.notes.open_gate()
    assert job.wait_for_end()["TrainingJobStatus"] == "Completed"


def test_a_job_that_disobeys_the_notice_is_killed_after_its_time(job):
    job.create(spot=True, hold_at=2, stubborn=1, steps=2)
    job.notes.wait_for_step(2)

    job.interrupt(notice=True)
    until(lambda: len(job.notes.of("started")) == 2, what="a second start")

    assert (job.notes.of("signal"), job.notes.of("started")) == (["SIGTERM"], [0, 2])
    until(lambda: not any(map(runs, job.notes.of("pids")[0])), what="the first processes are gone")
    job.notes.open_gate()
    job.wait_for_end()


def test_only_the_time_in_which_a_process_ran_is_billed(job):
    job.create(spot=True, hold_at=1, steps=1)
    job.notes.wait_for_step(1)
    job.interrupt(notice=False)
    until(lambda: len(job.notes.of("started")) == 2, what="a second start")
    job.notes.open_gate()

    told = job.wait_for_end()

    assert 1 <= told["BillableTimeInSeconds"] <= told["TrainingTimeInSeconds"]


def test_a_job_that_waits_too_long_is_stopped(job):
    job.create(spot=True, hold_at=1, most_running=1)

    told = job.wait_for_end()

    ended = (told["TrainingJobStatus"], told["SecondaryStatus"])
    assert ended == ("Stopped", "MaxWaitTimeExceeded")


def test_a_job_on_demand_cannot_be_interrupted(job):
    job.create(hold_at=1)
    job.notes.wait_for_step(1)

    status, message = job.interrupt(notice=True)

    assert (status, "EnableManagedSpotTraining" in message) == (400, True)
    job.stop()


def test_a_job_that_has_ended_cannot_be_interrupted(job):
    job.create(spot=True, steps=1)
    job.wait_for_end()

    status, message = job.interrupt(notice=False)

    assert status == 400
    assert message.startswith("The training job is not training: its status is Completed")


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"notice": True}, "Requested resource not found."),
        ({"notice": True, "region": "eu-west-1"}, "Requested resource not found."),
        ({}, 'The body must be JSON such as {"notice": true'),
        ({"notice": "yes"}, 'The body must be JSON such as {"notice": true'),
        ({"notice": True, "region": 1}, 'The body must be JSON such as {"notice": true'),
    ],
)
def test_an_interruption_needs_a_job_and_says_whether_there_is_notice(job, wish, message):
    status, told = job.interrupt(**wish)

    assert (status, told.startswith(message)) == (400, True)
