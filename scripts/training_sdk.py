"""SageMaker's SDK for a target of ours."""

from importlib.util import find_spec

import boto3

from scripts.target import Refused, Target, local_session
from training_job import sdk_launch
from training_job.launch import Launch


class NoSdk(Refused):
    """The SDK is not installed here."""


def require_sdk() -> None:
    if find_spec("sagemaker") is None:
        raise NoSdk(
            "SageMaker's SDK is not installed here. requirements-sdk.txt says how; without "
            "--with-sdk the same job is started."
        )


def send_with_sdk(target: Target, launch: Launch) -> str:
    """Start the job by the SDK and return its name."""
    if target.is_local:
        address = target.aws.sagemaker.meta.endpoint_url
        return sdk_launch.send(launch, local_session(), address)
    return sdk_launch.send(launch, boto3.Session(region_name=target.settings.region))
