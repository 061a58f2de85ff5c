"""Failed sign-ins, counted in DynamoDB, so that guessing is slow wherever the site runs."""

import time
from collections.abc import Callable
from typing import Any

MOST_FAILURES = 5
WINDOW = 900  # seconds


class Throttle:
    """At most five failures of one key in fifteen minutes."""

    def __init__(self, table: Any, now: Callable[[], float] = time.time) -> None:
        self._table = table
        self._now = now

    def blocked_for(self, key: str) -> int:
        """Seconds until the key may be tried again; 0 if it may be now."""
        item = self._table.get_item(Key={"id": key}, ConsistentRead=True).get("Item")
        if not item or item["failures"] < MOST_FAILURES:
            return 0
        return max(0, int(item["expires"]) - int(self._now()))

    def note_failure(self, key: str) -> None:
        now = int(self._now())
        item = self._table.get_item(Key={"id": key}, ConsistentRead=True).get("Item")
        if item and int(item["expires"]) <= now:  # the window has passed: count anew
            self.clear(key)
        self._table.update_item(
            Key={"id": key},
            UpdateExpression="ADD failures :one SET expires = if_not_exists(expires, :end)",
            ExpressionAttributeValues={":one": 1, ":end": now + WINDOW},
        )

    def clear(self, key: str) -> None:
        self._table.delete_item(Key={"id": key})
