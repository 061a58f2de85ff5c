"""How many verses fit into the memory that is free."""

import os
from pathlib import Path

import torch

from inference.engine import Engine

MOST = 64
_CONTEXT = 3 * 768  # tokens of a prompt with a verse of 16 bars, once for each planned word
_CANDIDATE = 24  # tokens of a row
_SHARE = 0.6  # of the free memory; the rest is for the forward pass


def seats_for(engine: Engine, rows: int) -> int:
    """Verses that may be written side by side, each with so many rows of candidates."""
    verse = engine.bytes_a_token * (_CONTEXT + rows * _CANDIDATE)
    return max(1, min(MOST, int(_SHARE * _free_memory() / verse)))


def _free_memory() -> int:
    """Bytes, on the GPU if there is one."""
    if torch.cuda.is_available():
        free: int = torch.cuda.mem_get_info()[0]
        return free
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:  # macOS does not say
        pass
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4
