"""What a running job tells: lines in the log, the same numbers as JSON, and a plot at the end.

`loss` is what is minimised, by learned token, with the part that `unlikelihood` adds; `valid_loss`
is cross-entropy alone.
"""

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

# SageMaker reads these out of the log; "\b" keeps valid_loss from being taken for loss
METRIC_DEFINITIONS = [
    {"Name": "train:loss", "Regex": r"\bloss=([0-9.]+)"},
    {"Name": "train:tokens_per_second", "Regex": r"\btokens_per_second=([0-9.]+)"},
    {"Name": "train:learning_rate", "Regex": r"\blearning_rate=([0-9.e+-]+)"},
    {"Name": "valid:loss", "Regex": r"\bvalid_loss=([0-9.]+)"},
]


def step_line(step: int, steps: int, numbers: Mapping[str, float]) -> str:
    """One line of the log: step=3/40 loss=2.3456 learning_rate=1.0e-04 ..."""
    return " ".join([f"step={step}/{steps}", *(f"{n}={_shown(n, v)}" for n, v in numbers.items())])


def _shown(name: str, value: float) -> str:
    match name:
        case "learning_rate":
            return f"{value:.3e}"
        case "tokens_per_second" | "seconds_left":
            return f"{value:.1f}"
        case "cost":
            return f"{value:.2f}"
    return f"{value:.4f}"


@contextmanager
def dispensable(path: Path) -> Iterator[None]:
    """Figures stand in the log, too: a disk that has no room for them does not end the training."""
    try:
        yield
    except OSError as error:
        log.error("%s cannot be written (%s). Training goes on.", path, error.strerror)


def write_metrics(path: Path, history: Iterable[Mapping[str, Any]]) -> None:
    """The whole history as JSON lines, under a temporary name first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        for row in history:
            file.write(json.dumps(row) + "\n")
    os.replace(unfinished, path)


def plot_loss(path: Path, history: Sequence[Mapping[str, Any]]) -> None:
    """The loss over the steps, its running mean, and the loss on held-out lessons, as SVG."""
    logging.getLogger("matplotlib").setLevel(logging.WARNING)
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    steps = [(row["step"], row["loss"]) for row in history if "loss" in row]
    held = [(row["step"], row["valid_loss"]) for row in history if "valid_loss" in row]
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    if steps:
        axes.plot(*zip(*steps, strict=True), color="#9db4c8", linewidth=1, label="each step")
        axes.plot(*zip(*running_mean(steps), strict=True), color="#1f5f99", label="running mean")
    if held:
        axes.plot(*zip(*held, strict=True), "o-", color="#b3541e", label="held-out lessons")
    axes.set(xlabel="step", ylabel="loss (nats a learned token)", title="Loss")
    axes.grid(alpha=0.3)
    if steps or held:
        axes.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def running_mean(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Each value as the mean of itself and those before it, at most a twentieth of all."""
    span = max(1, len(points) // 20)
    means = []
    for end in range(1, len(points) + 1):
        near = [value for _, value in points[max(0, end - span) : end]]
        means.append((points[end - 1][0], sum(near) / len(near)))
    return means
