"""A cloud that keeps AWS's rules about endpoints and tables, and fails in every way that AWS can.

Nothing here waits: time is a number that each call moves on.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

Item = dict[str, Any]
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NO_CAPACITY = (
    "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity"
)
NO_PING = "The primary container for production variant did not pass the ping health check."


_NEVER = float("inf")


class Crash(BaseException):
    """The process is killed between two calls; nothing may catch it."""


@dataclass
class Rates:
    """How likely each fault is, at each call."""

    throttled: float = 0.0
    request_lost: float = 0.0  # it never arrived
    answer_lost: float = 0.0  # it was carried out, and the answer did not come
    crash: float = 0.0  # before the call, or after it


CALM, STORM = Rates(0.002, 0.001, 0.001, 0.001), Rates(0.25, 0.08, 0.08, 0.06)
NO_FAULTS = Rates()


_OF_CALLS = ("throttled", "request lost", "answer lost", "crash")


@dataclass
class Faults:
    """What goes wrong, drawn from a seed; `count` is how often it did, by its name."""

    random: random.Random
    rates: Rates = field(default_factory=Rates)
    count: dict[str, int] = field(default_factory=dict)

    @property
    def of_calls(self) -> int:
        """How many calls have failed or were not what they seemed."""
        return sum(self.count.get(name, 0) for name in _OF_CALLS)

    def note(self, name: str) -> None:
        self.count[name] = self.count.get(name, 0) + 1

    def draw(self, name: str, rate: float) -> bool:
        if rate and self.random.random() < rate:
            self.note(name)
            return True
        return False

    def call(self, operation: str, carry_out: Callable[[], Any]) -> Any:
        """Carry a call out, or not, or do so and lose its answer."""
        rates = self.rates
        if self.draw("crash", rates.crash / 2):
            raise Crash
        if self.draw("throttled", rates.throttled):
            raise refusal(operation, "Rate exceeded", "ThrottlingException")
        if self.draw("request lost", rates.request_lost):
            raise ReadTimeoutError(endpoint_url="https://simulated")
        answer = carry_out()
        if self.draw("answer lost", rates.answer_lost):
            raise ReadTimeoutError(endpoint_url="https://simulated")
        if self.draw("crash", rates.crash / 2):
            raise Crash
        return answer


class Time:
    """The true time, and the switch's clock beside it, which may be wrong by some seconds."""

    def __init__(self, now: datetime = NEW_YEAR) -> None:
        self.now = now
        self.error = timedelta()
        self.watch: Callable[[datetime, datetime], None] = lambda before, after: None

    def clock(self) -> datetime:
        return self.now + self.error

    def pass_(self, **delta: float) -> None:
        before, self.now = self.now, self.now + timedelta(**delta)
        self.watch(before, self.now)


def refusal(operation: str, message: str, code: str = "ValidationException") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@dataclass
class Life:
    """One endpoint, from its creation until it is gone."""

    config: str
    created: datetime
    settled: datetime  # when it is in service, or has failed
    failure: str
    deleted: datetime | None = None
    gone: datetime | None = None

    def status(self, now: datetime) -> str | None:
        if self.deleted and now >= self.deleted:
            return "Deleting" if self.gone and now < self.gone else None
        if now < self.settled:
            return "Creating"
        return "Failed" if self.failure else "InService"


