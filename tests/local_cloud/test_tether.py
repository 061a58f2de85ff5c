"""A tethered process ends with its parent, whichever way the parent ends."""

import os
import subprocess
import sys

import pytest

from tests.local_cloud.cloud import ROOT, until

PARENT = """
import sys, time, threading
from infrastructure.local_cloud.tether import spawn
started = []
thread = threading.Thread(target=lambda: started.append(
    spawn([sys.executable, "-c", "import os,time; print(os.getpid(), flush=True); time.sleep(60)"],
          watched=sys.argv[1] == "watched")))
thread.start(); thread.join()
time.sleep(60)
"""


@pytest.mark.parametrize("way", ["kernel", "watched"])
def test_a_child_does_not_outlive_a_parent_that_is_killed(way):
    if way == "kernel" and not sys.platform.startswith("linux"):
        pytest.skip("the kernel of Linux does this")
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, way], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    assert _runs(child)

    parent.kill()
    parent.wait()

    until(lambda: not _runs(child), 10, "the child is gone")
    parent.stdout.close()


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
