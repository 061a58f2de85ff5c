"""Moments of a job's life that pass too quickly for a local cloud in a process of its own."""

import sys
import threading

import pytest

from infrastructure.local_cloud.keeper import Keeper
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.object_store import ObjectStore, Place
from infrastructure.local_cloud.settings import CloudSettings
from infrastructure.local_cloud.training.record import JobRecord
from infrastructure.local_cloud.training.request import JobRequest
from infrastructure.local_cloud.training.run import TrainingRun
from tests.local_cloud.cloud import until
from tests.local_cloud.test_moto_contract import ask
from tests.local_cloud.training import PROGRAM, Notes, job


class HeldStore(ObjectStore):
    """S3 where an upload of a model waits until it is let go."""

    def __init__(self, moto, keeper):
        super().__init__(moto, keeper)
        self.uploads, self.let_go = threading.Event(), threading.Event()

    def put(self, bucket, key, source):
        if key.startswith("out/"):
            self.uploads.set()
            assert self.let_go.wait(20)
        super().put(bucket, key, source)


class Run:
    """A job whose checkpoints are synchronised at the start and at the end only."""

    def __init__(self, folder, name):
        settings = CloudSettings(
            folder / "data",
            images={"trained": [sys.executable, str(PROGRAM)]},
            sync_seconds=60,
            train_stop_seconds=20,
        )
        self.moto = Moto()
        self.keeper = Keeper(settings.data, self.moto)
        self.store = HeldStore(self.moto, self.keeper)
        self.notes = Notes(folder)
        ask(self.moto, "s3", "PUT", "/training")
        self._settings, self._folder, self._name = settings, folder, name

    def start(self, **wish):
        request = JobRequest("us-east-1", job(self._name, folder=self._folder, **wish))
        self.record = JobRecord.begin(request, request.arn, lambda facts: None)
        self.life = TrainingRun(request, self.record, self._settings, self.moto, self.store)
        self.life.start()

    def checkpoints(self):
        place = Place("training", f"checkpoints/{self._name}/")
        return {key.rpartition("/")[2] for key in self.store.keys(place)}

    def statuses(self):
        return [told["Status"] for told in self.record.describe()["SecondaryStatusTransitions"]]


@pytest.fixture
def run(tmp_path, name):
    run = Run(tmp_path, name)
    yield run
    run.store.let_go.set()
    run.notes.open_gate()
    run.life.join()
    run.keeper.close()


def test_without_notice_what_is_not_in_s3_is_lost(run):
    run.start(spot=True, hold_at=2)
    run.notes.wait_for_step(2)

    run.life.interrupt(notice=False)
    until(lambda: len(run.notes.of("started")) == 2, what="a second start")

    assert run.notes.of("started") == [0, 0]


def test_with_notice_a_last_look_brings_it_to_s3(run):
    run.start(spot=True, hold_at=2)
    run.notes.wait_for_step(2)

    run.life.interrupt(notice=True)
    until(lambda: len(run.notes.of("started")) == 2, what="a second start")

    assert run.notes.of("started") == [0, 2]


def test_a_second_interruption_does_not_wait_for_the_end_of_the_notice(run):
    run.start(spot=True, hold_at=2, stubborn=1)
    run.notes.wait_for_step(2)

    run.life.interrupt(notice=True)
    until(lambda: run.notes.of("signal"), what="the notice is heard")
    run.life.interrupt(notice=False)
    until(lambda: len(run.notes.of("started")) == 2, what="a second start")

    assert run.notes.of("started") == [0, 0]


def test_a_job_that_is_stopped_before_it_trains_never_trains(run):
    with run.moto.lock:  # nothing can be downloaded now
        run.start(steps=1)
        until(lambda: run.record.secondary == "Downloading", what="the download begins")
        run.life.stop()
    run.life.join()

    assert run.statuses() == ["Starting", "Downloading", "Stopping", "Stopped"]
    assert run.notes.of("started") == []


def test_a_job_that_is_stopped_while_it_uploads_is_stopped_with_its_model(run):
    run.start(steps=1)
    assert run.store.uploads.wait(10)

    run.life.stop()
    run.store.let_go.set()
    run.life.join()

    assert run.record.status == "Stopped"
    assert run.store.keys(Place("training", f"out/{run._name}/output/model/run.json"))


def test_a_cloud_that_ends_lets_an_upload_end(run):
    run.start(steps=1)
    assert run.store.uploads.wait(10)

    run.life.abandon()
    run.store.let_go.set()
    run.life.join()

    assert run.record.status == "Completed"
