"""A verse's stream, written down as it comes: so that a reload finds what was already written."""

import logging
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bars.events import Failed, to_json
from bars.verse import VerseRequest
from webapp.unfinished import Unfinished, UnfinishedStore, Unwanted

log = logging.getLogger(__name__)
Events = Iterator[dict[str, Any]]
_ELSEWHERE = Failed(
    "elsewhere", "This verse was called off, or goes on in another window.", "Look there."
)


def recorded(
    store: UnfinishedStore, request: VerseRequest, events: Events, owner: str, wall: bool = False
) -> Events:
    """The same events after `begun` {id}; each bar is written down before it is told.

    Whoever keeps the finished verse takes it out of the store. Other bars for a place are counted
    while they are written, and have no id. A table that fails hinders no verse.
    """
    verse = _begin(store, request, owner, wall)
    told = ended = False
    try:
        for event in events:
            if verse and not told and request.alternatives is None:
                yield {"event": "begun", "id": verse.id}
            told = True
            try:
                verse = verse and store.go_on(verse, event)
            except Unwanted:
                verse = None
                yield to_json(_ELSEWHERE)
                return
            except (BotoCoreError, ClientError) as error:
                log.warning("An unfinished verse could not be written down: %s", error)
            ended = event["event"] == "verse"
            yield event
    finally:
        getattr(events, "close", lambda: None)()
        if verse and (not ended or request.alternatives):
            _end(store, verse, forget=request.alternatives is not None)


def carried_on(before: Unfinished, events: Events) -> Events:
    """The rest of a verse: of the bars that stood it is still known how they were written."""
    stood = {bar["index"]: bar for bar in before.bars}
    try:
        for event in events:
            bar = stood.get(event["index"]) if event["event"] == "bar" else None
            if bar and bar["text"] == event["text"]:
                event = {**event, "attempts": bar["attempts"], "note": bar["note"]}
            yield event
    finally:
        getattr(events, "close", lambda: None)()


def _begin(
    store: UnfinishedStore, request: VerseRequest, owner: str, wall: bool
) -> Unfinished | None:
    try:
        return store.begin(request, owner, wall)
    except (BotoCoreError, ClientError) as error:
        log.warning("A verse is written that a reload would not find: %s", error)
        return None


def _end(store: UnfinishedStore, verse: Unfinished, forget: bool) -> None:
    try:
        if forget:
            store.drop(verse.id)
        else:
            store.break_off(verse)
    except Unwanted:
        pass  # it was called off
    except (BotoCoreError, ClientError) as error:
        log.warning("How an unfinished verse ended could not be written down: %s", error)
