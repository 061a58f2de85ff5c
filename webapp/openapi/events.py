"""The events of a verse while it is written, each with its JSON."""

from webapp.openapi.pieces import (
    NUMBER,
    TEXT,
    WHOLE,
    Json,
    list_of,
    one_of,
    or_none,
    ref,
    told,
    whole,
)  # fmt: skip

_STREAM = (
    "Server-sent events, each as the schema says: its name, and JSON as its data. `begun` with the "
    "id that the verse will have, unless it cannot be recorded; any number of `queued`; `start`; "
    "`token` and `bar` for each bar; `verse` and `saved`. `error` ends a verse that cannot be "
    "finished. With `alternatives` nothing is begun or saved."
)


def _event(name: str, **properties: Json) -> Json:
    return told(event=one_of(name), **properties)


EVENTS: Json = {
    "begun": _event("begun", id=TEXT),
    "queued": _event("queued", position=whole(0), seconds=NUMBER),
    "start": _event(
        "start",
        request_id=TEXT,
        model=TEXT,
        adapter=or_none(TEXT),
        prompt_version=WHOLE,
        seed=WHOLE,
    ),
    "token": _event("token", bar=whole(0), text=TEXT),
    "bar": _event(
        "bar",
        index=whole(0),
        text=TEXT,
        syllables=whole(0),
        target=or_none(WHOLE),
        stress=TEXT,
        letter=or_none(TEXT),
        rhyme=or_none(told(kind=TEXT, part=TEXT, **{"with": whole(0)})),
        words=list_of(told(text=TEXT, phonemes=TEXT, group=or_none(TEXT))),
        attempts=whole(0) | {"description": "Candidates; 0 for a bar that was given."},
        note=or_none(TEXT),
    ),
    "verse": _event(
        "verse",
        scores={"type": "object", "additionalProperties": or_none(NUMBER)},
        seconds=NUMBER,
        tokens=whole(0),
    ),
    "saved": _event("saved", id=TEXT, url=TEXT),
    "error": _event("error", code=TEXT, message=TEXT, remedy=TEXT),
}


def schema_name(event: str) -> str:
    return f"{event.capitalize()}Event"


def event_schemas() -> Json:
    return {schema_name(name): schema for name, schema in EVENTS.items()}


def stream() -> Json:
    """The answer. `schema` is that of one event: OpenAPI 3.1 has no other place for it."""
    schema = {"oneOf": [_sent(name) for name in EVENTS]}
    return {"description": _STREAM, "content": {"text/event-stream": {"schema": schema}}}


def _sent(name: str) -> Json:
    data = TEXT | {"contentMediaType": "application/json", "contentSchema": ref(schema_name(name))}
    return told(event=one_of(name), data=data)
