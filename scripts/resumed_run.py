"""A new job that goes on where an earlier one has ended: same settings, same checkpoints."""

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scripts.checkout import clean_commit
from scripts.target import Target
from scripts.training_jobs import ENDED, busy_with, describe_job
from scripts.training_plan import PlanRefused, TrainingPlan, price_of, stamp, told_machines
from training_job.hyperparameters import chosen, gone_on_with
from training_job.launch import Launch, launch_of

_LONGEST_RUN = 42  # characters of the run's name in that of the new job


def resumed_run(target: Target, arguments: argparse.Namespace) -> TrainingPlan:
    """The job that goes on with the one of `--resume`; nothing is sent."""
    job = describe_job(target, arguments.resume)
    before = launch_of(job, target.settings.prefix)
    _refuse_if_not_resumable(target, arguments, job, before)
    machines = told_machines(target, arguments)
    changes: dict[str, str] = {}
    if machines.get("instance_type", before.instance_type) != before.instance_type:
        changes = {"price_per_hour": "0"} | price_of(
            target, {"instances": before.instances, **machines}
        )
    changes |= chosen(arguments.hyperparameters, arguments.set)
    launch = replace(
        before,
        name=arguments.name or f"{before.run[:_LONGEST_RUN].rstrip('-')}-{stamp()}",
        image=arguments.image or before.image,
        role=arguments.role or before.role,
        hyperparameters=gone_on_with(before.hyperparameters, changes),
        git_commit=clean_commit(),
        **{"max_wait_hours": _kept_wait(before, machines), **machines},
    )
    return TrainingPlan(launch)


def _kept_wait(before: Launch, machines: Mapping[str, Any]) -> float | None:
    kept = machines.get("spot", before.spot) and "max_hours" not in machines
    return before.max_wait_hours if kept else None


def _refuse_if_not_resumable(
    target: Target, arguments: argparse.Namespace, job: Mapping[str, Any], before: Launch
) -> None:
    name, status = job["TrainingJobName"], job["TrainingJobStatus"]
    fixed = [word for word in ("data", "base", "preset") if getattr(arguments, word)]
    if fixed:
        raise PlanRefused(
            f"--resume goes on with the data, base and settings of {name}: leave "
            f"{' and '.join(f'--{word}' for word in fixed)} out, or start a new run."
        )
    if arguments.instances not in (None, before.instances):
        raise PlanRefused(
            f"{name} ran on {before.instances} instances, and its checkpoints fit no other number."
        )
    if status == "Completed":
        raise PlanRefused(
            f"{name} is completed. `{target.command('fetch_adapter', name, '--out FOLDER')}` "
            "brings its adapter."
        )
    if status not in ENDED:
        raise PlanRefused(
            f"{name} has not ended ({status}). `{target.command('stop_training', name)}` stops it."
        )
    checkpoints = job["CheckpointConfig"]["S3Uri"]
    if busy := busy_with(target, checkpoints):
        raise PlanRefused(
            f"{busy} goes on with this run already, and two jobs would spoil each other's "
            f"checkpoints. `{target.command('training_status', busy, '--follow')}` shows it."
        )
