"""Writes through to disk what requests have changed, and puts it back at the next start.

Control-plane calls are kept and replayed; DynamoDB items and S3 objects are kept as they are.
Endpoints are not restored: their machines are gone, and the reconciler asks for them again.
Training jobs are remembered as they were last seen.
"""

import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Response

from infrastructure.local_cloud.calls import Call
from infrastructure.local_cloud.journal import Journal, set_aside
from infrastructure.local_cloud.moto_adapter import Moto

log = logging.getLogger(__name__)
_REPLAYED = {
    "cloudformation": {"CreateStack", "UpdateStack", "DeleteStack"},
    "sagemaker": {
        "CreateModel",
        "DeleteModel",
        "CreateEndpointConfig",
        "DeleteEndpointConfig",
        "CreateTrainingJob",
    },
    "dynamodb": {"CreateTable", "UpdateTable", "DeleteTable", "UpdateTimeToLive"},
}
_OBJECT_PARTS = {"partNumber", "tagging", "acl", "uploads", "retention", "legal-hold"}


class Keeper:
    """The memory of the local cloud."""

    def __init__(self, data: Path, moto: Moto) -> None:
        self._moto = moto
        self._objects = data / "objects"
        self._objects.mkdir(parents=True, exist_ok=True)
        self._journal = Journal(data / "state.sqlite")

    def close(self) -> None:
        self._journal.close()

    def answer(self, environ: dict[str, Any], call: Call) -> Response:
        """moto's answer to a request; what it has changed is on disk before anyone hears it."""
        with self._moto.lock:
            response = self._moto.answer(environ, call.body)
            if response.status_code < 300 and call.method != "GET":
                self.keep(call)
        return response

    def keep(self, call: Call) -> None:
        """Write down what a call that succeeded has changed."""
        if call.operation in _REPLAYED.get(call.service, ()):
            self._journal.add_call(call)
        elif call.service == "dynamodb":
            self._keep_items(call)
        elif call.service == "s3":
            self._keep_objects(call)

    def file_of(self, bucket: str, key: str) -> Path | None:
        """The file that holds an object's bytes."""
        name = self._journal.object_file(bucket, key)
        return self._objects / name if name else None

    # training jobs

    def keep_job(self, region: str, name: str, facts: dict[str, Any]) -> None:
        self._journal.keep_job(region, name, facts)

    def jobs(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        return self._journal.jobs()

    # items

    def _keep_items(self, call: Call) -> None:
        for table, key in _written_keys(call, self._moto):
            item = self._moto.item(call.region, table, key)
            self._journal.keep_item(call.region, table, key, item)

    # objects

    def _keep_objects(self, call: Call) -> None:
        bucket, key = call.bucket_and_key()
        if not key:
            self._keep_bucket(call, bucket)
        elif call.method == "DELETE" and not call.arguments & {"uploadId", "tagging"}:
            self._forget(bucket, key)
        elif _stores_object(call):
            self._store(bucket, key)

    def _keep_bucket(self, call: Call, bucket: str) -> None:
        if call.method in {"PUT", "DELETE"}:
            self._journal.add_call(call)
        elif call.method == "POST" and "delete" in call.arguments:
            there = set(self._moto.keys(bucket, ""))
            for held, key, _, _ in list(self._journal.objects()):
                if held == bucket and key not in there:
                    self._forget(bucket, key)

    def _store(self, bucket: str, key: str) -> None:
        name = secrets.token_hex(16)
        unfinished, path = self._objects / f"{name}.unfinished", self._objects / name
        with self._moto.lock:
            with self._moto.object_bytes(bucket, key) as source, unfinished.open("wb") as target:
                shutil.copyfileobj(source, target, 2**20)
            os.replace(unfinished, path)
            before = self._journal.object_file(bucket, key)
            facts = self._moto.object_facts(bucket, key)
            self._moto.keep_object_in(bucket, key, path.open("rb"))
        self._journal.keep_object(bucket, key, name, facts)
        self._remove(before)

    def _forget(self, bucket: str, key: str) -> None:
        self._remove(self._journal.forget_object(bucket, key))

    def _remove(self, name: str | None) -> None:
        if name:
            (self._objects / name).unlink(missing_ok=True)

    # the next start

    def restore(self) -> None:
        """Put everything back; what cannot be put back is said and stays on disk."""
        for call in self._journal.calls():
            answer = self._moto.answer(call.environ(), call.body)
            if answer.status_code >= 400:
                log.warning("%s %s could not be done again.", call.service, call.operation)
        for region, table, item in self._journal.items():
            try:
                self._moto.restore_item(region, table, item)
            except Exception as error:  # moto's own kinds; one bad item must not hide the others
                log.warning("An item of %s could not be put back: %s", table, error)
        for bucket, key, name, facts in list(self._journal.objects()):
            self._restore_object(bucket, key, self._objects / name, facts)
        self._sweep()

    def _restore_object(self, bucket: str, key: str, path: Path, facts: dict[str, Any]) -> None:
        if not path.is_file():
            log.warning("The file of s3://%s/%s is gone; deploy again.", bucket, key)
            self._journal.forget_object(bucket, key)
        elif path.stat().st_size != facts["size"]:
            set_aside(path, f"s3://{bucket}/{key} has {facts['size']} bytes")
            self._journal.forget_object(bucket, key)
        else:
            try:
                self._moto.restore_object(bucket, key, facts, path.open("rb"))
            except KeyError:
                log.warning("The bucket of s3://%s/%s is gone.", bucket, key)

    def _sweep(self) -> None:
        """Remove the files that a kill left half written."""
        for path in self._objects.glob("*.unfinished"):
            path.unlink()


def _stores_object(call: Call) -> bool:
    if call.arguments & _OBJECT_PARTS:
        return False
    return call.method == "PUT" or (call.method == "POST" and "uploadId" in call.arguments)


def _written_keys(call: Call, moto: Moto) -> list[tuple[str, dict[str, Any]]]:
    """The table and key of every item that a DynamoDB call may have written."""
    body = call.json()
    match call.operation:
        case "UpdateItem" | "DeleteItem":
            writes = [body]
        case "PutItem":
            writes = [body]
        case "TransactWriteItems":
            writes = [w for action in body["TransactItems"] for w in action.values() if w]
        case "BatchWriteItem":
            writes = [
                {"TableName": table, **next(iter(request.values()))}
                for table, requests in body["RequestItems"].items()
                for request in requests
            ]
        case _:
            writes = []
    return [(w["TableName"], _key(call.region, w, moto)) for w in writes]


def _key(region: str, write: dict[str, Any], moto: Moto) -> dict[str, Any]:
    if "Key" in write:
        return dict(write["Key"])
    return moto.key_of(region, write["TableName"], write["Item"])
