"""A verse's stream, written down as it comes: so that a reload finds what was already written."""

import logging
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bars.analysis import score_verse
from bars.events import Failed, read_bar, to_json
from bars.verse import VerseRequest
from webapp.unfinished import Unfinished, Unwanted, shown
from webapp.unfinished_store import UnfinishedStore

log = logging.getLogger(__name__)
Events = Iterator[dict[str, Any]]
ELSEWHERE = Failed(
    "elsewhere", "This verse was called off, or goes on in another window.", "Look there."
)


def begun(
    store: UnfinishedStore, request: VerseRequest, owner: str, wall: bool
) -> Unfinished | None:
    """A verse that has just been asked for; None where the table fails, which hinders no verse."""
    try:
        return store.begin(request, owner, wall)
    except (BotoCoreError, ClientError) as error:
        log.warning("A verse is written that a reload would not find: %s", error)
        return None


def recorded(
    store: UnfinishedStore, verse: Unfinished | None, events: Events, forget: bool = False
) -> Events:
    """The same events, as a visitor may see them, after `begun` {id}; each bar is written down
    before it is told.

    Whoever keeps the finished verse takes it out of the store. Other bars for a place, to be
    forgotten, are counted while they are written, and have no id. A table that fails hinders no
    verse.
    """
    told = ended = False
    try:
        for event in events:
            if verse and not told and not forget:
                yield {"event": "begun", "id": verse.id}
            told = True
            before, verse = verse, verse and store.follow(verse, event)
            if verse and verse is not before and not _written(store, verse):
                verse = None
                yield to_json(ELSEWHERE)
                return
            ended = event["event"] == "verse"
            yield shown(event)
    finally:
        getattr(events, "close", lambda: None)()
        if verse and (not ended or forget):
            _end(store, verse, forget)


def carried_on(before: Unfinished, events: Events) -> Events:
    """The rest of a verse, told as the whole: the bars that stood are as they were first told, and
    the scores and seconds are those of both parts. The tokens of the first nobody has counted."""
    stood = {bar["index"]: bar for bar in before.bars}
    bars = dict(stood)
    try:
        for event in events:
            if event["event"] == "bar":
                event = stood.get(event["index"], event)
                bars[event["index"]] = event
            elif event["event"] == "verse":
                scores = score_verse([read_bar(bar) for bar in bars.values()])
                seconds = round(before.spent + event["seconds"], 3)
                event = {**event, "scores": scores, "seconds": seconds}
            yield event
    finally:
        getattr(events, "close", lambda: None)()


def _written(store: UnfinishedStore, verse: Unfinished) -> bool:
    """Whether it is still wanted; what could not be written down now is with the next."""
    try:
        store.write(verse)
    except Unwanted:
        return False
    except (BotoCoreError, ClientError) as error:
        log.warning("An unfinished verse could not be written down: %s", error)
    return True


def _end(store: UnfinishedStore, verse: Unfinished, forget: bool) -> None:
    try:
        if forget:
            store.drop(verse.id)
        else:
            store.break_off(verse)
    except Unwanted:
        pass  # it was called off, or goes on elsewhere
    except (BotoCoreError, ClientError) as error:
        log.warning("How an unfinished verse ended could not be written down: %s", error)
