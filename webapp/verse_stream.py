"""A verse for a visitor: the model's events, kept under an address when it is complete."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bars.events import Failed, to_json
from bars.verse import VerseRequest
from webapp.lyricist import LyricistBusy, LyricistUnavailable
from webapp.recording import begun, carried_on, recorded
from webapp.state import EndpointState, State
from webapp.unfinished import Unfinished, Unwanted
from webapp.wall import WallVerse, is_fit
from webapp.wiring import Parts

log = logging.getLogger(__name__)
Events = Iterator[dict[str, Any]]
_UNREACHABLE = ("The model cannot be reached.", "Try again in a moment.")
_NOT_KEPT = Failed(
    "not_kept",
    "The verse is complete, but it could not be kept under an address.",
    "Copy its words if you want to keep them.",
)


class ModelOff(Exception):
    """No verse can be written in the state that the model is in."""

    def __init__(
        self, state: EndpointState | None, message: str, remedy: str, code: str = "model_off"
    ) -> None:
        super().__init__(message)
        self.state = state  # None if it cannot be found out
        self.remedy = remedy
        self.code = code


_WHY = {
    State.OFF: ("The model is off.", "Come back when the next demo is on."),
    State.STARTING: ("The model is starting.", "Wait until it is ready, then ask again."),
    State.STOPPING: ("The model is being switched off.", "Come back when the next demo is on."),
    State.FAILED: ("The model could not be started.", "A host has to start it again."),
}


def open_verse(
    parts: Parts, request: VerseRequest, visitor: str, owner: str = "", wall: bool = False
) -> Events:
    """The events of a verse, with `begun` {id} before them and `saved` {id, url} at their end.

    Raises ModelOff or LyricistBusy before the first event. Closing it ends the model's work.
    """
    events = _ask(parts, request, visitor)
    verse = begun(parts.unfinished, request, owner, wall)
    forget = request.alternatives is not None
    events = recorded(parts.unfinished, verse, events, forget)
    return _told_all(parts, request, events, owner, wall)


def open_rest(parts: Parts, before: Unfinished, visitor: str) -> Events:
    """The rest of a verse that was broken off, as open_verse: its bars and its id stand.

    Where it is still written, that ends now. Raises Unwanted if somebody else goes on with it, and
    Masked if nobody can.
    """
    request = None if before.whole else before.rest
    verse = parts.unfinished.claim(before)
    if request is None:
        return _whole(parts, verse)
    try:
        events = _ask(parts, request, visitor)
    except (ModelOff, LyricistBusy):
        _break_off(parts, replace(verse, noted=before.noted))
        raise
    events = recorded(parts.unfinished, verse, carried_on(verse, events))
    wish = VerseRequest.from_json(verse.request)
    return _told_all(parts, wish, events, verse.owner, verse.wall)


def _break_off(parts: Parts, verse: Unfinished) -> None:
    try:
        parts.unfinished.break_off(verse)
    except (Unwanted, BotoCoreError, ClientError) as error:
        log.warning("That a verse was not gone on with could not be written down: %s", error)


def _told_all(
    parts: Parts, request: VerseRequest, events: Events, owner: str, wall: bool
) -> Events:
    events = _kept(parts, request, events, owner)
    return _on_the_wall(parts, request, events, owner) if wall else events


def _ask(parts: Parts, request: VerseRequest, visitor: str) -> Events:
    """The model's events, or ModelOff or LyricistBusy."""
    try:
        told = parts.switch.state()
    except (BotoCoreError, ClientError) as error:
        raise ModelOff(None, *_UNREACHABLE, code="unreachable") from error
    if told.state is not State.READY:
        raise ModelOff(told, *_WHY[told.state])
    try:
        events = parts.lyricist.write(request, visitor)
    except LyricistUnavailable as error:
        raise ModelOff(told, str(error), error.remedy, code="unavailable") from error
    _count(parts)
    return events


def _count(parts: Parts) -> None:
    """A verse that is being written is worth more than its count."""
    try:
        parts.switch.note_request()
    except (BotoCoreError, ClientError) as error:
        log.warning("A request could not be counted: %s", error)


def _kept(parts: Parts, request: VerseRequest, events: Events, owner: str) -> Events:
    told: list[dict[str, Any]] = []
    verse_id = ""
    try:
        for event in events:
            if event["event"] == "begun":
                verse_id = event["id"]
            elif event["event"] in {"start", "bar", "verse"}:
                told.append(event)
            yield event
        if told and told[-1]["event"] == "verse" and request.alternatives is None:
            yield _save(parts, request, told, owner, verse_id)
    finally:
        getattr(events, "close", lambda: None)()


def _whole(parts: Parts, before: Unfinished) -> Events:
    """A verse that only had to be kept."""
    told = [before.start] if before.start else []
    request = VerseRequest.from_json(before.request)
    yield from before.bars
    yield _save(parts, request, [*told, *before.bars], before.owner, before.id)


def _on_the_wall(parts: Parts, request: VerseRequest, events: Events, owner: str) -> Events:
    """The same events, while their bars appear on the wall; a wall that fails hinders nobody."""
    shown: WallVerse | None = None
    finished, fit = False, is_fit(request.topic)
    try:
        for event in events:
            try:
                if event["event"] == "start":
                    shown = parts.wall.begin(request.topic, owner)
                elif shown and event["event"] == "bar":
                    fit = fit and is_fit(event["text"])
                    shown = parts.wall.go_on(shown, event)
                elif shown and event["event"] == "saved":
                    finished = True
                    if parts.wall.finish(shown, event["id"]) and fit:
                        parts.shared.share(event["id"])
            except (BotoCoreError, ClientError) as error:
                log.warning("A verse could not be put on the wall: %s", error)
            yield event
    finally:
        getattr(events, "close", lambda: None)()
        if shown and not finished:
            _take_down(parts, shown)


def _take_down(parts: Parts, unfinished: WallVerse) -> None:
    try:
        parts.wall.drop(unfinished.id)
    except (BotoCoreError, ClientError) as error:
        log.warning("An unfinished verse stays on the wall: %s", error)


def _save(
    parts: Parts, request: VerseRequest, told: list[dict[str, Any]], owner: str, verse_id: str
) -> dict[str, Any]:
    try:
        verse_id = parts.verses.save(request, told, owner, verse_id)
    except (BotoCoreError, ClientError) as error:
        log.warning("A verse could not be kept: %s", error)
        return to_json(_NOT_KEPT)
    _drop(parts, verse_id)
    return {"event": "saved", "id": verse_id, "url": f"/verses/{verse_id}"}


def _drop(parts: Parts, verse_id: str) -> None:
    try:
        parts.unfinished.drop(verse_id)
    except (BotoCoreError, ClientError) as error:
        log.warning("A verse stays among the unfinished ones: %s", error)


def server_sent(events: Events) -> Iterator[str]:
    """Events as text/event-stream."""
    try:
        for event in events:
            data = json.dumps(event, ensure_ascii=False)
            yield f"event: {event['event']}\ndata: {data}\n\n"
    finally:
        getattr(events, "close", lambda: None)()
