"""The demos in their DynamoDB table."""

import contextlib
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from webapp.demos import Demo
from webapp.leases import scan

log = logging.getLogger(__name__)
KEPT = timedelta(days=7)  # after its last day; what became of it is in the history of starts
RECORD_VERSION = 2  # version 1 has no PIN


class DemoNotFound(LookupError):
    """There is no such demo."""


class DemoChanged(Exception):
    """Somebody else has changed the demo since it was read."""


class DemoStore:
    """Each demo is one item, so that a change is made as a whole or not at all."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def add(self, demo: Demo) -> Demo:
        """Keep a demo; its id is drawn for it, so that it is there already is as good."""
        with contextlib.suppress(DemoChanged):
            self._put(demo, "attribute_not_exists(id)")
        return demo

    def change(self, demo: Demo) -> Demo:
        """Put it in the place of the revision that it was made from, or raise DemoChanged."""
        demo = replace(demo, revision=demo.revision + 1)
        self._put(demo, "revision = :seen", {":seen": demo.revision - 1})
        return demo

    def remove(self, demo_id: str) -> None:
        """Remove a demo; that it is gone is as good."""
        self._table.delete_item(Key={"id": demo_id})

    def find(self, demo_id: str) -> Demo:
        item = self._table.get_item(Key={"id": demo_id}, ConsistentRead=True).get("Item")
        if not item:
            raise DemoNotFound(demo_id)
        return _read(item)

    def all(self) -> list[Demo]:
        return list(self._all())

    def _all(self) -> Iterator[Demo]:
        """One that cannot be read must not keep the others from their time."""
        for item in scan(self._table):
            try:
                yield _read(item)
            except (KeyError, TypeError, ValueError) as error:
                log.warning("A demo cannot be read, and is passed over: %s (%r)", item["id"], error)

    def _put(self, demo: Demo, condition: str, values: dict[str, Any] | None = None) -> None:
        try:
            self._table.put_item(
                Item=_item(demo),
                ConditionExpression=condition,
                **({"ExpressionAttributeValues": values} if values else {}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise DemoChanged(demo.id) from error
            raise


def _item(demo: Demo) -> dict[str, Any]:
    last = datetime.combine(demo.until or demo.day, demo.at)
    return {
        "id": demo.id,
        "version": RECORD_VERSION,
        "revision": demo.revision,
        "demo": json.dumps(demo.to_json(), ensure_ascii=False),
        "expires": int((last + KEPT).timestamp()),
    }


def _read(item: dict[str, Any]) -> Demo:
    return Demo.from_json(json.loads(item["demo"]))
