"""The wall: verses that their writers want to be seen, on the projector, as they are written."""

import json
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from bars.language import Severity, is_clean
from webapp.leases import scan, written

KEPT = timedelta(hours=12)
ANSWER_KEPT = timedelta(seconds=2)  # however many watch
MOST_SHOWN = 6
RECORD_VERSION = 2  # version 1 may have no owner and nothing on approval
_MASKED = re.compile(r"[^\W\d_][*#@$]|[*#@$][^\W\d_]")
_LETTERS = frozenset("ßæøœđłþðıÆØŒĐŁÞÐ")  # Latin, and not made of a plain letter and a mark
_SETTINGS = "settings"


class Showing(StrEnum):
    """Whether a verse is to be seen."""

    SHOWN = "shown"
    WAITING = "waiting"  # for a host's word
    HIDDEN = "hidden"


@dataclass(frozen=True)
class WallVerse:
    """A verse on the wall; its bars are as much of the bar events as the wall needs."""

    id: str
    begun: datetime
    topic: str
    bars: tuple[dict[str, Any], ...] = ()
    done: bool = False
    verse: str = ""  # the id under which it is kept, once it is
    approved: bool = False  # by a host
    owner: str = ""  # the mark of the browser that has it written; never shown
    showing: Showing = Showing.SHOWN
    pinned: bool = False

    def to_json(self) -> dict[str, Any]:
        """What everybody may see of it; the address of the verse is its writer's to give."""
        hidden = ("owner", "verse")
        shown = {name: value for name, value in asdict(self).items() if name not in hidden}
        return shown | {"begun": written(self.begun)}


