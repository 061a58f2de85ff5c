"""What a deployment is made of: steps as data, each knowing whether it still has to be done."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from scripts.model_files import ModelFiles, missing_from, upload
from scripts.target import Target
from webapp.releases import Release, ReleaseStore

TEMPLATE = Path(__file__).parent.parent / "infrastructure" / "data.yaml"


@dataclass(frozen=True)
class Machine:
    """What the endpoint runs on. The AMI's driver must fit the image's CUDA."""

    image: str
    role: str
    instance_type: str = "ml.g4dn.xlarge"
    ami: str = "al2-ami-sagemaker-inference-gpu-3-1"
    start_seconds: int = 600  # a container that has not answered by then is given up


@dataclass(frozen=True)
class Step:
    """One thing to be done; `needed` looks, `apply` does, and doing it twice is harmless."""

    name: str
    request: dict[str, Any]
    needed: Callable[[], bool]
    apply: Callable[[], object]


def bucket_of(target: Target) -> str:
    account = target.aws.client("sts").get_caller_identity()["Account"]
    return f"{target.settings.prefix}-models-{account}-{target.settings.region}"


def plan_deployment(target: Target, model: ModelFiles, machine: Machine) -> list[Step]:
    """Every step from nothing to a model that the next start serves."""
    bucket = bucket_of(target)
    create_model = model_request(target.settings.prefix, f"s3://{bucket}/{model.prefix}", machine)
    create_config = config_request(create_model["ModelName"], machine)
    return [
        _stack_step(target),
        _upload_step(target, bucket, model),
        _create_step(target, "model", "Model", create_model),
        _create_step(target, "endpoint configuration", "EndpointConfig", create_config),
        _release_step(target, model, machine, create_model, create_config),
    ]


def model_request(prefix: str, model_data: str, machine: Machine) -> dict[str, Any]:
    """The CreateModel request; its name is the hash of its content."""
    request: dict[str, Any] = {
        "PrimaryContainer": {
            "Image": machine.image,
            "ModelDataSource": {
                "S3DataSource": {
                    "S3Uri": model_data,
                    "S3DataType": "S3Prefix",
                    "CompressionType": "None",
                }
            },
        },
        "ExecutionRoleArn": machine.role,
    }
    return {"ModelName": f"{prefix}-{_hash(request)}", **request}


def config_request(model: str, machine: Machine) -> dict[str, Any]:
    """The CreateEndpointConfig request; its name is the hash of its content."""
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": model,
        "InstanceType": machine.instance_type,
        "InitialInstanceCount": 1,
        "InferenceAmiVersion": machine.ami,
        "ContainerStartupHealthCheckTimeoutInSeconds": machine.start_seconds,
        "ModelDataDownloadTimeoutInSeconds": 1200,
    }
    request = {"ProductionVariants": [variant]}
    return {"EndpointConfigName": f"{model.rsplit('-', 1)[0]}-{_hash(request)}", **request}


def _hash(request: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()[:12]


def _stack_step(target: Target) -> Step:
    cloudformation = target.aws.client("cloudformation")
    prefix = target.settings.prefix
    request = {
        "StackName": f"{prefix}-data",
        "TemplateBody": TEMPLATE.read_text(encoding="utf-8"),
        "Parameters": [{"ParameterKey": "Prefix", "ParameterValue": prefix}],
    }
    state = {"exists": False}

    def needed() -> bool:
        try:
            found = cloudformation.get_template(StackName=request["StackName"])
        except ClientError as error:
            if "does not exist" in str(error) or "ValidationError" in str(error):
                return True
            raise
        state["exists"] = True
        return str(found["TemplateBody"]).strip() != str(request["TemplateBody"]).strip()

    def apply() -> None:
        verb = "update" if state["exists"] else "create"
        getattr(cloudformation, f"{verb}_stack")(**request)
        waiter = cloudformation.get_waiter(f"stack_{verb}_complete")
        waiter.wait(StackName=request["StackName"], WaiterConfig={"Delay": 2, "MaxAttempts": 300})

    shown = {**request, "TemplateBody": TEMPLATE.name}
    return Step(f"stack {request['StackName']}", shown, needed, apply)


def _upload_step(target: Target, bucket: str, model: ModelFiles) -> Step:
    s3 = target.aws.client("s3")
    missing: list[str] = []

    def needed() -> bool:
        missing[:] = missing_from(s3, bucket, model)
        return bool(missing)

    request = {"Bucket": bucket, "Prefix": model.prefix, "Bytes": sum(model.sizes.values())}
    return Step(
        f"model files {model.version}",
        request,
        needed,
        lambda: upload(s3, bucket, model, missing),
    )


def _create_step(target: Target, what: str, kind: str, request: dict[str, Any]) -> Step:
    name = request[f"{kind}Name"]
    snake = {"Model": "model", "EndpointConfig": "endpoint_config"}[kind]

    def needed() -> bool:
        try:
            getattr(target.aws.sagemaker, f"describe_{snake}")(**{f"{kind}Name": name})
        except ClientError as error:
            if "could not find" in error.response["Error"]["Message"].lower():
                return True
            raise
        return False

    create = getattr(target.aws.sagemaker, f"create_{snake}")
    return Step(f"{what} {name}", request, needed, lambda: create(**request))


def _release_step(
    target: Target,
    model: ModelFiles,
    machine: Machine,
    create_model: dict[str, Any],
    create_config: dict[str, Any],
) -> Step:
    store = ReleaseStore(target.aws.table(f"{target.settings.prefix}-releases"))
    release = Release(
        endpoint_config=create_config["EndpointConfigName"],
        model=create_model["ModelName"],
        model_version=model.version,
        image=machine.image,
        deployed=datetime.now(UTC).isoformat(timespec="seconds"),
    )

    def needed() -> bool:
        try:
            current = store.current()
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return True
            raise
        return current is None or current.endpoint_config != release.endpoint_config

    request = asdict(release)
    return Step("release", request, needed, lambda: store.make_current(release))
