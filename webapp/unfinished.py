"""A verse that is being written or was broken off: what stands of it."""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bars.verse import VerseRequest
from webapp.leases import read_time, written

# how often it is noted that a verse still waits or is written, and so noticed that nobody wants
# it; the model tells something at least every two seconds
NOTED = timedelta(seconds=1.5)


class Unwanted(Exception):
    """The verse was called off, or goes on elsewhere: nothing more of it should be written."""


class Masked(Exception):
    """Of some words of the verse only asterisks are known: no rest would rhyme with them."""


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
    claim: int = 0  # how often somebody went on with it: only who did so last writes it
    spent: float = 0.0  # seconds of writing
    bars: tuple[dict[str, Any], ...] = ()  # bar events, as they are shown
    start: dict[str, Any] | None = None  # the first start event
    plain: dict[str, str] = field(default_factory=dict)  # masked bars unmasked; never shown

    @property
    def whole(self) -> bool:
        """Whether every bar is written, so that only its end is missing."""
        return len(self.bars) >= int(self.request["bars"])

    @property
    def rest(self) -> VerseRequest:
        """The same wish and seed, with the bars that stand; of a verse that is not whole.

        Raises Masked where the model did not tell what it had masked.
        """
        opening, wished = len(self.request["opening"]), self.request["keep"]
        told = {str(bar["index"]): bar["text"] for bar in self.bars if bar["index"] >= opening}
        kept = {place: self.plain.get(place, text) for place, text in told.items()} | wished
        hides = self.request.get("language", "any") != "any"
        if hides and any("*" in text for place, text in kept.items() if place not in wished):
            raise Masked(self.id)
        seed = {"seed": self.start["seed"]} if self.start and "seed" in self.start else {}
        return VerseRequest.from_json({**seed, **self.request, "keep": kept})

    def after(self, event: dict[str, Any], now: datetime) -> "Unfinished":
        """With an event of the model's; itself where that need not be written down."""
        noted = replace(self, noted=now, spent=self._spent(now))
        match event["event"]:
            case "start":
                return replace(noted, phase=Phase.WRITING, start=self.start or event)
            case "bar" if (bar := shown(event)) not in self.bars:
                bars = {each["index"]: each for each in self.bars} | {bar["index"]: bar}
                return replace(noted, bars=tuple(bars.values()), plain=self._plain(event))
            case "verse":
                return noted
            case _ if now - self.noted >= NOTED:
                return noted
        return self

    def _spent(self, now: datetime) -> float:
        passed = (now - self.noted).total_seconds() if self.phase is Phase.WRITING else 0.0
        return self.spent + passed

    def _plain(self, event: dict[str, Any]) -> dict[str, str]:
        if (plain := event.get("plain")) is None:
            return self.plain
        return self.plain | {str(event["index"]): plain}


def shown(event: dict[str, Any]) -> dict[str, Any]:
    """The event as a visitor may see it."""
    return {name: value for name, value in event.items() if name != "plain"}


_AS_JSON = ("request", "bars", "start", "plain", "spent")
_TIMES = ("begun", "noted")


def to_item(verse: Unfinished) -> dict[str, Any]:
    told = {name: written(value) for name, value in asdict(verse).items()}
    return told | {name: json.dumps(told[name], ensure_ascii=False) for name in _AS_JSON}


def read_item(item: dict[str, Any]) -> Unfinished:
    """A record of either version; the first has no claim, no `plain` and no time spent."""
    fields: dict[str, Any] = {name: item[name] for name in ("id", "owner", "wall")}
    fields |= {name: json.loads(item[name]) for name in _AS_JSON if name in item}
    fields |= {name: read_time(item[name]) for name in _TIMES}
    fields |= {"phase": Phase(item["phase"]), "claim": int(item.get("claim", 0))}
    return Unfinished(**fields | {"bars": tuple(fields["bars"])})
