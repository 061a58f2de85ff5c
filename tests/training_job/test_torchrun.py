import contextlib
import json
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest
from safetensors.torch import load_file

from tests.training_job.world import configure, make_job, start_job
from training_job.checkpoint import file_hash
from training_job.interruption import Interruption
from training_job.torchrun import command, run

# one worker runs them all, so that the undisturbed job runs once; each starts up to ten processes
pytestmark = [pytest.mark.xdist_group("torchrun"), pytest.mark.timeout(500)]
WORKER = Path(__file__).with_name("dying_worker.py")
SHARED = {"dropout": "0", "max_tokens": "20000", "save_steps": "1"}


def finish(process):
    told, _ = process.communicate(timeout=200)
    assert process.returncode == 0, told
    return told


def adapter(directories):
    return directories.model / "adapter" / "adapter_model.safetensors"


def losses(directories):
    rows = (directories.output / "metrics.jsonl").read_text().splitlines()
    return [row["loss"] for row in map(json.loads, rows) if "loss" in row]


def wait_for(condition, process):
    deadline = time.monotonic() + 100
    while not (found := condition()):
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def workers(process):
    """The training processes that torchrun has started."""
    return [
        child
        for child in psutil.Process(process.pid).children(recursive=True)
        if "worker" in child.cmdline()
    ]


@pytest.fixture(scope="module")
def of_two(tmp_path_factory):
    """The job of two processes, undisturbed."""
    directories = make_job(tmp_path_factory.mktemp("two"), processes="2", **SHARED)
    finish(start_job(directories))
    return directories


def test_two_processes_learn_as_one_with_the_same_batch(of_two, tmp_path):
    one = make_job(tmp_path, accumulation="4", **SHARED)
    finish(start_job(one))

    assert losses(of_two) == pytest.approx(losses(one), rel=1e-4)
    ours, theirs = load_file(adapter(of_two)), load_file(adapter(one))
    assert all((ours[name] - theirs[name]).abs().max() < 1e-3 for name in theirs)


def test_a_worker_that_is_killed_ends_all_and_the_job_goes_on_exactly(of_two, tmp_path):
    directories = make_job(tmp_path, processes="2", **SHARED)
    process = start_job(directories)
    wait_for(lambda: list(directories.checkpoints.glob("checkpoint-*")), process)

    workers(process)[1].kill()
    told = finish(process)

    assert "Going on from step" in told
    assert file_hash(adapter(directories)) == file_hash(adapter(of_two))


def test_asked_to_end_all_workers_stop_at_one_step_and_the_job_goes_on_exactly(of_two, tmp_path):
    directories = make_job(tmp_path, processes="2", **SHARED)
    process = start_job(directories)
    wait_for(lambda: list(directories.checkpoints.glob("checkpoint-*")), process)

    process.send_signal(signal.SIGTERM)
    told = finish(process)
    configure(tmp_path, processes="2", **SHARED)
    finish(start_job(directories))

    assert "Asked to end: stopped at step" in told
    assert file_hash(adapter(directories)) == file_hash(adapter(of_two))


def test_asked_to_end_before_there_are_workers_it_ends_in_order_and_trains_nothing(tmp_path):
    directories = make_job(tmp_path, processes="2", **SHARED)
    process = start_job(directories)
    wait_for(lambda: psutil.Process(process.pid).children(), process)

    process.send_signal(signal.SIGTERM)
    told = finish(process)

    assert "Asked to end: stopped at step 0" in told
    assert not (directories.model / "run.json").exists()
    assert not directories.failure.exists()


def test_the_reason_of_a_worker_is_that_of_the_job(tmp_path):
    directories = make_job(tmp_path, processes="2", **SHARED)
    (tmp_path / "input" / "data" / "data" / "train.jsonl").write_text("")
    process = start_job(directories)

    told, _ = process.communicate(timeout=200)

    assert process.returncode == 1, told
    assert directories.failure.read_text().startswith("The data has no lesson.")


def test_workers_that_are_killed_again_and_again_fail_the_job_with_the_remedy(tmp_path):
    directories = make_job(tmp_path, processes="2", **SHARED)
    process = start_job(directories)
    while process.poll() is None:
        for worker in workers(process):
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()
        time.sleep(0.05)

    assert process.returncode == 1
    reason = directories.failure.read_text()
    assert "as one does that the system kills for memory. Lower row_tokens or rows" in reason


def test_workers_that_are_started_again_find_nothing_of_those_that_died(tmp_path):
    words = command({"current_host": "algo-1", "hosts": ["algo-1"]}, 2)
    ours = words[: words.index("-m", words.index("--nproc-per-node"))]

    assert words[:2] == [sys.executable, "-m"]
    assert run([*ours, str(WORKER), str(tmp_path)], Interruption()) == 0
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == ["nothing", "nothing"]


def test_torchrun_is_told_the_hosts_of_the_platform():
    resources = {"current_host": "algo-2", "hosts": ["algo-1", "algo-2"]}

    words = " ".join(command(resources, 4))

    assert "--nnodes 2 --nproc-per-node 4 --master-addr algo-1" in words
    assert "--node-rank 1" in words


def test_alone_torchrun_starts_workers_again_and_needs_no_address():
    words = " ".join(command({"current_host": "algo-1", "hosts": ["algo-1"]}, 2))

    assert "--standalone --max-restarts 3" in words
