"""The verses that are being written or were broken off, under their ids."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bars.verse import VerseRequest
from webapp.kept import Kept
from webapp.leases import scan, written
from webapp.state import EndpointState, State
from webapp.unfinished import Phase, Unfinished, Unwanted, read_item, to_item

log = logging.getLogger(__name__)
KEPT = timedelta(hours=1)
SILENT = timedelta(seconds=30)  # after which nobody writes it any more
COUNT_KEPT = timedelta(seconds=3)  # however many ask
RECORD_VERSION = 2
_PROGRESS = ("phase", "noted", "spent", "bars", "start", "plain")


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
        self._queue = Kept(self._count, COUNT_KEPT, clock)

    def begin(self, request: VerseRequest, owner: str, wall: bool = False) -> Unfinished:
        """A verse that has just been asked for."""
        now = self._clock()
        verse = Unfinished(
            secrets.token_urlsafe(9), request.to_json(), now, now, owner=owner, wall=wall
        )
        kept = {"version": RECORD_VERSION, "expires": _expires(now)}
        self._table.put_item(Item=to_item(verse) | kept)
        return verse

    def claim(self, verse: Unfinished) -> Unfinished:
        """Go on with it as it was read: whoever writes it until now will notice. Unwanted where
        somebody else was faster, or it is gone."""
        now = self._clock()
        ours = replace(verse, claim=verse.claim + 1, phase=Phase.WAITING, noted=now)
        self._set(ours, verse.claim, "claim", "phase", "noted", expires=_expires(now))
        return ours

    def follow(self, verse: Unfinished, event: dict[str, Any]) -> Unfinished:
        """With an event of the model's; another verse than before if that should be written down.
        The table is not asked."""
        return verse.after(event, self._clock())

    def write(self, verse: Unfinished) -> None:
        """Write down how far it is, all that an earlier try may have failed to write included;
        Unwanted if it was called off, or goes on elsewhere."""
        self._set(verse, verse.claim, *_PROGRESS)

    def break_off(self, verse: Unfinished) -> None:
        """Its stream has ended before its end."""
        self.write(replace(verse, phase=Phase.BROKEN))

    def find(self, verse_id: str, owner: str) -> Unfinished | None:
        """The verse, for the browser that asked for it."""
        item = self._table.get_item(Key={"id": verse_id}, ConsistentRead=True).get("Item")
        verse = read_item(item) if item else None
        old = verse is None or verse.noted <= self._clock() - KEPT  # DynamoDB takes its time
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
        return self._queue.get()

    def _count(self, now: datetime) -> Queue:
        """Only of those heard of lately; what broke off and what has run out stays where it is."""
        found = scan(
            self._table,
            ProjectionExpression="#phase",
            FilterExpression="#noted >= :heard",
            ExpressionAttributeNames={"#phase": "phase", "#noted": "noted"},
            ExpressionAttributeValues={":heard": written(now - SILENT)},
        )
        phases = [item["phase"] for item in found]
        return Queue(phases.count(Phase.WAITING), phases.count(Phase.WRITING), now)

    def _set(self, verse: Unfinished, claim: int, *names: str, **more: Any) -> None:
        """Write fields of a verse that is still there and was claimed so often, or Unwanted."""
        item = to_item(verse)
        fields = {name: item[name] for name in names} | more
        try:
            self._table.update_item(
                Key={"id": verse.id},
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in fields),
                ConditionExpression="attribute_exists(id) AND "
                "(#claim = :seen OR attribute_not_exists(#claim))",
                ExpressionAttributeNames={f"#{name}": name for name in {*fields, "claim"}},
                ExpressionAttributeValues={":seen": claim}
                | {f":{name}": value for name, value in fields.items()},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise Unwanted(verse.id) from error
            raise


def _expires(now: datetime) -> int:
    return int((now + KEPT).timestamp())


def queue_now(store: UnfinishedStore, told: EndpointState | None) -> Queue | None:
    """The queue of a model that is ready; None where there is none, or it cannot be counted now."""
    if told is None or told.state is not State.READY:
        return None
    try:
        return store.queue()
    except (BotoCoreError, ClientError) as error:
        log.warning("The queue cannot be counted: %s", error)
        return None
