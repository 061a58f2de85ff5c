import secrets

import pytest

from tests.local_cloud.cloud import Cloud
from tests.local_cloud.training import Job, start_cloud


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One local cloud for the tests of a module; each takes names of its own."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud") / "data").start()
    yield cloud
    cloud.stop()


@pytest.fixture
def own(tmp_path):
    """A local cloud that the test may end and start again."""
    cloud = Cloud(tmp_path / "data").start()
    yield cloud
    cloud.stop()


@pytest.fixture
def name():
    return f"hop-{secrets.token_hex(4)}"


@pytest.fixture(scope="session")
def training(tmp_path_factory):
    """One local cloud for the training jobs of all tests."""
    cloud = start_cloud(tmp_path_factory.mktemp("training") / "data")
    yield cloud
    cloud.stop()


@pytest.fixture
def job(training, tmp_path, name):
    return Job(training, tmp_path, name)


@pytest.fixture
def other_job(training, tmp_path, name):
    folder = tmp_path / "other"
    folder.mkdir()
    return Job(training, folder, f"{name}-other")
