import json

from hypothesis import given
from hypothesis import strategies as st

from bars.analysis import describe_bar
from bars.events import (
    Failed,
    Queued,
    Started,
    Token,
    VerseWritten,
    encode,
    read_bar,
    read_events,
    to_json,
)  # fmt: skip
from bars.language import Severity
from bars.plan import plan_verse
from bars.verse import VerseRequest

OPENING = "I came up from the bottom with a pen and a plan"
EVENTS = [
    Queued(1, 4.5),
    Started("r1", "small", None, 1, 7),
    Token(1, "Señor "),
    VerseWritten({"perfect": 1.0, "slant": None}, 3.2, 90),
    Failed("broken", "It stopped.", "Try again."),
]


def test_an_event_is_one_line_of_json():
    assert encode(Token(2, "a\nb")) == b'{"event": "token", "bar": 2, "text": "a\\nb"}\n'


def test_a_bar_event_carries_what_can_be_heard():
    request = VerseRequest(opening=(OPENING,), syllables="match")
    plan = plan_verse(request)[1]
    body = to_json(describe_bar("Now I walk like a man", plan, request.opening, attempts=8))

    assert body["rhyme"] == {"kind": "perfect", "with": 0, "part": "AE N"}
    assert (body["syllables"], body["target"], body["letter"]) == (6, 13, "A")
    assert body["words"][-1] == {"text": "man", "phonemes": "M AE1 N", "group": "A"}
    assert (body["index"], body["attempts"], body["stress"]) == (1, 8, "111101")


def test_a_bar_is_read_as_it_was_told():
    request = VerseRequest.from_json({"opening": ["the night is bright"], "bars": 2})
    plan = plan_verse(request)[1]
    bar = describe_bar("this shit is tight", plan, request.opening, 4, masked=Severity.STRONG)

    assert (bar.text, bar.plain) == ("this s*** is tight", "this shit is tight")
    assert read_bar(to_json(bar)) == bar


def test_of_a_bar_without_masked_words_nothing_more_is_told():
    request = VerseRequest.from_json({"opening": ["the night is bright"], "bars": 2})
    bar = describe_bar("the night is bright", plan_verse(request)[0], request.opening)

    assert "plain" not in to_json(bar)


@given(st.lists(st.sampled_from(EVENTS)), st.lists(st.integers(1, 40), max_size=50))
def test_events_are_read_from_parts_however_they_are_cut(events, cuts):
    stream = b"".join(map(encode, events))
    parts = []
    for cut in cuts:
        parts.append(stream[:cut])
        stream = stream[cut:]
    parts.append(stream)

    assert list(read_events(parts)) == [json.loads(encode(event)) for event in events]


def test_a_last_line_without_its_end_is_read():
    assert [e["event"] for e in read_events([b'{"event": "to', b'ken"}'])] == ["token"]
