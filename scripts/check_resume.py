"""Prove that a training job survives kills: python -m scripts.check_resume --kills 20 --json

Starts a local cloud of its own, trains once undisturbed and once with SIGKILLs at random moments
(a third of them while a checkpoint is written) and SIGTERMs, and compares the two adapters.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts import fetch_model
from scripts.cloud_process import CloudNotStarted
from scripts.disturbed_job import JobDisturbedTooMuch
from scripts.resume_proof import prove
from scripts.target import cache_dir


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Train undisturbed and with kills, and compare the adapters bit for bit."
    )
    parser.add_argument("--kills", type=int, default=20, help="SIGKILLs without notice (20)")
    parser.add_argument("--terms", type=int, default=3, help="SIGTERMs (3)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (1)")
    parser.add_argument(
        "--steps-a-blow", type=int, default=4, help="steps of the job for each of them (4)"
    )
    parser.add_argument("--base", type=Path, help="folder of the base model (the small one)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    if arguments.kills < 0 or arguments.terms < 0:
        sys.exit("--kills and --terms must be 0 or more.")
    if arguments.steps_a_blow < 4:
        sys.exit("--steps-a-blow must be 4 or more: a machine needs some steps before its blow.")
    base = arguments.base or fetch_model.fetch(cache_dir()) / "base"
    try:
        with tempfile.TemporaryDirectory(prefix="check-resume-") as folder:
            blows = (arguments.kills, arguments.terms, arguments.seed, arguments.steps_a_blow)
            told = prove(Path(folder), base, *blows)
    except (CloudNotStarted, JobDisturbedTooMuch) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    print(json.dumps(told) if arguments.json else _sentence(told))
    sys.exit(0 if told["identical"] else 1)


def _sentence(told: dict[str, Any]) -> str:
    same = "is bit for bit that of" if told["identical"] else "DIFFERS from that of"
    return (
        f"After {told['kills']} kills and {told['terms']} SIGTERMs the adapter {same} the "
        f"undisturbed run; {told['lost_steps']} of {told['steps']} steps were done again."
    )


if __name__ == "__main__":
    main()
