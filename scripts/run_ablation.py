"""What each kind of lesson brings: python -m scripts.run_ablation --data FOLDER --out FOLDER

Trains four mixes of lessons with the same number of tokens, several seeds each, evaluates every
adapter and the bare base, and prints a table. Ended at any moment, it goes on where it was.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from scripts.job_folder import JobFolder
from scripts.target import SMALL_MODEL, cache_dir
from training_job.ablation import MIXES, all_runs, flat_figures, table


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
    bare = JobFolder(arguments.out / "bare")
    measure(arguments, bare, ["--bare"])
    rows = {"nothing (bare)": [figures_of(bare)], **{mix: [] for mix in MIXES}}
    runs = all_runs(arguments.seeds)
    for run in tqdm(runs, unit="run", disable=not sys.stderr.isatty()):
        job = JobFolder(arguments.out / run.folder)
        hyperparameters = run.hyperparameters(arguments.model.name, arguments.tokens)
        job.train(arguments.data, arguments.model / "base", hyperparameters)
        measure(arguments, job, ["--adapter", str(job.model)])
        rows[run.mix].append(figures_of(job))
    return rows


def measure(arguments: argparse.Namespace, job: JobFolder, which: list[str]) -> None:
    job.evaluate(arguments.data, arguments.model, [*which, "--verses", str(arguments.verses)])


def figures_of(job: JobFolder) -> dict[str, float]:
    evaluation: dict[str, Any] = json.loads(job.evaluation.read_text(encoding="utf-8"))
    return flat_figures(evaluation)


if __name__ == "__main__":
    main()
