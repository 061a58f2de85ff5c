"""Deploy the data stack and a model: python -m scripts.deploy [--target aws] --help

Deploying again does only what is still to be done. It starts no endpoint and costs nothing
but storage.
"""

import argparse
import json
import sys
from pathlib import Path

from scripts.deployment import Machine, Step, plan_deployment
from scripts.model_files import read_model_files
from scripts.target import SMALL_MODEL, Target, add_target_arguments, cache_dir, run_on_target


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Deploy tables, bucket and model.")
    add_target_arguments(parser)
    parser.add_argument("--model", type=Path, help="model directory (local: the small model)")
    parser.add_argument("--image", help="inference image, by digest (local: this source tree)")
    parser.add_argument("--role", help="ARN of the endpoint's execution role (aws only)")
    parser.add_argument("--instance-type", default=Machine.instance_type, help="of the endpoint")
    parser.add_argument("--dry-run", action="store_true", help="print the plan, change nothing")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    run_on_target(deploy, parser.parse_args(argv))


def deploy(target: Target, arguments: argparse.Namespace) -> None:
    folder = arguments.model or cache_dir() / SMALL_MODEL
    if not (folder / "run.json").is_file():
        sys.exit(
            f"{folder} holds no model (no run.json). Fetch the small one with "
            "`python -m scripts.fetch_model`, or name another with --model."
        )
    steps = plan_deployment(target, read_model_files(folder), _machine(target, arguments))
    done = [_take(step, arguments) for step in steps]
    if arguments.json:
        print(json.dumps({"target": target.name, "steps": done}, indent=2))
    elif not any(step["needed"] for step in done):
        print("Everything is deployed already.")


def _machine(target: Target, arguments: argparse.Namespace) -> Machine:
    if not target.is_local:
        missing = [f"--{name}" for name in ("image", "role") if not getattr(arguments, name)]
        if missing:
            sys.exit(f"On AWS {' and '.join(missing)} must be given; see --help.")
        return Machine(arguments.image, arguments.role, arguments.instance_type)
    account = target.aws.client("sts").get_caller_identity()["Account"]
    role = f"arn:aws:iam::{account}:role/{target.settings.prefix}-execution"
    return Machine(arguments.image or "deep-hop-inference:source", role, arguments.instance_type)


def _take(step: Step, arguments: argparse.Namespace) -> dict[str, object]:
    needed = step.needed()
    if needed and not arguments.json:
        print(f"{'Would make' if arguments.dry_run else 'Making'} {step.name}.", flush=True)
        if arguments.dry_run:
            print(json.dumps(step.request, indent=2))
    if needed and not arguments.dry_run:
        step.apply()
    return {"name": step.name, "needed": needed, "request": step.request}


if __name__ == "__main__":
    main()
