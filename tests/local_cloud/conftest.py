import secrets

import pytest

from tests.local_cloud.cloud import Cloud


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
