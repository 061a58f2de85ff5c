"""Leases: who wants the endpoint running, from when until when. No lease, no GPU."""

import logging
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

log = logging.getLogger(__name__)
CLOCKS_DIFFER = timedelta(minutes=2)  # at most, between the machines that run the switch
KEPT = timedelta(days=90)  # ended leases stay this long, for the history
RECORD_VERSION = 2  # version 1 does not say so, and may know nothing of idleness

_LIVE = "attribute_exists(id) AND NOT attribute_type(#ended, :text)"
_UNTOUCHED = {
    True: " AND NOT attribute_type(#touched, :text)",  # it never was
    False: " AND #touched = :seen",
}


class LeaseNotFound(LookupError):
    """There is no such lease, or it has ended."""


class LeaseMoved(Exception):
    """Somebody else has moved the lease's end since it was read, or it has ended."""


@dataclass(frozen=True)
class Lease:
    """A wish to have the endpoint running; all times in UTC."""

    id: str
    starts: datetime
    until: datetime
    who: str
    why: str
    kind: str = "manual"
    ended: datetime | None = None
    end_reason: str = ""
    idle_stop: bool = True  # whether it ends early where nobody uses the model
    touched: datetime | None = None  # when a host last changed it
    noticed: bool = False  # whether hosts have been told that it is not ready

    def live(self, now: datetime) -> bool:
        return self.ended is None and self.starts <= now < self.until

    def to_json(self) -> dict[str, Any]:
        return {name: written(value) for name, value in asdict(self).items()}


def written(value: Any) -> Any:
    """A time as it is stored and sent: ISO 8601 in UTC, whole seconds; anything else as it is."""
    return value.astimezone(UTC).isoformat(timespec="seconds") if _is_time(value) else value


def read_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _is_time(value: Any) -> bool:
    return isinstance(value, datetime)


