"""Tries, counted in DynamoDB, so that guessing and flooding are slow wherever the site runs."""

import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

WINDOW = 900  # seconds


class Throttle:
    """So many tries of one key in fifteen minutes."""

    def __init__(self, table: Any, now: Callable[[], float] = time.time) -> None:
        self._table = table
        self._now = now

    def take(self, key: str, most: int) -> int:
        """Count a try before it is made, so that none slips by: 0 if it may be made, else the
        seconds until it may."""
        now = int(self._now())
        item = self._table.get_item(Key={"id": key}, ConsistentRead=True).get("Item")
        if item and int(item["expires"]) <= now:  # the window has passed: count anew
            self.clear(key)
        counted = self._table.update_item(
            Key={"id": key},
            UpdateExpression="ADD failures :one SET expires = if_not_exists(expires, :end)",
            ExpressionAttributeValues={":one": 1, ":end": now + WINDOW},
            ReturnValues="ALL_NEW",
        )["Attributes"]
        return max(1, int(counted["expires"]) - now) if counted["failures"] > most else 0

    def take_in_turn(self, tries: Mapping[str, int]) -> int:
        """Count a try of each key, up to the first that has none left: who is held back by one
        uses up nobody else's. 0 if it may be made, else the seconds until it may."""
        for key, most in tries.items():
            if seconds := self.take(key, most):
                return seconds
        return 0

    def give_back(self, key: str) -> None:
        """A try that was right does not count; the others of its key do."""
        gone = self._table.meta.client.exceptions.ConditionalCheckFailedException
        with contextlib.suppress(gone):
            self._table.update_item(
                Key={"id": key},
                UpdateExpression="ADD failures :less",
                ConditionExpression="attribute_exists(id)",
                ExpressionAttributeValues={":less": -1},
            )

    def clear(self, key: str) -> None:
        self._table.delete_item(Key={"id": key})
