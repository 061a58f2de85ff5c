"""The local cloud as a process of ours: started, found, ended."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from infrastructure.local_cloud.tether import spawn
from scripts.target import LOCAL_CREDENTIALS, NoTarget, find_local_cloud

ROOT = Path(__file__).parent.parent
STOP_SECONDS = 45  # SageMaker gives a container 30 s to end


class CloudNotStarted(Exception):
    """The local cloud did not come up; the message says where to look."""


def start_cloud(
    data: Path, env: Mapping[str, str], options: Sequence[str] = ()
) -> tuple[subprocess.Popen[bytes], str]:
    """Start the local cloud on a folder and wait until it answers; its process and address."""
    command = [sys.executable, "-m", "infrastructure.local_cloud", "serve", "--data", str(data)]
    process = spawn([*command, *options], env={**env, **LOCAL_CREDENTIALS}, cwd=ROOT)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CloudNotStarted("The local cloud did not start; the reason stands above.")
        with contextlib.suppress(NoTarget):
            return process, find_local_cloud(data)
        time.sleep(0.1)
    raise CloudNotStarted(f"The local cloud did not answer within 60 s. Its log is in {data}/logs.")


def stop_process(process: subprocess.Popen[bytes] | None) -> None:
    """SIGTERM, and time to end in order."""
    if process and process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)


@contextmanager
def running_cloud(data: Path, env: Mapping[str, str], options: Sequence[str] = ()) -> Iterator[str]:
    """A local cloud for the time of a block; its address."""
    process, address = start_cloud(data, env, options)
    try:
        yield address
    finally:
        stop_process(process)
