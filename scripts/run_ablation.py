"""What each kind of lesson brings: python -m scripts.run_ablation --data FOLDER --out FOLDER

Trains four mixes of lessons with the same number of tokens, several seeds each, evaluates every
adapter and the bare base, and prints a table. Ended at any moment, it goes on where it was.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from scripts.target import SMALL_MODEL, cache_dir
from training_job.ablation import MIXES, AblationRun, all_runs, flat_figures, table
from training_job.directories import BASE, DATA

EVALUATION = "evaluation.json"


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train and compare mixes of lessons.")
    parser.add_argument("--data", type=Path, required=True, help="what scripts.prepare_data wrote")
    parser.add_argument("--out", type=Path, required=True, help="a folder for each run")
    parser.add_argument("--model", type=Path, default=cache_dir() / SMALL_MODEL,
        help="model directory of the base (the small model)")  # fmt: skip
    parser.add_argument("--tokens", type=int, default=50_000, help="of each run (50,000)")
    parser.add_argument("--seeds", type=int, default=3, help="of each mix (3)")
    parser.add_argument("--verses", type=int, default=24, help="held-out verses begun (24)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    for name, least in (("tokens", 1000), ("seeds", 1)):
        if getattr(arguments, name) < least:
            sys.exit(f"--{name} is {getattr(arguments, name)}; it must be {least} or more.")
    if not (arguments.model / "base" / "config.json").is_file():
        sys.exit(f"{arguments.model}/base holds no model. Fetch it: python -m scripts.fetch_model")
    try:
        rows = run_all(arguments)
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command goes on from here.")
    print(json.dumps(rows, indent=2) if arguments.json else "\n".join(table(rows)))


def run_all(arguments: argparse.Namespace) -> dict[str, list[dict[str, float]]]:
    """Every figure of every run, by mix; the bare base first."""
    evaluate(arguments, arguments.out / "bare", ["--bare"])
    rows = {"nothing (bare)": [figures_of(arguments.out / "bare")], **{mix: [] for mix in MIXES}}
    runs = all_runs(arguments.seeds)
    for run in tqdm(runs, unit="run", disable=not sys.stderr.isatty()):
        folder = arguments.out / run.folder
        train(arguments, run, folder)
        evaluate(arguments, folder, ["--adapter", str(folder / "model")])
        rows[run.mix].append(figures_of(folder))
    return rows


def train(arguments: argparse.Namespace, run: AblationRun, folder: Path) -> None:
    """One training job, by its own program; it goes on from its checkpoints."""
    if (folder / "model" / "run.json").is_file():
        return
    for name, source in ((DATA, arguments.data), (BASE, arguments.model / "base")):
        link = folder / "input" / "data" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(source.resolve())
    body = run.hyperparameters(str(arguments.model.name), arguments.tokens)
    body["shares"] = json.dumps(body["shares"])
    config = folder / "input" / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "hyperparameters.json").write_text(json.dumps(body, indent=1), encoding="utf-8")
    command = [sys.executable, "-m", "training_job", "train"]
    call(command, folder / "train.log", {"SAGEMAKER_BASE_DIR": str(folder), "HF_HUB_OFFLINE": "1"})


def evaluate(arguments: argparse.Namespace, folder: Path, which: list[str]) -> None:
    if (folder / EVALUATION).is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "scripts.evaluate_adapter", "--model", str(arguments.model)]
    command += ["--data", str(arguments.data), "--out", str(folder), *which]
    command += ["--verses", str(arguments.verses)]
    call(command, folder / "evaluate.log", {"HF_HUB_OFFLINE": "1"})


def call(command: list[str], log: Path, more: dict[str, str]) -> None:
    """Run a program of ours to its end; its words go into a log."""
    with log.open("ab") as file:
        told = subprocess.run(
            command, stdout=file, stderr=subprocess.STDOUT, env={**os.environ, **more}, check=False
        )
    if told.returncode:
        sys.exit(f"{' '.join(command[1:3])} failed. Its log is {log}.")


def figures_of(folder: Path) -> dict[str, float]:
    evaluation: dict[str, Any] = json.loads((folder / EVALUATION).read_text(encoding="utf-8"))
    return flat_figures(evaluation)


if __name__ == "__main__":
    main()
