"""What may be sent: the bodies of requests, with the limits that the routes check."""

from bars.request_fields import (
    HIGHEST_TEMPERATURE,
    LANGUAGES,
    LEAST_SYLLABLES,
    LONGEST_TEXT,
    LOWEST_TEMPERATURE,
    MOST_ALTERNATIVES,
    MOST_BARS,
    MOST_OPENING_BARS,
    MOST_SYLLABLES,
    RHYMES,
    SCHEME,
    SEED_LIMIT,
)
from bars.sound_fields import LONGEST_SOUND, MOST_SOUNDS
from webapp.demo_wish import LONGEST_TITLE, MOST_WEEKS, PIN
from webapp.demos import MOST_LEAD
from webapp.feedback import LONGEST, THUMBS
from webapp.hosting import LONGEST_WHY
from webapp.openapi.pieces import (
    DAY,
    FLAG,
    TEXT,
    WHOLE,
    Json,
    list_of,
    one_of,
    or_none,
    text,
    told,
    whole,
    wished,
)  # fmt: skip
from webapp.settings import Limits
from webapp.sound_api import LONGEST as LONGEST_HEARD

_BAR = text(LONGEST_TEXT)
_SOUNDS: Json = {
    "type": "object",
    "maxProperties": MOST_SOUNDS,
    "additionalProperties": text(LONGEST_SOUND, 1),
    "description": "Words of the bars, each with what it sounds like.",
    "examples": [{"Luvia": "LOO-vee-ah"}],
}
_LETTERED = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": _BAR, "letter": or_none(TEXT | {"pattern": "^[A-Z]$"})},
}


def wishes(limits: Limits) -> Json:
    """The schemas by their names."""
    return {
        "VerseRequest": _VERSE,
        "ComposedRequest": _COMPOSED,
        "FeedbackRequest": wished(["thumb"], thumb=one_of(*THUMBS), text=text(LONGEST))
        | {"additionalProperties": True},
        "SoundRequest": wished(["text"], text=text(LONGEST_HEARD), sounds=_SOUNDS)
        | {"additionalProperties": True, "description": "A bar a line."},
        "InnerRequest": wished(["bars"], bars=list_of(_LETTERED, MOST_BARS))
        | {"additionalProperties": True},
        "PinRequest": wished(["pin"], pin=TEXT) | {"additionalProperties": True},
        "LeaseRequest": wished(
            ["minutes"], minutes=whole(1, limits.most_minutes), why=text(LONGEST_WHY)
        ),
        "LeaseChange": {  # one or the other
            "oneOf": [
                wished(["minutes"], minutes=whole(1, limits.most_minutes)),
                wished(["idle_stop"], idle_stop=FLAG),
            ]
        },
        "DemoRequest": _demo(limits),
        "DemoChange": _demo(limits, revision=or_none(WHOLE)),
    }


_VERSE = wished(
    topic=_BAR,
    opening={"anyOf": [list_of(_BAR, MOST_OPENING_BARS), TEXT]},
    bars=whole(1, MOST_BARS),
    scheme=TEXT | {"pattern": f"^{SCHEME}$"},
    syllables={"anyOf": [whole(LEAST_SYLLABLES, MOST_SYLLABLES), one_of("match", "free")]},
    rhyme=one_of(*RHYMES),
    temperature={
        "type": "number",
        "minimum": LOWEST_TEMPERATURE,
        "maximum": HIGHEST_TEMPERATURE,
    },
    top_p={"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    seed=or_none(whole(0, SEED_LIMIT - 1)),
    language=one_of(*LANGUAGES),
    internal=FLAG,
    keep={
        "type": "object",
        "propertyNames": {"pattern": "^[0-9]+$"},
        "additionalProperties": _BAR,
        "description": "Bars that stand already, by their places from 0.",
    },
    sounds=_SOUNDS,
    alternatives=or_none(told(bar=whole(0, MOST_BARS - 1), count=whole(2, MOST_ALTERNATIVES))),
) | {"description": "A topic, an opening bar or a kept bar must be given."}

_COMPOSED: Json = {
    "type": "object",
    "required": ["request", "bars"],
    "properties": {
        "request": {"type": "object", "description": "The VerseRequest that it began with."},
        "bars": list_of(text(LONGEST_TEXT, 1), MOST_BARS, 2),
        "written": list_of(WHOLE)
        | {"description": "Places of bars that the model wrote, by the sender's own word."},
        "keep": FLAG | {"description": "Keep it under an address."},
    },
}


def _demo(limits: Limits, **more: Json) -> Json:
    """Numbers may come as text, as forms send them; what may be left out may be empty."""
    said = (
        f"At most {limits.most_minutes} minutes with the warm-up that it asks for, and weekly for "
        f"{MOST_WEEKS} weeks at most; no day may have more than {limits.most_minutes_a_day} in all."
    )
    none = one_of(None, "")
    return wished(
        ["title", "date", "time", "zone", "minutes"],
        title=text(LONGEST_TITLE, 1),
        date=DAY,
        time=TEXT | {"pattern": "^[0-9]{1,2}:[0-9]{1,2}$", "examples": ["19:30"]},
        zone=TEXT | {"examples": ["Europe/Berlin"]},
        minutes=_number(1, limits.most_minutes),
        lead={"anyOf": [_number(0, MOST_LEAD), none]},
        repeat_until={"anyOf": [DAY, none]},
        second=one_of(None, "", "first", "second", True, False)
        | {"description": "Which of two equal times, where the clocks are set back."},
        pin={"anyOf": [TEXT | {"pattern": rf"^\s*{PIN}\s*$"}, none]},
        **more,
    ) | {"description": said}


def _number(least: int, most: int) -> Json:
    return {"anyOf": [whole(least, most), TEXT | {"pattern": r"^\s*[0-9]{1,6}\s*$"}]}