class SimulatedSageMaker:
    """One endpoint by AWS's rules: refused twice, no delete while it is created, read late."""

    LATE = timedelta(seconds=60)  # at most, by which a description is behind

    def __init__(self, time: Time, faults: Faults, gate: Callable[[], None]) -> None:
        self._time, self._faults, self._gate = time, faults, gate
        self.lives: list[Life] = []
        self.starts_take: Callable[[], timedelta] = lambda: timedelta(minutes=5)
        self.fails_with: Callable[[], str] = str
        self.late = 0.0  # how likely a description is behind
        self.refuses_with: ClientError | None = None

    def describe_endpoint(self, EndpointName: str) -> Item:  # noqa: N803
        self._gate()
        return dict(self._faults.call("DescribeEndpoint", self._describe))

    def create_endpoint(self, EndpointName: str, EndpointConfigName: str) -> None:  # noqa: N803
        self._gate()
        self._faults.call("CreateEndpoint", lambda: self._create(EndpointConfigName))

    def delete_endpoint(self, EndpointName: str) -> None:  # noqa: N803
        self._gate()
        self._faults.call("DeleteEndpoint", self._delete)

    def status(self, at: datetime | None = None) -> str | None:
        """The true one."""
        at = at or self._time.now
        lives = [life for life in self.lives[-2:] if life.created <= at]
        return lives[-1].status(at) if lives else None

    def _describe(self) -> Item:
        seen = self._time.now
        if self._faults.draw("read late", self.late):
            seen -= self.LATE * self._faults.random.random()
        status = self.status(seen)
        if status is None:
            raise refusal("DescribeEndpoint", 'Could not find endpoint "hop".')
        life = next(life for life in reversed(self.lives) if life.created <= seen)
        return {
            "EndpointStatus": status,
            "EndpointConfigName": life.config,
            "CreationTime": life.created,
            "LastModifiedTime": life.created if status == "Creating" else life.settled,
            **({"FailureReason": life.failure} if status == "Failed" else {}),
        }

    def _create(self, config: str) -> None:
        if self.refuses_with is not None:
            self._faults.note("create refused")
            raise self.refuses_with
        if self.status() is not None:
            raise refusal("CreateEndpoint", "Cannot create already existing endpoint.")
        now, failure = self._time.now, self.fails_with()
        if failure:
            self._faults.note("start failed")
        self.lives.append(Life(config, now, now + self.starts_take(), failure))

    def _delete(self) -> None:
        now, status = self._time.now, self.status()
        if status is None or status == "Deleting":
            raise refusal("DeleteEndpoint", 'Could not find endpoint "hop".')
        if status == "Creating":
            self._faults.note("delete refused")
            raise refusal("DeleteEndpoint", "Cannot update in-progress endpoint.")
        self.lives[-1].deleted = now
        self.lives[-1].gone = now + timedelta(seconds=self._faults.random.uniform(10, 120))


def _absent(item: Item | None, field: str) -> bool:
    return item is None or field not in item


def _live(item: Item | None) -> bool:
    return item is not None and not isinstance(item.get("ended"), str)


_CONDITIONS: dict[str, Callable[[Item | None, Mapping[str, str], Mapping[str, Any]], bool]] = {
    "attribute_not_exists(id)": lambda item, names, values: item is None,
    "revision = :seen": lambda item, names, values: (
        item is not None and item["revision"] == values[":seen"]
    ),
    "attribute_exists(id)": lambda item, names, values: item is not None,
    "attribute_exists(id) AND NOT attribute_type(#ended, :text)": lambda item, names, values: _live(
        item
    ),
    "attribute_exists(id) AND NOT attribute_type(#ended, :text)"
    " AND NOT attribute_type(#touched, :text)": lambda item, names, values: (
        item is not None and _live(item) and not isinstance(item.get("touched"), str)
    ),
    "attribute_exists(id) AND NOT attribute_type(#ended, :text) AND #touched = :seen": (
        lambda item, names, values: (
            item is not None and _live(item) and item.get("touched") == values[":seen"]
        )
    ),
    "#until = :seen AND NOT attribute_type(#ended, :text)": lambda item, names, values: (
        item is not None and _live(item) and item["until"] == values[":seen"]
    ),
    "attribute_exists(id) AND (attribute_not_exists(last_request) OR last_request < :when)": (
        lambda item, names, values: (
            item is not None
            and (_absent(item, "last_request") or item["last_request"] < values[":when"])
        )
    ),
    "attribute_exists(id) AND (attribute_not_exists(#field) OR #field = :empty)": (
        lambda item, names, values: (
            item is not None
            and (_absent(item, names["#field"]) or item[names["#field"]] == values[":empty"])
        )
    ),
}


