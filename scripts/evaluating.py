"""What evaluate_adapter may be told: its arguments, and whether they go together."""

import argparse
from pathlib import Path

from training_job.figures import WAYS


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m scripts.evaluate_adapter",
        description="Evaluate an adapter on held-out lessons and by the verses that it writes.",
        epilog="The exit status is 1 when a threshold is missed, 2 when nothing can be measured.",
    )
    add = made.add_argument
    add("--model", type=Path, metavar="FOLDER", help="model directory: base/, perhaps adapter/")
    add("--data", type=Path, metavar="FOLDER", help="what scripts.prepare_data wrote")
    which = made.add_mutually_exclusive_group()
    which.add_argument("--adapter", type=Path, metavar="FOLDER", help="an adapter elsewhere")
    which.add_argument("--bare", action="store_true", help="the base alone, for comparison")
    add("--openings", type=Path, metavar="FILE",
        help="an opening bar a line, perhaps as: topic | bar (24 of our own)")  # fmt: skip
    add("--verses", type=int, default=24, metavar="N", help="held-out verses that are begun (24)")
    add("--samples", type=int, default=1, metavar="N", help="verses of each opening (1)")
    add("--lessons", type=int, default=100, metavar="N", help="test lessons of each task (100)")
    add("--ways", nargs="+", choices=WAYS, default=[], metavar="WAY",
        help="how verses are written: " + ", ".join(WAYS) + " (as the lessons are)")  # fmt: skip
    add("--seed", type=int, default=1, metavar="N", help="decides every choice (1)")
    add("--threads", type=int, default=0, metavar="N", help="of the processor (all)")
    add("--out", type=Path, metavar="FOLDER", help="write evaluation.json and evaluation.html")
    add("--record", action="store_true", help="add the main figures to the adapter's run.json")
    add("--json", action="store_true", help="answer as JSON")
    add("--thresholds", nargs="+", default=[], metavar="BOUND",
        help="such as 'perfect>=0.3' told.perfect=0.8, or a file of them")  # fmt: skip
    add("--compare", nargs=2, type=Path, metavar="JSON", help="two evaluations; measure nothing")
    return made


def faults(given: argparse.Namespace) -> list[str]:
    """What is wrong with the arguments of an evaluation, each in a sentence."""
    least = {"verses": 0, "samples": 1, "lessons": 1, "seed": 0, "threads": 0}
    return [
        *(f"Name the folder of the {name} with --{name}." for name in ("model", "data")
          if getattr(given, name) is None),
        *(f"--{name} is {getattr(given, name)}; it must be {low} or more."
          for name, low in least.items() if getattr(given, name) < low),
        *(["--record is for an adapter; leave it out with --bare."]
          if given.record and given.bare else []),
        *([f"{given.out} is no folder. Name another with --out."]
          if given.out and given.out.exists() and not given.out.is_dir() else []),
    ]  # fmt: skip
