"""Every test starts without anybody's AWS account, settings or hub."""

import os

import pytest

for name in [n for n in os.environ if n.startswith("AWS_")]:
    del os.environ[name]
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
_KEPT = {"DEEP_HOP_CACHE", "DEEP_HOP_CHROMIUM"}


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch):
    for name in os.environ:
        if name.startswith("DEEP_HOP_") and name not in _KEPT:
            monkeypatch.delenv(name)
