"""The history of starts: when the endpoint was asked for, ready and gone, and why it failed."""

import heapq
import statistics
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from webapp.leases import read_time, scan, written

RECORD_VERSION = 2  # version 1 does not say so, and may count no requests


@dataclass(frozen=True)
class StartRecord:
    """One life of the endpoint; its id is the time at which SageMaker says it was created."""

    id: str
    asked: datetime
    who: str
    why: str
    config: str
    ready: datetime | None = None
    ended: datetime | None = None
    failure: str = ""
    requests: int = 0  # for verses, that came through the site
    last_request: datetime | None = None  # by anybody
    noticed: datetime | None = None  # hosts were told that it runs for nobody

    def to_json(self) -> dict[str, Any]:
        return {name: written(value) for name, value in asdict(self).items()}


class StartStore:
    """The starts in their DynamoDB table. Every change can be made twice without harm."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def open(self, record: StartRecord) -> None:
        """Write the record down unless it is there."""
        told = {name: value for name, value in record.to_json().items() if value is not None}
        self._unless_done(
            self._table.put_item,
            Item=told | {"version": RECORD_VERSION},
            ConditionExpression="attribute_not_exists(id)",
        )

    def note(self, record: StartRecord, field: str, value: datetime | str) -> None:
        """Fill in a field that is still empty."""
        self._unless_done(
            self._table.update_item,
            Key={"id": record.id},
            UpdateExpression="SET #field = :value",
            ConditionExpression="attribute_exists(id) AND "
            "(attribute_not_exists(#field) OR #field = :empty)",
            ExpressionAttributeNames={"#field": field},
            ExpressionAttributeValues={":value": written(value), ":empty": ""},
        )

    def note_request(self, record: StartRecord, when: datetime, requests: int = 0) -> None:
        """Count requests for verses that came then; the last of all requests stays the last."""
        known = self._unless_done(
            self._table.update_item,
            Key={"id": record.id},
            UpdateExpression="SET last_request = :when ADD requests :requests",
            ConditionExpression="attribute_exists(id) AND "
            "(attribute_not_exists(last_request) OR last_request < :when)",
            ExpressionAttributeValues={":when": written(when), ":requests": requests},
        )
        if requests and not known:  # a later one is written down already
            self._unless_done(
                self._table.update_item,
                Key={"id": record.id},
                UpdateExpression="ADD requests :requests",
                ConditionExpression="attribute_exists(id)",
                ExpressionAttributeValues={":requests": requests},
            )

    def since(self, moment: datetime) -> list[StartRecord]:
        """Those that were asked for since then, and those that run."""
        asked = written(moment)
        return [_read(x) for x in scan(self._table) if x["asked"] >= asked or not x.get("ended")]

    def find(self, record_id: str) -> StartRecord | None:
        item = self._table.get_item(Key={"id": record_id}, ConsistentRead=True).get("Item")
        return _read(item) if item else None

    def running(self) -> StartRecord | None:
        """The life that has not ended."""
        open_ = (item for item in scan(self._table) if not item.get("ended") and item["config"])
        newest = max(open_, key=lambda item: item["asked"], default=None)
        return _read(newest) if newest else None

    def waits(self, limit: int = 10) -> list[StartRecord]:
        """The last starts that became ready."""
        ready = (item for item in scan(self._table) if item.get("ready"))
        return list(map(_read, heapq.nlargest(limit, ready, key=lambda item: item["asked"])))

    def newest(self, limit: int = 10) -> list[StartRecord]:
        items = heapq.nlargest(limit, scan(self._table), key=lambda x: (x["asked"], x["id"]))
        return list(map(_read, items))

    @staticmethod
    def _unless_done(call: Any, **arguments: Any) -> bool:
        """Whether it was done now."""
        try:
            call(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True


@dataclass(frozen=True)
class UsualRange:
    """How long the last starts took, from asked to ready: the seconds of the shortest and of the
    longest, and how many they were."""

    least: int
    most: int
    starts: int


def usual_range(records: list[StartRecord]) -> UsualRange | None:
    """None while no start has succeeded."""
    waits = [round((r.ready - r.asked).total_seconds()) for r in records if r.ready]
    return UsualRange(min(waits), max(waits), len(waits)) if waits else None


def usual_seconds(records: list[StartRecord]) -> int | None:
    """The median time from asked to ready; None while no start has succeeded."""
    waits = [(r.ready - r.asked).total_seconds() for r in records if r.ready]
    return round(statistics.median(waits)) if waits else None


_TIMES = ("asked", "ready", "ended", "last_request", "noticed")


def _read(item: dict[str, Any]) -> StartRecord:
    times: dict[str, Any] = {name: read_time(item.get(name)) for name in _TIMES}
    texts: dict[str, Any] = {
        name: item.get(name, "") for name in ("id", "who", "why", "config", "failure")
    }
    return StartRecord(**texts, **times, requests=int(item.get("requests", 0)))
