"""What a training job finds under /opt/ml, and what it leaves there."""

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

from infrastructure.local_cloud.object_store import ObjectStore, Place, StoreFailed
from infrastructure.local_cloud.training.record import LONGEST_REASON
from infrastructure.local_cloud.training.request import Channel, JobRequest

HOST = "algo-1"
_NO_OBJECTS = (
    'ClientError: Data download failed: No S3 objects found under S3 URL "{uri}" given in input '
    "data source. Please ensure that the bucket exists in the selected region ({region}), that "
    'objects exist under that S3 prefix, and that the role "{role}" has "s3:ListBucket" '
    'permissions on bucket "{bucket}".'
)
_NO_BUCKET = "ClientError: NoSuchBucket: the bucket {} does not exist. Create it, or name another."


class JobFailed(Exception):
    """The job's status becomes Failed with this reason."""


def fill(base: Path, request: JobRequest, store: ObjectStore) -> None:
    """Write the configuration and bring the channels, if the job can bring back what it makes."""
    for place in (request.output, request.checkpoints):
        if place and not store.has_bucket(place.bucket):
            raise JobFailed(_NO_BUCKET.format(place.bucket))
    config = base / "input" / "config"
    config.mkdir(parents=True)
    for name, content in _configuration(base, request).items():
        (config / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    for folder in ("model", "output/data", "input/data"):
        (base / folder).mkdir(parents=True)
    for channel in request.channels():
        keys = [key for key in store.keys(channel.place) if not key.endswith("/")]
        if not keys:
            raise JobFailed(
                _NO_OBJECTS.format(
                    uri=channel.place.uri,
                    region=request.region,
                    role=request.body["RoleArn"],
                    bucket=channel.place.bucket,
                )
            )
        _fetch(base, channel, keys, store)


def _configuration(base: Path, request: JobRequest) -> dict[str, dict[str, Any]]:
    group = {"instance_group_name": "homogeneousCluster", "instance_type": request.instance_type}
    files: dict[str, dict[str, Any]] = {
        "hyperparameters": request.body.get("HyperParameters") or {},
        "resourceconfig": {
            "current_host": HOST,
            "current_instance_type": request.instance_type,
            "current_group_name": group["instance_group_name"],
            "hosts": [HOST],
            "instance_groups": [group | {"hosts": [HOST]}],
            "network_interface_name": "lo" if sys.platform.startswith("linux") else "lo0",
        },
        "inputdataconfig": {
            channel.name: {
                "ContentType": channel.content_type,
                "TrainingInputMode": "File",
                "S3DistributionType": "FullyReplicated",
                "RecordWrapperType": "None",
            }
            for channel in request.channels()
        },
    }
    if request.checkpoints:
        local = str(base / "checkpoints")
        files["checkpointconfig"] = {"S3Uri": request.checkpoints.uri, "LocalPath": local}
    return files


def _fetch(base: Path, channel: Channel, keys: list[str], store: ObjectStore) -> None:
    folder = base / "input" / "data" / channel.name
    try:
        for key in keys:
            store.fetch(channel.place.bucket, key, folder / _local_name(channel.place.prefix, key))
    except StoreFailed as failure:
        raise JobFailed(f"ClientError: Data download failed: {failure}.") from failure


def _local_name(prefix: str, key: str) -> str:
    """A key without the folder that the prefix names: a/b and a/b/c are c, a/b and a/bc are bc."""
    rest = key.removeprefix(prefix)
    if prefix.endswith("/") or rest.startswith("/"):
        return rest.lstrip("/")
    return key[prefix.rfind("/") + 1 :]


def upload(base: Path, request: JobRequest, store: ObjectStore, *parts: str) -> None:
    """Bring the job's model, its other output or both to where the job's request wants them."""
    try:
        for part in parts:
            folder = base / {"model": "model", "data": "output/data"}[part]
            if not any(path.is_file() for path in folder.rglob("*")):
                continue
            if request.compressed:
                _put_packed(base, folder, "model" if part == "model" else "output", request, store)
            else:
                _put_files(folder, request.output.folder(part), store)
    except StoreFailed as failure:
        raise JobFailed(f"ClientError: Artifact upload failed: {failure}.") from failure


def _put_files(folder: Path, place: Place, store: ObjectStore) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as source:
                store.put(place.bucket, place.prefix + path.relative_to(folder).as_posix(), source)


def _put_packed(
    base: Path, folder: Path, name: str, request: JobRequest, store: ObjectStore
) -> None:
    packed = base / f"{name}.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(folder, arcname=".")
    with packed.open("rb") as source:
        store.put(request.output.bucket, request.output.prefix + packed.name, source)


def failure_reason(base: Path, code: int) -> str:
    """Why the algorithm failed, from the file where it may say so."""
    try:
        said = (base / "output" / "failure").read_text(encoding="utf-8", errors="replace")
    except OSError:
        said = ""
    return f"AlgorithmError: {said[:LONGEST_REASON]}, exit code: {code}"
