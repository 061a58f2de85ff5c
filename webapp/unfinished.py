"""Verses that are being written or were broken off: what stands of them, under their ids."""

import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bars.verse import VerseRequest
from webapp.leases import read_time, scan, written
from webapp.state import EndpointState, State

log = logging.getLogger(__name__)
KEPT = timedelta(hours=1)
SILENT = timedelta(seconds=30)  # after which nobody writes it any more
NOTED = timedelta(seconds=5)  # how often it is noted that a verse still waits or is still written
COUNT_KEPT = timedelta(seconds=3)  # however many ask
RECORD_VERSION = 1


class Unwanted(Exception):
    """The verse was called off, or goes on elsewhere: nothing more of it should be written."""


class Phase(StrEnum):
    """How far a verse is."""

    WAITING = "waiting"
    WRITING = "writing"
    BROKEN = "broken"  # its stream ended before it did


@dataclass(frozen=True)
class Unfinished:
    """A verse as far as it is written; `noted` is when the model was last heard of."""

    id: str  # under which it will be kept
    request: dict[str, Any]
    begun: datetime
    noted: datetime
    owner: str = ""  # the mark of the browser that asked; never shown
    wall: bool = False
    phase: Phase = Phase.WAITING
    bars: tuple[dict[str, Any], ...] = ()  # bar events
    start: dict[str, Any] | None = None  # the start event

    @property
    def whole(self) -> bool:
        """Whether every bar is written, so that only its end is missing."""
        return len(self.bars) >= int(self.request["bars"])

    @property
    def rest(self) -> VerseRequest:
        """The same wish and seed, with the bars that stand; of a verse that is not whole."""
        opening = len(self.request["opening"])
        kept = {str(bar["index"]): bar["text"] for bar in self.bars if bar["index"] >= opening}
        seed = {"seed": self.start["seed"]} if self.start and "seed" in self.start else {}
        return VerseRequest.from_json({**seed, **self.request, "keep": self.request["keep"] | kept})


@dataclass(frozen=True)
class Queue:
    """Verses that wait and that are written, of those asked for through this site."""

    waiting: int
    writing: int
    counted: datetime

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"counted": written(self.counted)}


class UnfinishedStore:
    """The unfinished verses in their DynamoDB table; a small one, since they leave it when they
    are finished."""

    def __init__(self, table: Any, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._clock = clock
        self._counted: Queue | None = None

    def begin(self, request: VerseRequest, owner: str, wall: bool = False) -> Unfinished:
        """A verse that has just been asked for."""
        now = self._clock()
        verse = Unfinished(
            secrets.token_urlsafe(9), request.to_json(), now, now, owner=owner, wall=wall
        )
        expires = int((now + KEPT).timestamp())
        self._table.put_item(Item=_item(verse) | {"version": RECORD_VERSION, "expires": expires})
        return verse

    def go_on(self, verse: Unfinished, event: dict[str, Any]) -> Unfinished:
        """With an event of the model's; Unwanted if it was called off."""
        now = self._clock()
        match event["event"]:
            case "start":
                fields: dict[str, Any] = {"phase": Phase.WRITING, "start": event}
            case "bar":
                fields = {"bars": (*verse.bars, event)}
            case _ if now - verse.noted < NOTED:
                return verse
            case _:
                fields = {}
        return self._change(verse, noted=now, **fields)

    def break_off(self, verse: Unfinished) -> None:
        """Its stream has ended before its end."""
        self._change(verse, phase=Phase.BROKEN)

    def find(self, verse_id: str, owner: str) -> Unfinished | None:
        """The verse, for the browser that asked for it."""
        item = self._table.get_item(Key={"id": verse_id}, ConsistentRead=True).get("Item")
        verse = _read(item) if item else None
        old = verse is None or verse.begun <= self._clock() - KEPT  # DynamoDB takes its time
        return verse if verse and not old and owner and verse.owner == owner else None

    def told(self, verse: Unfinished) -> dict[str, Any]:
        """What its writer is told of it."""
        ago = max(0, int((self._clock() - verse.noted).total_seconds()))
        shown = {name: getattr(verse, name) for name in ("id", "request", "bars", "phase")}
        return shown | {"seconds_ago": ago, "url": None}

    def drop(self, verse_id: str) -> None:
        """It is finished, or called off: whoever writes it still will notice."""
        self._table.delete_item(Key={"id": verse_id})

    def queue(self) -> Queue:
        """How many there are, counted some seconds ago at most."""
        now, told = self._clock(), self._counted
        if told is None or not now - COUNT_KEPT < told.counted <= now:
            heard = written(now - SILENT)
            phases = [item["phase"] for item in scan(self._table) if item["noted"] >= heard]
            waiting, writing = phases.count(Phase.WAITING), phases.count(Phase.WRITING)
            told = self._counted = Queue(waiting, writing, now)
        return told

    def _change(self, verse: Unfinished, **fields: Any) -> Unfinished:
        changed = replace(verse, **fields)
        item = _item(changed)
        try:
            self._table.update_item(
                Key={"id": verse.id},
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in fields),
                ConditionExpression="attribute_exists(id)",
                ExpressionAttributeNames={f"#{name}": name for name in fields},
                ExpressionAttributeValues={f":{name}": item[name] for name in fields},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise Unwanted(verse.id) from error
            raise
        return changed


def queue_now(store: UnfinishedStore, told: EndpointState | None) -> Queue | None:
    """The queue of a model that is ready; None where there is none, or it cannot be counted now."""
    if told is None or told.state is not State.READY:
        return None
    try:
        return store.queue()
    except (BotoCoreError, ClientError) as error:
        log.warning("The queue cannot be counted: %s", error)
        return None


_AS_JSON = ("request", "bars", "start")
_TIMES = ("begun", "noted")


def _item(verse: Unfinished) -> dict[str, Any]:
    told = {name: written(value) for name, value in asdict(verse).items()}
    return told | {name: json.dumps(told[name], ensure_ascii=False) for name in _AS_JSON}


def _read(item: dict[str, Any]) -> Unfinished:
    fields: dict[str, Any] = {name: item[name] for name in ("id", "owner", "wall")}
    fields |= {name: json.loads(item[name]) for name in _AS_JSON}
    fields |= {name: read_time(item[name]) for name in _TIMES}
    return Unfinished(**fields | {"bars": tuple(fields["bars"]), "phase": Phase(item["phase"])})
