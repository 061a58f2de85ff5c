"""How many verses fit into the memory that is free."""

import os
from pathlib import Path

import torch

from inference.drafting import COPIES
from inference.engine import Engine

MOST = 64
_CONTEXT = 3 * 768  # tokens of a prompt with a verse of 16 bars, once for each planned word
_CANDIDATE = 24  # tokens of a row, of which each is copied, and steered by a row beside it
_SHARE = 0.6  # of the free memory; the rest is for the forward pass


def seats_for(engine: Engine, rows: int) -> int:
    """Verses that may be written side by side, each with so many rows of candidates."""
    return seats_in(_free_memory(), engine.bytes_a_token, rows)


def seats_in(free: int, bytes_a_token: int, rows: int) -> int:
    """As many as have room in so many bytes, at least one."""
    verse = bytes_a_token * (_CONTEXT + rows * (COPIES + 1) * _CANDIDATE)
    return max(1, min(MOST, int(_SHARE * free / verse)))


def _free_memory() -> int:
    """Bytes, on the GPU if there is one."""
    if torch.cuda.is_available():
        free: int = torch.cuda.mem_get_info()[0]
        return free
    return int(min(_free_on_this_machine(), _free_in_this_container()))


def _free_in_this_container() -> float:
    """Bytes that control groups leave, infinite where they set no limit."""
    group = Path("/sys/fs/cgroup")
    try:
        most, used = ((group / f"memory.{name}").read_text() for name in ("max", "current"))
        return int(most) - int(used)
    except (OSError, ValueError):  # there are none, or "max"
        return float("inf")


def _free_on_this_machine() -> int:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:  # macOS does not say
        pass
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4
