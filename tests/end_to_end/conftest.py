import pytest

from scripts.target import SMALL_MODEL, cache_dir
from tests.end_to_end.running_demo import RunningDemo


def pytest_collection_modifyitems(items):
    # one model at a time on a small machine: all of these run in one worker
    for item in items:
        if "end_to_end" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture(scope="session")
def real_model():
    folder = cache_dir() / SMALL_MODEL
    if not (folder / "run.json").is_file():
        pytest.fail(f"The small model is not in {folder}. `make test` fetches it.")
    return folder


@pytest.fixture(scope="session")
def shared_demo(real_model, tmp_path_factory):
    running = RunningDemo(tmp_path_factory.mktemp("demo")).start()
    yield running
    running.stop()


@pytest.fixture
def demo(shared_demo):
    """The running demo with the model off."""
    shared_demo.host().stop_all()
    shared_demo.wait_for("off", "failed", seconds=60)
    return shared_demo


@pytest.fixture
def ready(shared_demo):
    """The running demo with the model on; it stays on for the next test that wants it."""
    if shared_demo.state()["state"] != "ready":
        shared_demo.host().start()
        shared_demo.wait_for("ready")
    return shared_demo


@pytest.fixture
def own_demo(real_model, tmp_path):
    """A demo of this test alone, which it may break."""
    running = RunningDemo(tmp_path / "data").start()
    yield running
    running.stop()
