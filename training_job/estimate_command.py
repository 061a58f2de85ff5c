"""python -m training_job estimate: whether a job fits into a GPU's memory, before it is started."""

import argparse
import json
import logging
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

from training_job.directories import JobFailed
from training_job.hyperparameters import chosen
from training_job.settings import TrainSettings, TrainSettingsWrong

ARCHITECTURES = {"gpt-j-6b": "GPTJConfig"}
LINES = {
    "base_8_bit": "base, layers in 8 bits",
    "base_other": "base, what stays in 16 or 32 bits",
    "adapter": "adapter",
    "gradients": "its gradients",
    "optimizer": "its optimizer state",
    "activations": "activations that the layers have saved",
    "head": "head and loss: logits, their gradients, copies",
    "working": "what one layer needs to go backward",
    "allowance": "allowed for what cannot be counted: context, kernels, gaps",
}
WHEN = {
    "forward": "on the way forward",
    "head": "when the head goes backward",
    "layer": "when a layer goes backward",
    "step": "in the optimizer's step",
}


def add_to(commands: Any) -> None:
    """Add the sub-command and its options to those of the program."""
    parser = commands.add_parser("estimate", help="how much memory the job would take, in seconds")
    parser.add_argument(
        "--set", dest="pairs", metavar="NAME=VALUE", action="append", default=[],
        help="a hyperparameter; may be given many times",
    )  # fmt: skip
    parser.add_argument("--hyperparameters", type=Path, metavar="FILE", help="a JSON object")
    base = parser.add_mutually_exclusive_group()
    base.add_argument("--base", type=Path, metavar="FOLDER", help="the base model's folder")
    base.add_argument(
        "--architecture", choices=ARCHITECTURES, help="a base model that needs no folder"
    )
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda", help="default: cuda")
    parser.add_argument(
        "--memory-gb", type=float, default=15.8, metavar="GB",
        help="memory that is there, in 10^9 bytes; default: 15.8, what a T4 of 16 GB has",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Print the estimate; 0: it fits, 1: it does not, 2: it cannot be made."""
    try:
        values = chosen(arguments.hyperparameters, arguments.pairs)
        settings = TrainSettings.from_hyperparameters(values)
        config = _config(arguments.base, arguments.architecture, settings)
        with warnings.catch_warnings(action="ignore", category=FutureWarning):  # PEFT's calls
            found = estimated(config, settings, arguments.device, arguments.memory_gb * 1e9)
    except (TrainSettingsWrong, JobFailed) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(found) if arguments.json else as_text(found))
    return 0 if found["fits"] else 1


def _config(folder: Path | None, architecture: str | None, settings: TrainSettings) -> Any:
    """The base model's configuration, from its folder or its name."""
    import transformers

    if folder is None:
        name = architecture or settings.base_model.rpartition("/")[2].lower()
        if name not in ARCHITECTURES:
            raise JobFailed(
                f"The architecture of {settings.base_model} is not known here. Give the folder "
                f"of the base model with --base, or --architecture {' or '.join(ARCHITECTURES)}."
            )
        return getattr(transformers, ARCHITECTURES[name])()
    load: Any = transformers.AutoConfig.from_pretrained
    try:
        return load(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:300]
        raise JobFailed(
            f"{folder} holds no configuration of a model ({reason}). --base must be a folder "
            "with a config.json, as transformers saves it."
        ) from error


def estimated(config: Any, settings: TrainSettings, device: str, memory: float) -> dict[str, Any]:
    """All that the command tells, in bytes."""
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it would warn for every layer
    from training_job.memory import estimate, largest_row_tokens

    def total(row_tokens: int) -> int:
        if row_tokens == settings.row_tokens:
            return found.total
        return estimate(config, replace(settings, row_tokens=row_tokens), device).total

    checkpointing = settings.gradient_checkpointing
    found = estimate(config, settings, device)
    other = estimate(config, replace(settings, gradient_checkpointing=not checkpointing), device)
    return {
        "weights": found.weights,
        "trained": found.trained,
        "device": device,
        "rows": settings.rows,
        "row_tokens": settings.row_tokens,
        "gradient_checkpointing": checkpointing,
        "parts": found.parts,
        "total": found.total,
        "greatest_in": found.greatest_in,
        "saved_activations": found.saved,
        "other_checkpointing": {"total": other.total, "saved_activations": other.saved},
        "memory": round(memory),
        "fits": found.total <= memory,
        "largest_row_tokens": largest_row_tokens(total, memory, settings.row_tokens, found.fixed),
    }


def as_text(found: dict[str, Any]) -> str:
    def gb(size: float) -> str:
        return f"{size / 1e9:.2f}"

    on, off = ("with", "without") if found["gradient_checkpointing"] else ("without", "with")
    other, longest = found["other_checkpointing"], found["largest_row_tokens"]
    when = WHEN[found["greatest_in"]]
    parts = [f"{gb(found['parts'][name]):>7} GB  {line}" for name, line in LINES.items()]
    return "\n".join(
        [
            f"{found['weights']:,} weights on {found['device']}, {found['trained']:,} trained; "
            f"{found['rows']} x {found['row_tokens']} tokens, {on} gradient checkpointing",
            *parts,
            f"{gb(found['total']):>7} GB  in all at the greatest moment, {when}",
            f"It {'fits' if found['fits'] else 'does not fit'} into {gb(found['memory'])} GB. "
            + (f"row_tokens may be {longest} at most." if longest else "No row_tokens would fit."),
            f"Layers save {gb(found['saved_activations'])} GB. {off.capitalize()} gradient "
            f"checkpointing {gb(other['saved_activations'])} GB, {gb(other['total'])} GB in all.",
        ]
    )
