"""Child processes that end when their parent does, even after kill -9.

Linux: the kernel sends SIGKILL (PR_SET_PDEATHSIG). Elsewhere, and where a child's own children must
end too, a small watcher holds the read end of a pipe that closes with the parent, and ends the
whole group. Run as a script, this file is the launcher of such a child.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
# the kernel's signal comes when the *thread* that forked ends, so one that never ends forks
_forker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tether")


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
    stdout: Any = None,
    stderr: Any = None,
    watched: bool = not sys.platform.startswith("linux"),
) -> subprocess.Popen[bytes]:
    """Start a process that does not outlive this one; `watched` uses the pipe on any system."""
    return _forker.submit(_spawn, command, env, cwd, stdout, stderr, watched).result()


def _spawn(
    command: Sequence[str],
    env: Mapping[str, str] | None,
    cwd: Path | str | None,
    stdout: Any,
    stderr: Any,
    watched: bool,
) -> subprocess.Popen[bytes]:
    read_end, write_end = os.pipe() if watched else (-1, -1)
    launcher = [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(read_end)]
    process = subprocess.Popen(
        [*launcher, *command],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        pass_fds=(read_end,) if watched else (),
        start_new_session=True,  # a terminal's Ctrl-C reaches the parent alone, which ends its own
    )
    if watched:
        os.close(read_end)  # the write end stays open, and closes with this process or its object
        weakref.finalize(process, os.close, write_end)
    return process


def _launch(parent: int, read_end: int, command: list[str]) -> None:
    if read_end >= 0:
        sys.exit(_watch(read_end, command))
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel was told
        sys.exit(1)
    os.execvp(command[0], command)  # nosec B606  # a command of ours


def _watch(read_end: int, command: list[str]) -> int:
    children: list[subprocess.Popen[bytes]] = []
    early: list[int] = []  # signals that came before there was a child

    def pass_on(received: int, _: Any) -> None:
        for child in children:
            child.send_signal(received)
        if not children:
            early.append(received)

    def end_with_parent() -> None:
        os.read(read_end, 1)  # nothing is ever written: this returns when the parent is gone
        os.killpg(0, signal.SIGKILL)  # this process, its child and the child's children

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, pass_on)
    children.append(subprocess.Popen(command))
    for received in early:
        children[0].send_signal(received)
    threading.Thread(target=end_with_parent, daemon=True).start()
    code = children[0].wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    _launch(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