class Wall:
    """The wall in its DynamoDB table. What is rude is never on it."""

    def __init__(self, table: Any, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._clock = clock
        self._told: tuple[datetime, list[WallVerse]] | None = None

    def begin(self, topic: str, owner: str) -> WallVerse:
        """A verse that is about to be written; it takes the place of the same browser's last."""
        for each in self._all():
            if each.owner == owner and not each.pinned and each.showing is not Showing.HIDDEN:
                self.show(each.id, Showing.HIDDEN)
        showing = Showing.WAITING if self.approve_first else Showing.SHOWN
        topic = topic if is_fit(topic) else ""
        wall_id, now = secrets.token_urlsafe(9), self._clock()
        return self._put(WallVerse(wall_id, now, topic, owner=owner, showing=showing))

    def go_on(self, verse: WallVerse, event: dict[str, Any]) -> WallVerse:
        """With a bar event; a rude bar takes the whole verse off."""
        bar = {name: event[name] for name in ("index", "text", "letter")}
        bars = (*verse.bars, bar)
        if not is_fit(event["text"]):
            return self._set(replace(verse, bars=(), showing=Showing.HIDDEN), "showing", "bars")
        return self._set(replace(verse, bars=bars), "bars")

    def finish(self, verse: WallVerse, verse_id: str) -> bool:
        """It is complete, and kept under this id. Whether it is to be seen, whatever hosts have
        said meanwhile."""
        self._set(replace(verse, done=True, verse=verse_id), "done", "verse")
        found = self.find(verse.id)
        return found is not None and found.showing is Showing.SHOWN

    def find(self, wall_id: str) -> WallVerse | None:
        """A verse that is or was on the wall."""
        item = self._table.get_item(Key={"id": wall_id}, ConsistentRead=True).get("Item") or {}
        return _read(item) if "begun" in item else None

    def drop(self, wall_id: str) -> None:
        """It was not finished: nothing of it stays."""
        self._told = None
        self._table.delete_item(Key={"id": wall_id})

    def forget(self, verse_id: str) -> None:
        """A kept verse is deleted, so it leaves the wall as well."""
        for each in self._all():
            if each.verse == verse_id:
                self.drop(each.id)

    def show(self, wall_id: str, showing: Showing) -> None:
        """A host lets it be seen, or not; what a host approves stays, whoever minds."""
        self._change(wall_id, showing=showing.value, approved=showing is Showing.SHOWN)

    def pin(self, wall_id: str, pinned: bool) -> None:
        """A pinned verse stays first."""
        self._change(wall_id, pinned=pinned)

    def report(self, verse_id: str) -> bool:
        """Somebody minds a kept verse: it waits for a host, unless one has approved it. Whether it
        was on the wall."""
        found = [x for x in self._all() if x.verse == verse_id and x.showing is Showing.SHOWN]
        for each in found:
            if not each.approved:
                self._change(each.id, showing=Showing.WAITING.value)
        return bool(found)

    @property
    def approve_first(self) -> bool:
        """Whether a host must say yes before a verse is seen."""
        item = self._table.get_item(Key={"id": _SETTINGS}).get("Item") or {}
        return bool(item.get("approve_first"))

    def set_approve_first(self, wanted: bool) -> None:
        self._table.put_item(Item={"id": _SETTINGS, "approve_first": wanted})

    def seen(self) -> list[WallVerse]:
        """What everybody sees, pinned ones first, then the newest; two seconds old at most."""
        return [each for each in self._kept() if each.showing is Showing.SHOWN and each.bars][
            :MOST_SHOWN
        ]

    def waiting(self) -> list[WallVerse]:
        """What waits for a host's word, the oldest first."""
        return [x for x in reversed(self._kept()) if x.showing is Showing.WAITING and x.done]

    def _kept(self) -> list[WallVerse]:
        now = self._clock()
        if self._told is None or not now - ANSWER_KEPT < self._told[0] <= now:
            self._told = (now, self._all())
        return self._told[1]

    def _all(self) -> list[WallVerse]:
        oldest = written(self._clock() - KEPT)
        items = (item for item in scan(self._table) if item.get("begun", "") > oldest)
        return sorted(map(_read, items), key=lambda each: (each.pinned, each.begun), reverse=True)

    def _put(self, verse: WallVerse) -> WallVerse:
        expires = int((verse.begun + KEPT).timestamp())
        item = {
            **_told(verse),
            "bars": json.dumps(verse.bars, ensure_ascii=False),
        }
        self._table.put_item(Item=item | {"version": RECORD_VERSION, "expires": expires})
        return verse

    def _set(self, verse: WallVerse, *fields: str) -> WallVerse:
        told = _told(verse) | {"bars": json.dumps(verse.bars, ensure_ascii=False)}
        self._change(verse.id, **{name: told[name] for name in fields})
        return verse

    def _change(self, wall_id: str, **fields: Any) -> None:
        """Set fields of a verse that is there; of one that is not, nothing."""
        self._told = None
        try:
            self._table.update_item(
                Key={"id": wall_id},
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in fields),
                ConditionExpression="attribute_exists(id)",
                ExpressionAttributeNames={f"#{name}": name for name in fields},
                ExpressionAttributeValues={f":{name}": value for name, value in fields.items()},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise


def _told(verse: WallVerse) -> dict[str, Any]:
    return asdict(verse) | {"begun": written(verse.begun)}


def is_fit(text: str) -> bool:
    """Nothing rude in it, nothing masked, and no letters that a rude word could hide behind."""
    letters = [c for c in text if c.isalpha()]
    folded = unicodedata.normalize("NFKD", "".join(letters))
    plain = all(c.isascii() or unicodedata.combining(c) or c in _LETTERS for c in folded)
    return plain and not _MASKED.search(text) and is_clean(text, Severity.MILD)


def _read(item: dict[str, Any]) -> WallVerse:
    return WallVerse(
        id=item["id"],
        begun=datetime.fromisoformat(item["begun"]),
        topic=item["topic"],
        bars=tuple(json.loads(item["bars"])),
        done=bool(item["done"]),
        verse=item["verse"],
        owner=item.get("owner", ""),
        approved=bool(item.get("approved")),
        showing=Showing(item["showing"]),
        pinned=bool(item["pinned"]),
    )
