"""Train an adapter for the small model: python -m scripts.make_adapter (`make adapter` runs it)

Prepares lessons of our own verses and the dictionary, trains with the hyperparameters of the source
tree, and evaluates the adapter and the bare model. An adapter that is better in what counts and
worse in nothing goes into its place in the source tree. Ended at any moment, it goes on.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts import prepare_data
from scripts.job_folder import JobFolder
from scripts.target import SMALL_ADAPTER, SMALL_MODEL, cache_dir
from training_job.comparison import compare, read_evaluation
from training_job.evaluation_files import EVALUATION, PAGE
from training_job.evaluation_text import comparison_table
from training_job.hyperparameters import chosen
from training_job.settings import TrainSettingsWrong

LESSONS = [
    *("--sample", "--language", "clean", "--sounds", "20000"),
    *("--valid", "0.05", "--test", "0.1"),
]
HYPERPARAMETERS = "hyperparameters.json"
BARE = "bare.json"  # the base alone, measured on the same lessons and openings
SHIPPED = ("adapter", "run.json", "fingerprints")
MOST_BYTES = 10_000_000
MUST_BE_BETTER = (
    ("asked", "perfect"),
    ("asked", "syllables_within_1"),
    ("g2p", "phoneme_error"),
    ("loss", "rhyme_word_first"),
)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train and evaluate the small model's adapter.")
    parser.add_argument("--work", type=Path, default=Path("adapter"),
        help="of lessons, job and evaluations; named again, it goes on (adapter)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=SMALL_ADAPTER,
        help="folder that it ships to (models/smollm2-135m-instruct)")  # fmt: skip
    parser.add_argument("--model", type=Path, default=cache_dir() / SMALL_MODEL,
        help="model directory of the base (the small model)")  # fmt: skip
    parser.add_argument("--hyperparameters", type=Path, default=SMALL_ADAPTER / HYPERPARAMETERS,
        metavar="FILE", help="JSON (the source tree's)")  # fmt: skip
    parser.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE",
        help="hyperparameters in place of the file's, such as max_tokens=500000")  # fmt: skip
    arguments = parser.parse_args(argv)
    try:
        hyperparameters = chosen(arguments.hyperparameters, arguments.set)
    except TrainSettingsWrong as error:
        parser.error(str(error))
    if not (arguments.model / "base" / "config.json").is_file():
        sys.exit(f"{arguments.model}/base holds no model. Fetch it: python -m scripts.fetch_model")
    try:
        make(arguments, hyperparameters)
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command goes on from here.")


def make(arguments: argparse.Namespace, hyperparameters: Mapping[str, str]) -> None:
    """From nothing to the adapter in its place; one that is not better than the base is refused."""
    lessons = arguments.work / "lessons"
    if not (lessons / "data.json").is_file():
        prepare_data.main([*LESSONS, "--out", str(lessons)])
    job = JobFolder(arguments.work / "job", logged=False)
    job.train(lessons, arguments.model / "base", hyperparameters)
    bare = JobFolder(arguments.work / "bare", logged=False)
    bare.evaluate(lessons, arguments.model, ["--bare"])
    job.evaluate(lessons, arguments.model, ["--adapter", str(job.model), "--record"])
    lines = compare(read_evaluation(bare.evaluation), read_evaluation(job.evaluation))
    print("\n".join(comparison_table(lines)))
    _check(lines, job)
    _ship(job, bare, arguments.out)
    print(f"The adapter is in {arguments.out}.")


def _check(lines: Sequence[Mapping[str, Any]], job: JobFolder) -> None:
    worse = [f"{line['group']} {line['figure']}" for line in lines if line["verdict"] == "worse"]
    if worse:
        sys.exit(f"Not shipped: worse than the bare model in {', '.join(worse)}.")
    better = {(line["group"], line["figure"]) for line in lines if line["verdict"] == "better"}
    if missing := [" ".join(figure) for figure in MUST_BE_BETTER if figure not in better]:
        sys.exit(f"Not shipped: not better than the bare model in {', '.join(missing)}.")
    size = (job.model / "adapter" / "adapter_model.safetensors").stat().st_size
    if size > MOST_BYTES:
        sys.exit(f"Not shipped: the adapter has {size:,} bytes; at most {MOST_BYTES:,} may be.")


def _ship(job: JobFolder, bare: JobFolder, out: Path) -> None:
    """Copy what ships, under a temporary name first; the old adapter goes when the other is in."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{out.name}.", dir=out.parent) as unfinished:
        folder = Path(unfinished) / out.name
        folder.mkdir()
        for name in SHIPPED:
            copy = shutil.copytree if (job.model / name).is_dir() else shutil.copyfile
            copy(job.model / name, folder / name)
        shutil.copyfile(job.evaluation, folder / EVALUATION)
        shutil.copyfile(job.evaluation.with_name(PAGE), folder / PAGE)
        shutil.copyfile(bare.evaluation, folder / BARE)
        shutil.copyfile(job.hyperparameters, folder / HYPERPARAMETERS)
        if out.exists():
            os.replace(out, Path(unfinished) / "old")
        os.replace(folder, out)


if __name__ == "__main__":
    main()