class LeaseStore:
    """The leases in their DynamoDB table."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def add(self, lease: Lease) -> Lease:
        self._table.put_item(Item=_item(lease))
        return lease

    def add_once(self, lease: Lease) -> None:
        """Add a lease unless there is one of its id, be it live or ended."""
        try:
            self._table.put_item(Item=_item(lease), ConditionExpression="attribute_not_exists(id)")
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def live(self, now: datetime) -> list[Lease]:
        """The leases that ask for the endpoint now, the longest last."""
        now_written = written(now)  # times so written sort as they come
        items = (item for item in scan(self._table) if item.get("until", "") > now_written)
        leases = [lease for lease in _readable(items) if lease.live(now)]
        return sorted(leases, key=lambda lease: lease.until)

    def wanted(self, now: datetime) -> bool:
        """Whether any lease has neither ended nor run out, however fast the clock of whoever gave
        it may be."""
        items = (item for item in scan(self._table) if item.get("until", "") > written(now))
        return any(x.ended is None and x.starts <= now + CLOCKS_DIFFER for x in _readable(items))

    def find(self, lease_id: str) -> Lease | None:
        item = self._table.get_item(Key={"id": lease_id}, ConsistentRead=True).get("Item")
        return _read(item) if item else None

    def find_live(self, lease_id: str, now: datetime) -> Lease:
        lease = self.find(lease_id)
        if lease is None or not lease.live(now):
            raise LeaseNotFound(lease_id)
        return lease

    def prolong(self, lease: Lease, until: datetime, now: datetime) -> Lease:
        """Move the end of a lease from where it was read, or raise LeaseMoved."""
        try:
            self._table.update_item(
                Key={"id": lease.id},
                UpdateExpression="SET #until = :until, #touched = :touched",
                ConditionExpression="#until = :seen AND NOT attribute_type(#ended, :text)",
                ExpressionAttributeNames={
                    f"#{name}": name for name in ("until", "touched", "ended")
                },
                ExpressionAttributeValues={
                    ":seen": written(lease.until),
                    ":until": written(until),
                    ":touched": written(now),
                    ":text": "S",
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise LeaseMoved(lease.id) from error
            raise
        return replace(lease, until=until, touched=now)

    def let_idle(self, lease: Lease, idle_stop: bool, now: datetime) -> Lease:
        """Say whether it ends early where nobody uses the model."""
        self._change(lease.id, idle_stop=idle_stop, touched=now)
        return replace(lease, idle_stop=idle_stop, touched=now)

    def note(self, lease_id: str) -> None:
        """Hosts have been told that it is not ready."""
        self._table.update_item(
            Key={"id": lease_id},
            UpdateExpression="SET noticed = :noticed",
            ConditionExpression="attribute_exists(id)",
            ExpressionAttributeValues={":noticed": True},
        )

    def last_end(self, now: datetime) -> datetime | None:
        """When the last lease that is not live ended; None without any."""
        ends = (
            lease.ended or lease.until
            for lease in _readable(scan(self._table))
            if lease.starts <= now and not lease.live(now)
        )
        return max(ends, default=None)

    def end(self, lease: Lease, now: datetime, reason: str) -> None:
        """End a lease; ending it twice keeps the first end."""
        try:
            self._change(lease.id, ended=now, end_reason=reason)
        except LeaseNotFound:
            return

    def end_untouched(self, lease: Lease, now: datetime, reason: str) -> bool:
        """End a lease unless a host has changed it since it was read; whether it was ended now."""
        try:
            also = _UNTOUCHED[lease.touched is None]
            self._change(lease.id, also, lease.touched, ended=now, end_reason=reason)
        except LeaseNotFound:
            return False
        return True

    def _change(
        self, lease_id: str, also: str = "", seen: datetime | None = None, **fields: Any
    ) -> None:
        """Set fields of a lease that has not ended, or raise LeaseNotFound; `also` is a further
        condition, on when it was `seen` to be touched."""
        names = {*fields, "ended"} | ({"touched"} if also else set())
        values = {":text": "S"} | {f":{name}": written(value) for name, value in fields.items()}
        try:
            self._table.update_item(
                Key={"id": lease_id},
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in fields),
                ConditionExpression=_LIVE + also,
                ExpressionAttributeNames={f"#{name}": name for name in names},
                ExpressionAttributeValues=values | ({":seen": written(seen)} if seen else {}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise LeaseNotFound(lease_id) from error
            raise


def new_lease(now: datetime, minutes: int, who: str, why: str, kind: str = "manual") -> Lease:
    until = now + timedelta(minutes=minutes)
    return Lease(secrets.token_urlsafe(9), now, until, who, why, kind)


def _readable(items: Iterable[dict[str, Any]]) -> Iterator[Lease]:
    """The leases among the items: one that cannot be read must keep no machine on."""
    for item in items:
        try:
            yield _read(item)
        except (KeyError, TypeError, ValueError) as error:
            log.warning(
                "A lease cannot be read, and is passed over: %s (%r)", item.get("id"), error
            )


def scan(table: Any, **wanted: Any) -> Iterator[dict[str, Any]]:
    """Every item of a small table, or those that are wanted, read consistently, page by page."""
    page: dict[str, Any] = {}
    while not page or "LastEvaluatedKey" in page:
        after = {"ExclusiveStartKey": page["LastEvaluatedKey"]} if page else {}
        page = table.scan(ConsistentRead=True, **wanted, **after)
        yield from page["Items"]


def _item(lease: Lease) -> dict[str, Any]:
    expires = int((lease.until + KEPT).timestamp())
    return lease.to_json() | {"version": RECORD_VERSION, "expires": expires}


def _read(item: dict[str, Any]) -> Lease:
    names = ("starts", "until", "ended", "touched")
    times: dict[str, Any] = {name: read_time(item.get(name)) for name in names}
    texts = {name: item[name] for name in ("id", "who", "why", "kind", "end_reason")}
    flags = {"idle_stop": item.get("idle_stop", True), "noticed": item.get("noticed", False)}
    return Lease(**texts, **times, **flags)
