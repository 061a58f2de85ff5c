"""Finished verses, kept for their visitors under an id that cannot be guessed."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bars.verse import VerseRequest
from webapp.leases import read_time, written

KEPT = timedelta(days=90)
RECORD_VERSION = 2  # version 1 has no owner


@dataclass(frozen=True)
class StoredVerse:
    """A verse as its page shows it; bars, start and verse are the events of those names."""

    id: str
    request: dict[str, Any]
    start: dict[str, Any] | None
    bars: list[dict[str, Any]]
    verse: dict[str, Any] | None
    written: datetime
    owner: str = ""  # the mark of the browser that had it written; never shown

    def to_json(self) -> dict[str, Any]:
        """What everybody who has its address may know."""
        shown = {name: value for name, value in self.__dict__.items() if name != "owner"}
        return {**shown, "written": written(self.written), "edited": self.edited}

    @property
    def edited(self) -> bool:
        """Whether its visitor put it together. Which of its bars the model wrote is then their
        word: the site has seen no model begin it."""
        return self.start is None

    @property
    def text(self) -> str:
        """Its words, a bar a line."""
        return "\n".join(bar["text"] for bar in self.bars)


class VerseStore:
    """The verses in their DynamoDB table."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def save(
        self,
        request: VerseRequest,
        events: Sequence[dict[str, Any]],
        owner: str = "",
        verse_id: str = "",
    ) -> str:
        """Keep a verse and return its id: the one that it had while it was written, or a fresh
        one."""
        verse_id = verse_id or secrets.token_urlsafe(9)
        now = datetime.now(UTC)
        by_name = {event["event"]: event for event in events}
        body = {
            "request": request.to_json(),
            "start": by_name.get("start"),
            "bars": [event for event in events if event["event"] == "bar"],
            "verse": by_name.get("verse"),
        }
        self._table.put_item(
            Item={
                "id": verse_id,
                "version": RECORD_VERSION,
                "written": written(now),
                "body": json.dumps(body, ensure_ascii=False),
                "owner": owner,
                "expires": int((now + KEPT).timestamp()),
            }
        )
        return verse_id

    def load(self, verse_id: str) -> StoredVerse | None:
        item = self._table.get_item(Key={"id": verse_id}).get("Item")
        if not item:
            return None
        when = read_time(item["written"]) or datetime.now(UTC)
        owner = item.get("owner", "")
        return StoredVerse(id=verse_id, written=when, owner=owner, **json.loads(item["body"]))

    def delete(self, verse_id: str) -> None:
        """Remove a verse for good; that it is gone is as good."""
        self._table.delete_item(Key={"id": verse_id})