class SimulatedTable:
    """A DynamoDB table as far as our stores use one; it knows exactly the conditions they send."""

    def __init__(self, faults: Faults, gate: Callable[[], None]) -> None:
        self._faults, self._gate = faults, gate
        self.items: dict[str, Item] = {}
        self.version = 0  # grows with every write

    def forget(self, now: datetime) -> None:
        """Remove what has expired, as DynamoDB does in its own time."""
        for key, item in list(self.items.items()):
            if item.get("expires", _NEVER) < now.timestamp():
                del self.items[key]

    def quiet(self) -> "SimulatedTable":
        """The same items, read without faults and without time passing."""
        view = SimulatedTable(Faults(random.Random(0)), lambda: None)  # nosec B311  # simulated faults
        view.items = self.items
        return view

    def put_item(self, Item: Item, ConditionExpression: str = "", **more: Any) -> None:  # noqa: N803
        self._do(
            "PutItem", lambda: self._write(Item["id"], lambda _: Item, ConditionExpression, more)
        )

    def update_item(
        self, Key: Item, UpdateExpression: str, ConditionExpression: str = "", **more: Any  # noqa: N803
    ) -> None:  # fmt: skip
        def changed(old: Item | None) -> Item:
            values, names = (
                more["ExpressionAttributeValues"],
                more.get("ExpressionAttributeNames", {}),
            )
            item, (sets, _, adds) = dict(old or Key), UpdateExpression.partition("ADD ")
            for part in sets.strip().removeprefix("SET ").split(", ") if sets else ():
                name, value = part.split(" = ")
                item[names.get(name, name)] = values[value]
            for part in adds.split(", ") if adds else ():
                name, value = part.split()
                item[name] = item.get(name, 0) + values[value]
            return item

        self._do("UpdateItem", lambda: self._write(Key["id"], changed, ConditionExpression, more))

    def get_item(self, Key: Item, ConsistentRead: bool = False) -> Item:  # noqa: N803
        return dict(self._do("GetItem", lambda: self._found(Key["id"])))

    def delete_item(self, Key: Item) -> None:  # noqa: N803
        self._do("DeleteItem", lambda: self._remove(Key["id"]))

    def scan(self, ConsistentRead: bool = False) -> Item:  # noqa: N803
        return dict(
            self._do("Scan", lambda: {"Items": [dict(item) for item in self.items.values()]})
        )

    def _do(self, operation: str, work: Callable[[], Any]) -> Any:
        self._gate()
        return self._faults.call(operation, work)

    def _remove(self, key: str) -> None:
        self.items.pop(key, None)
        self.version += 1

    def _found(self, key: str) -> Item:
        return {"Item": dict(self.items[key])} if key in self.items else {}

    def _write(
        self, key: str, new: Callable[[Item | None], Item], condition: str, more: Item
    ) -> None:
        old = self.items.get(key)
        names = more.get("ExpressionAttributeNames", {})
        values = more.get("ExpressionAttributeValues", {})
        if condition and not _CONDITIONS[condition](old, names, values):
            raise refusal(
                "PutItem", "The conditional request failed", "ConditionalCheckFailedException"
            )
        self.items[key] = dict(new(old))
        self.version += 1


class NobodyAsks:
    """A CloudWatch that has counted no invocation."""

    def __init__(self, faults: Faults, gate: Callable[[], None]) -> None:
        self._faults, self._gate = faults, gate

    def get_metric_statistics(self, **_: Any) -> Item:
        self._gate()
        return dict(self._faults.call("GetMetricStatistics", lambda: {"Datapoints": []}))


class SilentLogs:
    """A container's log in which nothing has been written."""

    def filter_log_events(self, **_: Any) -> Item:
        return {"events": []}
