"""The only module that touches moto's internals; contract tests notice when these change."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from typing import Any, BinaryIO

from moto.cloudwatch.models import cloudwatch_backends
from moto.dynamodb.models import dynamodb_backends
from moto.logs.models import logs_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import FakeDeleteMarker, FakeKey, s3_backends
from moto.sagemaker.models import sagemaker_backends
from werkzeug.wrappers import Response

from infrastructure.local_cloud.refusals import ACCOUNT
from infrastructure.local_cloud.settings import REGION

Item = dict[str, Any]


class Moto:
    """moto's server and its memory; one lock serialises all that touches them."""

    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self.lock = RLock()

    def answer(self, environ: dict[str, Any], body: bytes) -> Response:
        """moto's own answer to a request."""
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        with self.lock:
            return Response.from_app(self._app, environ, buffered=True)

    # endpoints

    def endpoint(self, region: str, name: str) -> Any:
        """moto's endpoint object, whose attributes DescribeEndpoint shows; None without one."""
        return sagemaker_backends[ACCOUNT][region].endpoints.get(name)

    def set_status(
        self, region: str, name: str, status: str, when: datetime, why: str = ""
    ) -> None:
        with self.lock:
            endpoint = self.endpoint(region, name)
            endpoint.endpoint_status = status
            endpoint.failure_reason = why or None
            endpoint.last_modified_time = when

    def forget_endpoint(self, region: str, name: str) -> None:
        with self.lock:
            sagemaker_backends[ACCOUNT][region].endpoints.pop(name, None)

    def variant(self, region: str, config: str) -> Item | None:
        """The first production variant of an endpoint configuration."""
        with self.lock:
            found = sagemaker_backends[ACCOUNT][region].endpoint_configs.get(config)
            return dict(found.production_variants[0]) if found else None

    def container(self, region: str, model: str) -> Item | None:
        """The primary container of a model."""
        with self.lock:
            found = sagemaker_backends[ACCOUNT][region]._models.get(model)
            return dict(found.primary_container) if found else None

    # objects

    def has_bucket(self, bucket: str) -> bool:
        with self.lock:
            return bucket in s3_backends[ACCOUNT]["aws"].buckets

    def keys(self, bucket: str, prefix: str) -> list[str]:
        with self.lock:
            found = s3_backends[ACCOUNT]["aws"].buckets.get(bucket)
            return [
                name
                for name, stored in (found.keys.items() if found else ())
                if name.startswith(prefix) and not isinstance(stored, FakeDeleteMarker)
            ]

    def object_facts(self, bucket: str, key: str) -> Item:
        stored = self._key(bucket, key)
        return {
            "etag": stored.etag.strip('"'),
            "size": stored.size,
            "metadata": dict(stored.metadata),
        }

    @contextmanager
    def object_bytes(self, bucket: str, key: str) -> Iterator[BinaryIO]:
        with self.lock:
            buffer: Any = self._key(bucket, key)._value_buffer
            buffer.seek(0)
            yield buffer

    def keep_object_in(self, bucket: str, key: str, file: BinaryIO) -> None:
        """Let moto read an object's bytes from a file."""
        stored = self._key(bucket, key)
        stored._value_buffer.close()
        stored._value_buffer = file
        if stored.multipart:
            stored.multipart.dispose()
            stored.multipart = None

    def restore_object(self, bucket: str, key: str, facts: Item, file: BinaryIO) -> None:
        """Put an object back whose bytes lie in a file; KeyError if its bucket is gone."""
        held = s3_backends[ACCOUNT]["aws"].buckets[bucket]
        stored: Any = FakeKey(key, b"", ACCOUNT, REGION, etag=facts["etag"], bucket_name=bucket)
        stored.contentsize = facts["size"]
        stored.set_metadata(facts["metadata"])
        stored._value_buffer = file
        held.keys[key] = stored

    def _key(self, bucket: str, key: str) -> Any:
        return s3_backends[ACCOUNT]["aws"].buckets[bucket].keys[key]

    # items

    def item(self, region: str, table: str, key: Item) -> Item | None:
        with self.lock:
            found = dynamodb_backends[ACCOUNT][region].get_item(table, key)
            return found.to_json()["Attributes"] if found else None

    def key_of(self, region: str, table: str, item: Item) -> Item:
        held = dynamodb_backends[ACCOUNT][region].get_table(table)
        names = [name for name in (held.hash_key_attr, held.range_key_attr) if name]
        return {name: item[name] for name in names}

    def restore_item(self, region: str, table: str, item: Item) -> None:
        """Put an item back; fails if its table is gone."""
        dynamodb_backends[ACCOUNT][region].put_item(table, item)

    # metrics

    def count_invocation(self, region: str, endpoint: str, variant: str) -> None:
        """As SageMaker does: one to AWS/SageMaker, Invocations."""
        dimensions = [
            {"Name": "EndpointName", "Value": endpoint},
            {"Name": "VariantName", "Value": variant},
        ]
        datum = {"MetricName": "Invocations", "Value": 1, "Dimensions": dimensions}
        with self.lock:
            cloudwatch_backends[ACCOUNT][region].put_metric_data("AWS/SageMaker", [datum])

    # logs

    def write_log(
        self, region: str, group: str, stream: str, lines: Iterable[str], ms: int
    ) -> None:
        """Append lines to a CloudWatch log stream, all at one time (milliseconds since 1970)."""
        with self.lock:
            backend = logs_backends[ACCOUNT][region]
            if group not in backend.groups:
                backend.create_log_group(group, {})
            backend.ensure_log_stream(group, stream)
            events = [{"timestamp": ms, "message": line} for line in lines]
            backend.put_log_events(group, stream, events)
