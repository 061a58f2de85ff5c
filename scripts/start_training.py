"""Start a training job: python -m scripts.start_training --data FOLDER --follow

On the local cloud it trains the small model on this machine; with --target aws it is the same job
on a GPU. Exit status with --follow: 0 completed, 1 failed, 3 stopped.
"""

import argparse
import json
import sys
from pathlib import Path

from botocore.exceptions import ClientError

from scripts.resumed_run import resumed_run
from scripts.target import Target, add_target_arguments, run_on_target
from scripts.training_failure import remedy_for
from scripts.training_follower import follow
from scripts.training_lines import EXIT_STATUS, ending
from scripts.training_plan import IMAGE, TrainingPlan, new_run, prepare
from scripts.training_sdk import require_sdk, send_with_sdk
from training_job.hyperparameters import PRESETS
from training_job.launch import Launch, LaunchWrong
from training_job.settings import TrainSettingsWrong


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train an adapter on prepared lessons.")
    add_target_arguments(parser)
    add = parser.add_argument
    add("--data", metavar="FOLDER", help="prepared lessons: a folder, or s3://...")
    add("--base", metavar="FOLDER", help="base model: a folder, or s3://... (local: the small one)")
    add("--preset", choices=sorted(PRESETS), help="hyperparameters to begin with: laptop (local), "
        "gpu16 for GPT-J on a GPU of 16 GB (aws)")  # fmt: skip
    add("--hyperparameters", type=Path, metavar="FILE", help="more of them, as a JSON object")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="one more of them")
    add("--name", help="of the job (made of the prefix and the time)")
    add("--resume", metavar="NAME", help="go on with a job that was stopped or has failed")
    add("--instance-type", help=f"machine ({Launch.instance_type})")
    add("--instances", type=int, help=f"how many machines ({Launch.instances})")
    add("--max-hours", type=float, help=f"longest time of work ({Launch.max_hours:g})")
    add("--spot", action=argparse.BooleanOptionalAction, help="machines that may be taken back")
    add("--max-wait-hours", type=float, help="with --spot: longest time of waiting and work")
    add("--image", help=f"training image, by digest (local: {IMAGE})")
    add("--role", help="ARN of the job's execution role (must be given on aws)")
    add("--with-sdk", action="store_true", help="send it by the SageMaker SDK, not by boto3")
    add("--follow", action="store_true", help="show how it goes until it ends")
    add("--dry-run", action="store_true", help="print the request, send nothing")
    add("--json", action="store_true", help="answer as JSON")
    run_on_target(start, parser.parse_args(argv))


def start(target: Target, arguments: argparse.Namespace) -> None:
    if arguments.with_sdk:
        require_sdk()
    plan = _planned(target, arguments)
    if arguments.dry_run:
        print(json.dumps(plan.request, indent=2))
        return
    prepare(target, plan)
    name = _send(target, plan, arguments.with_sdk)
    print(f"Started {name}.", file=sys.stderr if arguments.json else sys.stdout, flush=True)
    state = follow(target, name) if arguments.follow else None
    if arguments.json:
        told = {"name": name, "run": plan.launch.run, "request": plan.request}
        print(json.dumps(told | ({"state": state.to_json()} if state else {}), indent=2))
    elif state:
        print("\n".join(ending(target, state)))
    else:
        print(f"`{target.command('training_status', name, '--follow')}` follows it.")
    sys.exit(EXIT_STATUS[state.status] if state else 0)


def _planned(target: Target, arguments: argparse.Namespace) -> TrainingPlan:
    try:
        return (resumed_run if arguments.resume else new_run)(target, arguments)
    except (TrainSettingsWrong, LaunchWrong) as error:
        sys.exit(str(error))
    except PermissionError as error:
        sys.exit(f"{error.filename} cannot be read: {error.strerror}.")


def _send(target: Target, plan: TrainingPlan, with_sdk: bool) -> str:
    """Start the job and return its name."""
    try:
        if with_sdk:
            return send_with_sdk(target, plan.launch)
        target.aws.sagemaker.create_training_job(**plan.request)
    except ClientError as error:
        told = error.response["Error"]
        remedy = remedy_for(f"{told['Code']} {told['Message']}")
        sys.exit(f"SageMaker does not start the job: {told['Message']} {remedy}".strip())
    return plan.launch.name


if __name__ == "__main__":
    main()
