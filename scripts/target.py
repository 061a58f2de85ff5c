"""Where a script acts: the local cloud that runs on this machine, or AWS.

The default is local, so that nobody spends money by accident.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import boto3
import platformdirs
import requests
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from scripts.waiting import WaitedTooLong
from webapp.aws import Aws
from webapp.settings import SettingsWrong, SwitchSettings

SMALL_MODEL = Path("models") / "smollm2-135m-instruct"  # below the cache folder
SMALL_ADAPTER = Path(__file__).parent.parent / SMALL_MODEL  # trained by `make adapter`
_ANY_KEY = "local"  # the local cloud checks no keys
LOCAL_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": _ANY_KEY,
    "AWS_SECRET_ACCESS_KEY": _ANY_KEY,
    "AWS_DEFAULT_REGION": "us-east-1",
}


LOCAL_PRICE_NOTE = "What the machine would cost on AWS; the local cloud is free."


class Refused(Exception):
    """A script cannot do what it was asked to; the message has the remedy."""


class NoTarget(Refused):
    """The place where a script was to act cannot be reached; the message has the remedy."""


@dataclass(frozen=True)
class Target:
    """A place with its settings and its clients."""

    name: str
    settings: SwitchSettings
    aws: Aws

    @property
    def is_local(self) -> bool:
        return self.name == "local"

    def command(self, script: str, *words: str) -> str:
        """How a script is called for this target, to be shown to people."""
        where = () if self.is_local else ("--target", self.name)
        return " ".join(("python -m", f"scripts.{script}", *words, *where))


def data_dir(env: Mapping[str, str] = os.environ) -> Path:
    """The folder of what people made with the local cloud."""
    return Path(env.get("DEEP_HOP_DATA") or platformdirs.user_data_dir("deep-hop"))


def cache_dir(env: Mapping[str, str] = os.environ) -> Path:
    """The folder of what can be fetched again."""
    return Path(env.get("DEEP_HOP_CACHE") or platformdirs.user_cache_dir("deep-hop"))


def add_target_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--target",
        choices=("local", "aws"),
        default="local",
        help="where to act: the local cloud that `make demo` runs (default), or AWS",
    )
    parser.add_argument("--prefix", help="first part of every resource's name (deep-hop)")


def find_target(arguments: argparse.Namespace, env: Mapping[str, str] = os.environ) -> Target:
    """The target that the arguments name, or NoTarget."""
    chosen = {"DEEP_HOP_PREFIX": arguments.prefix} if arguments.prefix else {}
    try:
        settings = SwitchSettings.from_env({**env, **chosen})
    except SettingsWrong as error:
        raise NoTarget(str(error)) from error
    if arguments.target == "local":
        return local_target(settings, find_local_cloud(data_dir(env)))
    session = boto3.Session(region_name=settings.region)
    if session.get_credentials() is None:
        raise NoTarget("There are no AWS credentials. Run `aws configure`, or set AWS_PROFILE.")
    return Target("aws", settings, Aws(session))


def local_target(settings: SwitchSettings, address: str) -> Target:
    price = replace(settings.price, note=LOCAL_PRICE_NOTE)
    settings = replace(settings, price=price)
    return Target("local", settings, Aws(local_session(), address))


@cache  # a service's model takes a third of a second to read
def local_session() -> boto3.Session:
    return boto3.Session("local", "local", region_name=LOCAL_CREDENTIALS["AWS_DEFAULT_REGION"])


def find_local_cloud(data: Path) -> str:
    """The address of the running local cloud, or NoTarget."""
    try:
        address = str(json.loads((data / "local_cloud.json").read_text())["address"])
        requests.get(f"{address}/moto-api/", timeout=5)
    except (OSError, ValueError, KeyError):
        raise NoTarget(
            f"No local cloud is running (looked in {data}). Start it with `make demo`, "
            "or name --target aws."
        ) from None
    return address


def run_on_target(
    work: Callable[[Target, argparse.Namespace], None], arguments: argparse.Namespace
) -> None:
    """Call `work(target, arguments)`; what goes wrong with the target ends in one sentence."""
    try:
        work(find_target(arguments), arguments)
    except Refused as error:
        sys.exit(str(error))
    except WaitedTooLong as error:
        sys.exit(str(error))
    except ClientError as error:
        sys.exit(f"AWS refused {error.operation_name}: {error.response['Error']['Message']}")
    except (BotoCoreError, Boto3Error) as error:
        sys.exit(f"AWS cannot be reached: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
