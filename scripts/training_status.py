"""How training jobs are doing: python -m scripts.training_status [NAME] [--follow]

Without a name it lists the last jobs. Exit status with --follow: 0 completed, 1 failed, 3 stopped.
"""

import argparse
import json
import sys
from datetime import UTC, datetime

from scripts.target import Target, add_target_arguments, run_on_target
from scripts.training_follower import follow
from scripts.training_jobs import last_jobs
from scripts.training_lines import EXIT_STATUS, details, ending
from scripts.training_state import state_of


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Show a training job, or list the last ones.")
    add_target_arguments(parser)
    parser.add_argument("name", nargs="?", help="of the job")
    parser.add_argument("--follow", action="store_true", help="show how it goes until it ends")
    parser.add_argument("--last", type=int, default=10, metavar="N", help="list so many (10)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    if arguments.last < 1:
        parser.error(f"--last is {arguments.last}; it must be 1 or more.")
    if arguments.follow and not arguments.name:
        parser.error("--follow needs the name of a job.")
    run_on_target(_show if arguments.name else _list, arguments)


def _list(target: Target, arguments: argparse.Namespace) -> None:
    jobs = last_jobs(target, arguments.last)
    if arguments.json:
        told = [
            {
                "name": job["TrainingJobName"],
                "status": job["TrainingJobStatus"],
                "created": _utc(job["CreationTime"]).isoformat(timespec="seconds"),
            }
            for job in jobs
        ]
        print(json.dumps({"jobs": told}, indent=2))
        return
    for job in jobs:
        created = f"{_utc(job['CreationTime']):%Y-%m-%d %H:%M:%S}"
        print(f"{created}  {job['TrainingJobStatus']:10}  {job['TrainingJobName']}")
    if not jobs:
        print(f"There are no jobs yet. `{target.command('start_training', '--help')}` tells more.")


def _show(target: Target, arguments: argparse.Namespace) -> None:
    state, status = state_of(target, arguments.name), 0
    if arguments.follow:
        state = follow(target, arguments.name)
        status = EXIT_STATUS[state.status]
    if arguments.json:
        print(json.dumps(state.to_json(), indent=2))
    else:
        print("\n".join((ending if arguments.follow else details)(target, state)))
    sys.exit(status)


def _utc(when: datetime) -> datetime:
    return when.astimezone(UTC)


if __name__ == "__main__":
    main()
