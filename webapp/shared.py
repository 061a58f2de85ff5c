"""Verses that everybody may read on the first page while the model is off: those that their writers
showed on the wall, and that were to be seen there at their end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from webapp.leases import written
from webapp.verse_store import StoredVerse, VerseStore

MOST_SHOWN = 3
MOST_KEPT = 12  # so that some are left when others are deleted
ANSWER_KEPT = timedelta(seconds=5)  # however many watch
_ITEM = "shared"  # beside the verses of the wall: each verse is a field, by its id
_FIRST = "verse:"


class Shared:
    """Which verses are shared, in the wall's table; their words are where all verses are kept."""

    def __init__(self, table: Any, verses: VerseStore, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._verses = verses
        self._clock = clock
        self._told: tuple[datetime, list[StoredVerse]] | None = None

    def share(self, verse_id: str, approved: bool = False) -> None:
        """Show a verse, if it is kept; one that a host has approved stays, whoever minds."""
        entry = {"since": written(self._clock()), "approved": approved}
        fields = self._update("SET #verse = :entry", verse_id, {":entry": entry})
        by_age = sorted(fields, key=lambda each: fields[each]["since"])
        for oldest in by_age[:-MOST_KEPT]:
            self.withdraw(oldest)

    def withdraw(self, verse_id: str) -> None:
        """Show it no more."""
        self._update("REMOVE #verse", verse_id)

    def mind(self, verse_id: str) -> None:
        """Somebody minds it: it goes, unless a host has approved it."""
        if not self._fields().get(verse_id, {}).get("approved"):
            self.withdraw(verse_id)

    def newest(self) -> list[StoredVerse]:
        """The last ones, one of each browser; some seconds old at most."""
        now = self._clock()
        if self._told is None or not now - ANSWER_KEPT < self._told[0] <= now:
            self._told = (now, self._read())
        return self._told[1]

    def _read(self) -> list[StoredVerse]:
        fields = self._fields()
        found: dict[str, StoredVerse] = {}
        for verse_id in sorted(fields, key=lambda each: fields[each]["since"], reverse=True):
            verse = self._verses.load(verse_id)
            if verse and verse.owner not in found:
                found[verse.owner] = verse
            if len(found) == MOST_SHOWN:
                break
        return list(found.values())

    def _fields(self) -> dict[str, Any]:
        return _verses(self._table.get_item(Key={"id": _ITEM}).get("Item") or {})

    def _update(
        self, change: str, verse_id: str, values: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        self._told = None
        answer = self._table.update_item(
            Key={"id": _ITEM},
            UpdateExpression=change,
            ExpressionAttributeNames={"#verse": _FIRST + verse_id},
            ReturnValues="ALL_NEW",
            **({"ExpressionAttributeValues": values} if values else {}),
        )
        return _verses(answer.get("Attributes") or {})


def _verses(item: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(_FIRST): x for name, x in item.items() if name.startswith(_FIRST)}
