"""A container that never answers, with AWS's limits made short."""

from infrastructure.local_cloud.container import Container
from infrastructure.local_cloud.instance import Instance
from infrastructure.local_cloud.log_sink import LogSink
from infrastructure.local_cloud.settings import CloudSettings
from tests.local_cloud.cloud import PROGRAM, until


class FakeMoto:
    """Remembers the statuses that an endpoint was given."""

    def __init__(self):
        self.told = []

    def container(self, region, model):
        return {"Image": "repo/tested@sha256:1", "Environment": {"KIND": "silent"}}

    def set_status(self, region, name, status, when, why=""):
        self.told.append((status, why))

    def write_log(self, *_):
        pass


def test_a_container_that_never_answers_fails_its_endpoint(tmp_path):
    moto, gone = FakeMoto(), []
    settings = CloudSettings(tmp_path, images={"tested": ["python3", str(PROGRAM)]})
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": "m",
        "ContainerStartupHealthCheckTimeoutInSeconds": 1,
    }
    instance = Instance("us-east-1", "hop", variant, settings, moto, None, gone.append)

    instance.start()

    status, reason = until(lambda: moto.told[-1] if moto.told[-1][0] == "Failed" else None)
    assert "did not pass the ping health check" in reason
    instance.delete()
    until(lambda: gone == [instance])


def test_a_stubborn_container_is_killed_after_its_time(tmp_path):
    notes = tmp_path / "notes"
    environment = {"KIND": "stubborn", "NOTES": str(notes)}
    sink = LogSink(tmp_path / "log", lambda *_: None)
    container = Container(["python3", str(PROGRAM)], tmp_path, environment, sink, stop_seconds=0.5)
    container.start()
    until(container.answers)

    container.stop()

    assert not container.runs
    assert notes.read_text().splitlines() == ["started", "SIGTERM"]
