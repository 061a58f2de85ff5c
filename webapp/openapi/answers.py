"""What is answered: the schemas of what the site tells."""

from webapp.openapi.events import schema_name
from webapp.openapi.pieces import (
    DAY,
    FLAG,
    MOMENT,
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
from webapp.state import State
from webapp.unfinished import Phase

_ANY: Json = {}
_BARS = list_of(ref(schema_name("bar")))


def _state() -> Json:
    cost = told(
        currency=TEXT, per_hour=NUMBER, so_far=NUMBER, projected=NUMBER, priced_on=TEXT, note=TEXT
    )
    return told(
        state=one_of(*(state.value for state in State)),
        now=MOMENT,
        cost=cost,
        phase=or_none(TEXT),
        since=or_none(MOMENT),
        seconds=whole(0),
        phase_since=or_none(MOMENT),
        phase_seconds=whole(0),
        usual_seconds=or_none(whole(0)),
        usual_range=or_none(told(least=whole(0), most=whole(0), starts=whole(1)))
        | {"description": "Seconds that the last starts took."},
        until=or_none(MOMENT),
        reason=or_none(TEXT),
        remedy=or_none(TEXT),
        next_demo=or_none(ref("DemoDay")),
        idle_stop_at=or_none(MOMENT),
        requests=or_none(whole(0)),
        who=or_none(TEXT) | {"description": "For hosts."},
        why=or_none(TEXT) | {"description": "For hosts."},
        queue=or_none(told(waiting=whole(0), writing=whole(0), counted=MOMENT))
        | {"description": "Verses that were asked for through this site."},
    )


def _error() -> Json:
    fields = list_of(ref("Problem"))
    schema = told(code=TEXT, message=TEXT, remedy=TEXT, fields=fields)
    schema["properties"]["state"] = or_none(ref("State"))  # where it is why no verse is written
    return schema


def _demo() -> Json:
    return told(
        id=TEXT,
        title=TEXT,
        zone=TEXT,
        day=DAY,
        at=TEXT,
        minutes=WHOLE,
        who=TEXT,
        lead=or_none(WHOLE),
        until=or_none(DAY),
        second=or_none(FLAG),
        cancelled=list_of(DAY),
        revision=WHOLE,
        timing=WHOLE,
        pin=TEXT | {"description": "That visitors give; empty for none."},
        occurrences=list_of(ref("DemoDay")),
    )


def _lease() -> Json:
    return told(
        id=TEXT,
        starts=MOMENT,
        until=MOMENT,
        who=TEXT,
        why=TEXT,
        kind=TEXT,
        ended=or_none(MOMENT),
        end_reason=TEXT,
        idle_stop=FLAG,
        touched=or_none(MOMENT),
        noticed=FLAG,
    )


def _start() -> Json:
    return told(
        id=TEXT,
        asked=MOMENT,
        who=TEXT,
        why=TEXT,
        config=TEXT,
        ready=or_none(MOMENT),
        ended=or_none(MOMENT),
        failure=TEXT,
        requests=whole(0),
        last_request=or_none(MOMENT),
        noticed=or_none(MOMENT),
    )


def _sound() -> Json:
    words = list_of(told(word=TEXT, written=TEXT, said=TEXT))
    return told(
        text=TEXT,
        syllables=whole(0),
        most_syllables=whole(0),
        stress=TEXT,
        end=TEXT,
        rhyme=TEXT,
        guessed=words,
        told=words | {"description": "As the sender says them."},
    )


def _wall_verse() -> Json:
    return told(
        id=TEXT,
        begun=MOMENT,
        topic=TEXT,
        bars=list_of(told(index=whole(0), text=TEXT, letter=or_none(TEXT))),
        done=FLAG,
        approved=FLAG,
        showing=TEXT,
        pinned=FLAG,
    )


def _wall() -> Json:
    seen = list_of(ref("WallVerse"))
    schema = told(verses=seen, state=TEXT, next_demo=or_none(ref("DemoDay")))
    schema["properties"]["waiting"] = seen | {"description": "For hosts."}
    schema["properties"]["pins"] = list_of(TEXT) | {"description": "For hosts."}
    return schema


def _inner() -> Json:
    pieces = list_of(told(text=TEXT, name=TEXT, mark=WHOLE))
    return told(bars=list_of(told(before=pieces, last=pieces)), told=TEXT)


def _unfinished() -> Json:
    schema = told(id=TEXT, request=ref("VerseRequest"), bars=_BARS, url=or_none(TEXT))
    schema["properties"] |= {  # until it is finished
        "phase": one_of(*(phase.value for phase in Phase)),
        "seconds_ago": whole(0) | {"description": "Since the model was last heard of."},
    }
    return schema


def _composed() -> Json:
    schema = told(bars=_BARS)
    schema["properties"] |= {"id": TEXT, "url": TEXT}  # where it is kept
    return schema


ANSWERS: Json = {
    "Error": _error(),
    "Problem": told(field=TEXT, value=_ANY, message=TEXT),
    "State": _state(),
    "DemoDay": told(id=TEXT, title=TEXT, zone=TEXT, day=DAY, starts=MOMENT, ends=MOMENT),
    "Demo": _demo(),
    "Lease": _lease(),
    "Start": _start(),
    "Region": told(
        region=TEXT,
        read=MOMENT,
        endpoints=list_of(told(name=TEXT, status=TEXT, created=MOMENT)),
    ),
    "Unfinished": _unfinished(),
    "Verse": told(
        id=TEXT,
        request=ref("VerseRequest"),
        start=or_none(ref(schema_name("start"))),
        bars=_BARS,
        verse=or_none(ref(schema_name("verse"))),
        written=MOMENT,
        edited=FLAG | {"description": "Put together by its visitor, whose word `attempts` are."},
    ),
    "Composed": _composed(),
    "Sound": told(bars=list_of(_sound())),
    "Inner": _inner(),
    "Wall": _wall(),
    "WallVerse": _wall_verse(),
}
