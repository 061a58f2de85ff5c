"""Stop a training job; its checkpoints are kept: python -m scripts.stop_training NAME --wait"""

import argparse
import json
import time

from botocore.exceptions import ClientError

from scripts.target import Target, add_target_arguments, run_on_target
from scripts.training_follower import PAUSE
from scripts.training_lines import ending
from scripts.training_state import state_of
from scripts.waiting import WaitedTooLong


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Stop a training job, which may save its work.")
    add_target_arguments(parser)
    parser.add_argument("name", help="of the job")
    parser.add_argument("--wait", action="store_true", help="return when it has ended")
    parser.add_argument("--timeout", type=int, default=900, help="longest wait in seconds (900)")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    run_on_target(stop, parser.parse_args(argv))


def stop(target: Target, arguments: argparse.Namespace) -> None:
    state = state_of(target, arguments.name)
    running = not state.ended
    if running and not arguments.dry_run:
        _ask_to_stop(target, arguments.name)
        state = state_of(target, arguments.name)
        deadline = time.monotonic() + arguments.timeout
        while arguments.wait and not state.ended:
            if time.monotonic() > deadline:
                raise WaitedTooLong(f"{state.name} is {state.status} after {arguments.timeout} s.")
            time.sleep(PAUSE[target.name])
            state = state_of(target, arguments.name)
    if arguments.json:
        stopped = running and not arguments.dry_run
        print(json.dumps({"stopped": stopped, "state": state.to_json()}, indent=2))
    elif arguments.dry_run:
        print(f"{'Would stop' if running else 'Has ended already:'} {state.name}, {state.status}.")
    elif state.ended:
        print("\n".join(ending(target, state)))
    else:
        print(f"Stopping {state.name}; it has two minutes to save its work.")


def _ask_to_stop(target: Target, name: str) -> None:
    try:
        target.aws.sagemaker.stop_training_job(TrainingJobName=name)
    except ClientError as error:
        if "is in status" not in error.response["Error"]["Message"]:
            raise  # else it has ended, or was stopped, meanwhile


if __name__ == "__main__":
    main()
