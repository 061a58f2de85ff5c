"""Every test starts without anybody's AWS account, settings or hub."""

import os
import signal

import pytest

for name in [n for n in os.environ if n.startswith("AWS_")]:
    del os.environ[name]
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # tests run side by side: more threads only wait
# a shell that runs tests in the background makes them, and all they start, deaf to Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)
_KEPT = {"DEEP_HOP_CACHE", "DEEP_HOP_CHROMIUM"}


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch):
    for name in os.environ:
        if name.startswith("DEEP_HOP_") and name not in _KEPT:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def browser():
    """The one browser of a worker: a process can run Playwright only once at a time."""
    from tests.browser.chromium import launched  # after the environment is clean

    yield from launched()
