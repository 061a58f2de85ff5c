"""From a command's words to a training job: what it is to be, and what must be sent first."""

import argparse
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from scripts.checkout import clean_commit
from scripts.deployment import bucket_of
from scripts.target import SMALL_MODEL, Refused, Target, cache_dir
from scripts.training_input import TrainingInput, base_input, data_input, send_inputs
from training_job.hyperparameters import PRESETS, chosen
from training_job.launch import Launch, training_job_request

IMAGE = "deep-hop-training:source"  # for the local cloud: this source tree


class PlanRefused(Refused):
    """A job cannot be started in this way; the message has the remedy."""


@dataclass(frozen=True)
class TrainingPlan:
    """One job to be started."""

    launch: Launch
    inputs: tuple[TrainingInput, ...] = ()

    @property
    def request(self) -> dict[str, Any]:
        return training_job_request(self.launch)


def prepare(target: Target, plan: TrainingPlan) -> None:
    """Make sure that all is in S3 that the job reads."""
    s3, bucket = target.aws.client("s3"), plan.launch.bucket
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
            raise
        raise PlanRefused(
            f"There is no bucket {bucket}: nothing has been deployed here yet. Run "
            f"`{target.command('deploy')}` first."
        ) from error
    send_inputs(s3, bucket, plan.inputs)


def stamp() -> str:
    """The time, for the name of a job; two of one second differ."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def new_run(target: Target, arguments: argparse.Namespace) -> TrainingPlan:
    """A job that begins at the beginning; nothing is sent."""
    if not arguments.data:
        raise PlanRefused("There is no data. Give --data FOLDER (or s3://...), or --resume NAME.")
    given = chosen(arguments.hyperparameters, arguments.set)
    image, role = _image_and_role(target, arguments)
    machines = told_machines(target, arguments)
    name = arguments.name or f"{target.settings.prefix}-{stamp()}"
    launch = Launch(
        name=name,
        run=name,
        image=image,
        role=role,
        bucket=bucket_of(target),
        data="",
        hyperparameters={},
        git_commit=clean_commit(),
        project=target.settings.prefix,
        **machines,
    )  # checked before gigabytes are read
    data = data_input(arguments.data, launch.bucket)
    folder = _base(target, arguments, given)
    base = base_input(folder, launch.bucket) if folder else None
    preset = PRESETS[arguments.preset or ("laptop" if target.is_local else "gpu16")]
    launch = replace(
        launch,
        data=data.uri,
        base=base.uri if base else "",
        hyperparameters=preset | (base.names if base else {}) | price_of(target, machines) | given,
    )
    return TrainingPlan(launch, (data, base) if base else (data,))


def _image_and_role(target: Target, arguments: argparse.Namespace) -> tuple[str, str]:
    if target.is_local:
        account = target.aws.client("sts").get_caller_identity()["Account"]
        role = f"arn:aws:iam::{account}:role/{target.settings.prefix}-execution"
        return arguments.image or IMAGE, arguments.role or role
    missing = [f"--{name}" for name in ("image", "role") if not getattr(arguments, name)]
    if missing:
        raise PlanRefused(f"On AWS {' and '.join(missing)} must be given; see --help.")
    return arguments.image, arguments.role


def _base(target: Target, arguments: argparse.Namespace, given: Mapping[str, str]) -> str:
    """Where the base model is, unless the job is to ask the hub for it."""
    if arguments.base or not target.is_local or "base_model" in given:
        return str(arguments.base or "")
    folder = cache_dir() / SMALL_MODEL
    if not (folder / "run.json").is_file():
        raise PlanRefused(
            f"The small model is not in {folder}. Fetch it with `python -m scripts.fetch_model`, "
            "or name another base with --base FOLDER."
        )
    return str(folder)


def told_machines(target: Target, arguments: argparse.Namespace) -> dict[str, Any]:
    """What is told about the machines; the rest is as Launch has it."""
    known = target.aws.sagemaker.meta.service_model.shape_for("TrainingInstanceType").enum
    if arguments.instance_type and arguments.instance_type not in known:
        raise PlanRefused(
            f"--instance-type is {arguments.instance_type!r}, which SageMaker does not train on. "
            "It must be like ml.g4dn.xlarge."
        )
    names = ("instance_type", "instances", "max_hours", "spot", "max_wait_hours")
    told = {name: getattr(arguments, name) for name in names}
    return {name: value for name, value in told.items() if value is not None}


def price_of(target: Target, machines: Mapping[str, Any]) -> dict[str, str]:
    """What the job costs an hour, where we know it; the job tells its cost by it."""
    if machines.get("instance_type", Launch.instance_type) != Launch.instance_type:
        return {}
    price = target.settings.price.per_hour * machines.get("instances", Launch.instances)
    return {"price_per_hour": f"{price:g}"}
