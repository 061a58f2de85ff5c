"""Hyperparameters before they are sent: presets, a file and single ones become strings by name."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from training_job.settings import FREE, TrainSettings, TrainSettingsWrong

PRESETS: dict[str, dict[str, str]] = {
    "gpu16": {},  # GPT-J on one GPU of 16 GB: TrainSettings' own defaults
    "laptop": {  # SmolLM2-135M on a few cores
        "quantization": "none",  # float32, which trains fastest there
        "rank": "8",
        "alpha": "16",
        "row_tokens": "512",
        "accumulation": "1",  # a small model learns in many small steps
        "learning_rate": "0.001",
        "gradient_checkpointing": "false",
        "save_seconds": "120",
    },
}


def chosen(file: Path | None, pairs: Iterable[str]) -> dict[str, str]:
    """The hyperparameters of a file of JSON and of NAME=VALUE words; the words win.

    Raises TrainSettingsWrong with every problem at once.
    """
    values = _of_file(file) if file else {}
    problems = []
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if separator and name.strip():
            values[name.strip()] = value.strip()
        else:
            problems.append(f"--set {pair!r} must be NAME=VALUE, such as rank=8.")
    try:
        TrainSettings.from_hyperparameters(values)
    except TrainSettingsWrong as error:
        problems.append(str(error))
    if problems:
        raise TrainSettingsWrong(" ".join(problems))
    return values


def _of_file(path: Path) -> dict[str, str]:
    wanted = 'It must hold a JSON object such as {"rank": 8, "schedule": "linear"}.'
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainSettingsWrong(f"{path} cannot be read: {error.strerror}. {wanted}") from error
    except ValueError as error:
        raise TrainSettingsWrong(f"{path} is no JSON ({error}). {wanted}") from error
    if not isinstance(found, dict):
        raise TrainSettingsWrong(f"{path} holds no JSON object. {wanted}")
    return {name: _as_text(value) for name, value in found.items()}


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def gone_on_with(before: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """A run's hyperparameters with changes; TrainSettingsWrong if one decides the adapter."""
    after = {**before, **changes}
    was, now = (TrainSettings.from_hyperparameters(values) for values in (before, after))
    fixed = [
        f"{each.name} is {getattr(was, each.name)} and cannot become {getattr(now, each.name)}."
        for each in fields(TrainSettings)
        if each.name not in FREE and getattr(was, each.name) != getattr(now, each.name)
    ]
    if fixed:
        raise TrainSettingsWrong(
            f"{' '.join(fixed)} What decides the adapter is the same in all of a run; only "
            f"{', '.join(sorted(FREE))} may change. Start a new run for other settings."
        )
    return after
