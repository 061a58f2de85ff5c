"""Who did what, and when: entries are added, never changed, and leave by their age alone."""

import itertools
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from webapp.leases import scan

log = logging.getLogger(__name__)
KEPT = timedelta(days=400)
RECORD_VERSION = 1
_numbers = itertools.count()  # keeps the order of entries of one moment
THE_SWITCH = "the switch"  # what it does by itself


@dataclass(frozen=True)
class Entry:
    """One deed: `what` in words, `which` lease, demo or account it was done to."""

    when: datetime
    who: str
    what: str
    which: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"when": self.when.isoformat(timespec="seconds")}


class AuditLog:
    """The entries in their DynamoDB table."""

    def __init__(self, table: Any, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._clock = clock

    def add(self, who: str, what: str, which: str = "") -> None:
        """Write down a deed. It is done already: a table that fails is only a line in the log."""
        entry = Entry(self._clock(), who, what, which)
        log.info("%s: %s %s", who, what, which)
        try:
            self._table.put_item(Item=_item(entry), ConditionExpression="attribute_not_exists(id)")
        except (BotoCoreError, ClientError) as error:
            log.warning(
                "An entry of the audit log is lost (%s): %s", json.dumps(entry.to_json()), error
            )

    def newest(self, limit: int = 200) -> list[Entry]:
        items = sorted(scan(self._table), key=lambda item: str(item["id"]), reverse=True)
        return [_read(item) for item in items[:limit]]


def _item(entry: Entry) -> dict[str, Any]:
    when = entry.when.isoformat(timespec="microseconds")
    return entry.to_json() | {
        "id": f"{when}-{next(_numbers):08}-{secrets.token_hex(4)}",
        "version": RECORD_VERSION,
        "expires": int((entry.when + KEPT).timestamp()),
    }


def _read(item: dict[str, Any]) -> Entry:
    return Entry(datetime.fromisoformat(item["when"]), item["who"], item["what"], item["which"])
