"""How much memory a training job takes, before it is started.

One step is rehearsed without data (rehearsal.py) for a model of one layer and one of two; each
further layer adds what the second one did. Counted is one process, from the moment at which the
model is loaded; gradients as if they were there from a step's first batch on.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.polynomial import Polynomial

from training_job.rehearsal import Rehearsal, rehearse
from training_job.settings import TrainSettings

# What no rehearsal sees. CUDA: its context and kernels (0.5 GB), and pieces between tensors that
# the allocator cannot give to others (0.5 GB); both assumed. CPU: buffers of matrix products,
# as tests/bench_memory.py measures them.
ALLOWANCE = {"cuda": 1_000_000_000, "cpu": 5_000_000}
STEP = 32  # row_tokens are tried in multiples of it
MOST_ROW_TOKENS = 32_768


@dataclass(frozen=True)
class Estimate:
    """What a job takes at its greatest moment, and what it trains."""

    parts: dict[str, int]  # bytes by what they are for
    greatest_in: str  # forward, head or layer (on the way backward), step (the optimizer's)
    saved: int  # bytes of activations when the backward pass begins
    weights: int  # of the base model
    trained: int

    @property
    def total(self) -> int:
        return sum(self.parts.values())

    @property
    def fixed(self) -> int:
        """The bytes that do not grow with the length of rows."""
        return self.total - sum(self.parts[name] for name in ("activations", "head", "working"))


def estimate(config: Any, settings: TrainSettings, device: str) -> Estimate:
    """The memory of a job on `device` with a base model of this configuration."""
    found = _rehearsed(config, settings, device == "cuda")
    phase = max(found.moments, key=lambda each: sum(found.moments[each].values()))
    parts = {**found.moments[phase], "allowance": ALLOWANCE[device]}
    if phase == "backward":
        phase = "head" if parts["head"] > parts["working"] else "layer"
    return Estimate(parts, phase, found.saved, found.weights, found.trained)


def _rehearsed(config: Any, settings: TrainSettings, on_cuda: bool) -> Rehearsal:
    kinds = set(getattr(config, "layer_types", None) or ())
    layers = config.num_hidden_layers
    if layers <= 2 or len(kinds) > 1:
        return rehearse(config, settings, on_cuda)
    one, two = (rehearse(_with_layers(config, n), settings, on_cuda) for n in (1, 2))
    return _with_more_layers(one, two, layers - 2)


def _with_layers(config: Any, count: int) -> Any:
    fewer = copy.deepcopy(config)
    if getattr(fewer, "layer_types", None):
        fewer.layer_types = fewer.layer_types[:count]
    fewer.num_hidden_layers = count
    return fewer


def _with_more_layers(one: Rehearsal, two: Rehearsal, more: int) -> Rehearsal:
    def grown(before: int, after: int) -> int:
        return after + more * (after - before)

    moments = {
        phase: {name: grown(one.moments[phase][name], size) for name, size in parts.items()}
        for phase, parts in two.moments.items()
    }
    return Rehearsal(
        moments,
        grown(one.saved, two.saved),
        grown(one.weights, two.weights),
        grown(one.trained, two.trained),
    )


def largest_row_tokens(
    total: Callable[[int], int], memory: float, first: int, fixed: int = 0
) -> int:
    """The largest row_tokens with which a job fits into `memory` bytes; 0 if none does.

    `total` tells the bytes of a job with so many row_tokens, `first` is where to begin, and `fixed`
    are bytes that do not grow with them. Bytes grow with row_tokens and their square, so that
    after three lengths a parabola tells the one to try next.
    """
    tried: dict[float, int] = {first / STEP: total(first)}  # steps: bytes
    fits, too_many = 0, MOST_ROW_TOKENS // STEP + 1
    growing = max(1, tried[first / STEP] - fixed)
    meeting = first / STEP * (memory - fixed) / growing
    while too_many - fits > 1:
        steps = min(max(int(meeting), fits + 1), too_many - 1)
        tried[steps] = total(steps * STEP)
        if tried[steps] <= memory:
            fits = steps
        else:
            too_many = steps
        meeting = _meeting(tried, memory)
    return fits * STEP


def _meeting(tried: dict[float, int], memory: float) -> float:
    """Where a curve through the nearest of the tried meets `memory`."""
    nearest = sorted(tried, key=lambda steps: abs(tried[steps] - memory))[:3]
    if len(nearest) == 1:
        return nearest[0]
    curve = Polynomial.fit(nearest, [tried[steps] for steps in nearest], len(nearest) - 1)
    return max(float(root.real) for root in (curve - memory).roots())
