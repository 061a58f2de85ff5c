"""Several processes for one job: torchrun on every host, SIGTERM to each worker.

torchrun itself would give its workers 30 seconds; the platform gives 120, and a checkpoint may
need them. A worker that dies ends all others, and torchrun starts them again from the newest
checkpoint.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import psutil

from training_job.interruption import ASKING, Interruption

MASTER_PORT = 29400
RESTARTS = 3
_LOOK_SECONDS = 0.2
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    # each start gets a store of its own: in the shared one workers that are started again may
    # read the addresses of those that died, and torchrun 2.13 never clears it
    "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1",
}


def processes_for(settings_processes: int) -> int:
    """Processes on this host: as told, else one for each GPU, else one."""
    if settings_processes:
        return settings_processes
    import torch

    return max(1, torch.cuda.device_count())


def command(resources: dict[str, Any], processes: int) -> list[str]:
    """torchrun's command for this host, from SageMaker's resourceconfig.json."""
    hosts = resources["hosts"]
    alone = len(hosts) == 1
    where = ["--standalone"]
    if not alone:
        rank = hosts.index(resources["current_host"])
        where = ["--master-addr", hosts[0], "--master-port", str(MASTER_PORT)]
        where += ["--node-rank", str(rank)]
    return [
        sys.executable, "-m", "torch.distributed.run",
        "--nnodes", str(len(hosts)), "--nproc-per-node", str(processes), *where,
        "--max-restarts", str(RESTARTS if alone else 0),
        "-m", "training_job", "worker",
    ]  # fmt: skip


def run(words: Sequence[str], interruption: Interruption) -> int:
    """Run torchrun to its end and return its exit status; its workers are asked to end, not it.

    A worker that is too young to listen hears it later: until then its signals are held back.
    """
    held_before = signal.pthread_sigmask(signal.SIG_BLOCK, ASKING)
    process = subprocess.Popen(words, env={**ENVIRONMENT, **os.environ})
    signal.pthread_sigmask(signal.SIG_SETMASK, held_before)
    asked: set[int] = set()
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(_LOOK_SECONDS)
        if interruption.asked:
            _ask_workers(process.pid, asked)


def _ask_workers(torchrun: int, asked: set[int]) -> None:
    """SIGTERM to each worker that has not had it."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for worker in psutil.Process(torchrun).children():
            if worker.pid not in asked:
                with contextlib.suppress(psutil.NoSuchProcess):
                    worker.send_signal(signal.SIGTERM)
                    asked.add(worker.pid)
