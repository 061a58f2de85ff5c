"""What a training job may be told: one frozen object, read from hyperparameters.json.

SageMaker passes every value as a string. All problems are reported at once, by name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

QUANTIZATIONS = ("auto", "none", "int8")
PRECISIONS = ("auto", "float32", "bfloat16")
SCHEDULES = ("cosine", "linear", "constant")
TASKS = ("verse", "rhyme word first", "g2p", "p2g", "rhyme", "plan")
# what may change between two starts of one run without changing its result
FREE = {
    "save_steps", "save_seconds", "keep_checkpoints", "price_per_hour", "report_steps",
    "validate_steps",
}  # fmt: skip


class TrainSettingsWrong(ValueError):
    """The hyperparameters cannot be used; the message names every problem."""


def _value(default: Any, low: float | None = None, high: float | None = None, **more: Any) -> Any:
    """A hyperparameter with its range, ends included."""
    return field(default=default, metadata={"low": low, "high": high, **more})


@dataclass(frozen=True)
class TrainSettings:
    """Every hyperparameter; the defaults are those of GPT-J on one 16 GB GPU.

    `max_tokens` counts the tokens of lessons, prompts included, padding not; 0 means `epochs`
    passes over all lessons. `shares` gives each task's part of them, by tokens; empty: as they
    come.
    """

    base_model: str = _value("EleutherAI/gpt-j-6b")
    revision: str = _value("main")
    quantization: str = _value("auto", choices=QUANTIZATIONS)  # auto: int8 on CUDA
    precision: str = _value("auto", choices=PRECISIONS)  # auto: 16 bits on CUDA, else float32
    rank: int = _value(16, 1, 256)
    alpha: int = _value(32, 1, 1024)
    dropout: float = _value(0.05, 0.0, 0.9)
    targets: str = _value("all-linear")  # or names of layers, with commas between them
    learning_rate: float = _value(2e-4, 1e-8, 1.0)
    schedule: str = _value("cosine", choices=SCHEDULES)
    warmup: float = _value(0.05, 0.0, 0.9)  # part of all steps
    weight_decay: float = _value(0.0, 0.0, 1.0)
    max_grad_norm: float = _value(1.0, 0.0, 1000)
    unlikelihood: float = _value(0.0, 0.0, 100)  # weight of end words that were said before
    epochs: float = _value(1.0, 0.01, 1000)
    max_tokens: int = _value(0, 0, 10**12)
    shares: dict[str, float] = field(default_factory=dict, metadata={"low": None, "high": None})
    row_tokens: int = _value(1024, 32, 32_768)  # length of a packed row
    rows: int = _value(1, 1, 1024)  # rows that a process reads at once
    accumulation: int = _value(8, 1, 4096)  # such batches in one step
    gradient_checkpointing: bool = _value(True)
    seed: int = _value(1, 0, 2**31 - 1)
    save_steps: int = _value(0, 0, 10**9)  # 0: by time alone
    save_seconds: int = _value(300, 1, 86_400)
    keep_checkpoints: int = _value(3, 2, 1000)
    report_steps: int = _value(1, 1, 10**6)
    validate_steps: int = _value(0, 0, 10**9)  # 0: at the end alone
    processes: int = _value(0, 0, 64)  # on each host; 0: one for each GPU, else one
    threads: int = _value(0, 0, 1024)  # of the processor, for each process; 0: all
    price_per_hour: float = _value(0.0, 0.0, 10_000)

    @classmethod
    def from_hyperparameters(cls, given: Mapping[str, str]) -> "TrainSettings":
        """Read the settings, or raise TrainSettingsWrong with every problem at once."""
        problems: list[str] = []
        known = {each.name: each for each in fields(cls)}
        values = {}
        for name, text in given.items():
            if name not in known:
                problems.append(f"{name} is no hyperparameter; known are {', '.join(known)}.")
                continue
            try:
                values[name] = _read(known[name].type, text, known[name].metadata)
            except ValueError as error:
                problems.append(f"{name} is {text!r}; it must be {error}.")
        if problems:
            raise TrainSettingsWrong(" ".join(problems))
        return cls(**values)

    def identity(self) -> dict[str, Any]:
        """What decides the adapter: a checkpoint fits only where all of it is equal."""
        return {
            each.name: getattr(self, each.name) for each in fields(self) if each.name not in FREE
        }


def _read(kind: Any, text: str, rule: Mapping[str, Any]) -> Any:
    """One value; a ValueError says what it must be."""
    if kind is bool:
        return _truth(text)
    if kind is str:
        return _word(text, rule.get("choices"))
    if kind is int or kind is float:
        return _number(kind, text, rule["low"], rule["high"])
    return _shares(text)


def _truth(text: str) -> bool:
    if text.lower() not in {"true", "false", "1", "0"}:
        raise ValueError("true or false")
    return text.lower() in {"true", "1"}


def _word(text: str, choices: tuple[str, ...] | None) -> str:
    if not text.strip() or (choices and text not in choices):
        raise ValueError(" or ".join(choices) if choices else "some text")
    return text


def _number(kind: type[int] | type[float], text: str, low: float, high: float) -> int | float:
    what = "a whole number" if kind is int else "a number"
    try:
        number = kind(text)
    except (ValueError, OverflowError):
        number = None
    if number is None or not low <= number <= high:  # not: NaN
        raise ValueError(f"{what} from {low:g} to {high:g}")
    return number


def _shares(text: str) -> dict[str, float]:
    wanted = f'JSON such as {{"verse": 0.7, "g2p": 0.3}}, of {", ".join(TASKS)}'
    try:
        found = json.loads(text)
    except ValueError:
        raise ValueError(wanted) from None
    if not isinstance(found, dict) or not set(found) <= set(TASKS):
        raise ValueError(wanted)
    if not all(type(share) in {int, float} and 0 <= share <= 1 for share in found.values()):
        raise ValueError(f"{wanted}, each from 0 to 1")
    if found and abs(sum(found.values()) - 1) > 1e-6:
        raise ValueError(f"{wanted}, 1 in all (it is {sum(found.values()):g})")
    return {task: float(share) for task, share in found.items() if share}
