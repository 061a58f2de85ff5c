"""Deploy the data stack and a model: python -m scripts.deploy [--target aws] --help

Deploying again does only what is still to be done. It starts no endpoint and costs nothing
but storage.
"""

import argparse
import json
import sys
from pathlib import Path

from bars.run import Run, RunRefused
from scripts.deployment import Machine, Step, plan_deployment
from scripts.model_files import ModelFiles, read_model_files
from scripts.target import (
    SMALL_ADAPTER,
    SMALL_MODEL,
    Target,
    add_target_arguments,
    cache_dir,
    run_on_target,
)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Deploy tables, bucket and model.")
    add_target_arguments(parser)
    parser.add_argument("--model", type=Path,
        help="model directory (the small model, with the adapter in models/)")  # fmt: skip
    adapters = parser.add_mutually_exclusive_group()
    adapters.add_argument("--adapter", type=Path, metavar="FOLDER",
        help="what scripts.fetch_adapter brought (default: the model directory's own)")  # fmt: skip
    adapters.add_argument("--bare", action="store_true", help="the small model without adapter")
    parser.add_argument("--image", help="inference image, by digest (local: this source tree)")
    parser.add_argument("--role", help="ARN of the endpoint's execution role (aws only)")
    parser.add_argument("--instance-type", default=Machine.instance_type, help="of the endpoint")
    parser.add_argument("--dry-run", action="store_true", help="print the plan, change nothing")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    if arguments.bare and arguments.model:
        parser.error(
            "--bare is for the small model; leave --model out, or name one without adapter."
        )
    run_on_target(deploy, arguments)


def deploy(target: Target, arguments: argparse.Namespace) -> None:
    steps = plan_deployment(target, _model(arguments), _machine(target, arguments))
    done = [_take(step, arguments) for step in steps]
    if arguments.json:
        print(json.dumps({"target": target.name, "steps": done}, indent=2))
    elif not any(step["needed"] for step in done):
        print("Everything is deployed already.")


def _model(arguments: argparse.Namespace) -> ModelFiles:
    """The model directory's files, perhaps with an adapter from elsewhere."""
    folder, adapter = folders(arguments)
    try:
        bases = {each: Run.load(each).base_model for each in (folder, adapter) if each}
    except RunRefused as error:
        sys.exit(
            f"{error} The small model is fetched with `python -m scripts.fetch_model`; name "
            "another with --model."
        )
    if len(set(bases.values())) > 1:
        told = ", ".join(f"{name} in {place}" for place, name in bases.items())
        sys.exit(f"An adapter fits only the base that it was trained on: {told}.")
    return read_model_files(folder, adapter)


def folders(arguments: argparse.Namespace) -> tuple[Path, Path | None]:
    """The model directory, and the folder of the adapter if it lies elsewhere."""
    if arguments.model:
        return arguments.model, arguments.adapter
    shipped = None if arguments.bare else SMALL_ADAPTER
    return cache_dir() / SMALL_MODEL, arguments.adapter or shipped


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
