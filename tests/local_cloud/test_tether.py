"""A tethered process ends with its parent, whichever way the parent ends."""

import os
import signal
import subprocess
import sys

import pytest

from infrastructure.local_cloud.tether import spawn
from tests.local_cloud.cloud import ROOT, runs, until

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


CHILD = """
import os, subprocess, sys, time
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(os.getpid(), grandchild.pid, flush=True)
time.sleep(60)
"""
GRANDPARENT = """
import sys, time
from infrastructure.local_cloud.tether import spawn
child = spawn([sys.executable, "-c", sys.argv[1]], watched=True)
time.sleep(60)
"""


def test_a_watched_childs_children_do_not_outlive_a_parent_that_is_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", GRANDPARENT, CHILD], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    pids = parent.stdout.readline().split()

    parent.kill()
    parent.wait()

    until(lambda: not any(map(runs, pids)), 10, "the child and its child are gone")
    parent.stdout.close()


def test_a_signal_that_comes_at_once_ends_a_watched_child():
    for _ in range(5):
        process = spawn([sys.executable, "-c", "import time; time.sleep(60)"], watched=True)

        process.terminate()

        assert process.wait(10) in {-signal.SIGTERM, 128 + signal.SIGTERM}


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
