"""Verses: streamed as events, finished without JavaScript, kept under an address."""

import json
import re
from dataclasses import replace

import pytest

from tests.webapp.site import OPENING, WRITTEN, unreachable
from webapp.lyricist import LyricistBusy, LyricistUnavailable
from webapp.shown import said

WISH = {"opening": [OPENING], "bars": 4, "scheme": "AABB"}


def events_of(answer):
    blocks = answer.text.strip().split("\n\n")
    pairs = [block.split("\n") for block in blocks]
    return [(name.removeprefix("event: "), json.loads(data[6:])) for name, data in pairs]


def test_a_verse_is_a_stream_of_events_that_ends_with_its_address(visitor, ready):
    answer = visitor.client.post("/api/verses", json=WISH)

    events = events_of(answer)
    assert answer.mimetype == "text/event-stream"
    assert all(name == data["event"] for name, data in events)
    assert [name for name, _ in events][:3] == ["start", "bar", "token"]
    assert [name for name, _ in events][-2:] == ["verse", "saved"]
    kept = visitor.client.get(f"/api{events[-1][1]['url']}").json
    assert [bar["text"] for bar in kept["bars"]] == [OPENING, *WRITTEN]
    assert kept["request"]["scheme"] == "AABB"


def test_events_leave_as_they_come(visitor, site, ready):
    answer = visitor.client.post("/api/verses", json=WISH, buffered=False)

    first = next(answer.response)

    assert b"event: start" in first
    assert answer.headers["X-Accel-Buffering"] == "no"


def test_a_browser_keeps_its_name_among_visitors(visitor, site, ready):
    for client in (visitor.client, visitor.client, site.app.test_client()):
        assert client.post("/api/verses", json=WISH).status_code == 200

    first, again, other = site.lyricist.visitors
    assert first == again != other
    assert len(first) == 16


def test_a_visitor_who_leaves_ends_the_models_work(visitor, site, ready):
    answer = visitor.client.post("/api/verses", json=WISH, buffered=False)
    next(answer.response)

    answer.close()

    assert len(site.lyricist.left) == 1


def test_an_unfinished_verse_is_not_kept(visitor, site, ready, tables):
    def broken(request, visitor):
        yield {"event": "start"}
        yield {"event": "error", "code": "broken", "message": "It stopped.", "remedy": "Again."}

    site.lyricist.write = broken

    assert [name for name, _ in events_of(visitor.client.post("/api/verses", json=WISH))] == [
        "start",
        "error",
    ]
    assert tables["verses"].scan()["Items"] == []


def test_a_verse_that_cannot_be_kept_is_shown_and_said_to_be_lost(visitor, site, ready):
    site.world.verses.save = unreachable

    events = events_of(visitor.client.post("/api/verses", json=WISH))

    assert [name for name, _ in events][-2:] == ["verse", "error"]
    assert events[-1][1]["code"] == "not_kept"
    assert "Copy its words" in events[-1][1]["remedy"]


def test_when_aws_cannot_be_reached_nothing_that_was_typed_is_lost(visitor, site):
    site.world.switch.state = unreachable

    page = visitor.send("/verses", opening=OPENING, topic="", bars="4", scheme="AABB")
    told = visitor.client.post("/api/verses", json=WISH)

    assert page.status_code == 503
    assert "The model cannot be reached. Try again in a moment." in page.text
    assert OPENING in page.text
    assert (told.status_code, told.json["code"], told.json["state"]) == (503, "unreachable", None)


def test_without_the_model_a_verse_is_a_polite_503_with_the_state(visitor):
    answer = visitor.client.post("/api/verses", json=WISH)

    assert answer.status_code == 503
    assert (answer.json["message"], answer.json["state"]["state"]) == ("The model is off.", "off")


def test_a_full_queue_is_a_429_that_says_when(visitor, site, ready):
    site.lyricist.refuses_with = LyricistBusy(17)

    answer = visitor.client.post("/api/verses", json=WISH)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "17")
    assert answer.json["remedy"] == "Try again in 17 s."


def test_a_restarting_model_asks_for_a_moment(visitor, site, ready):
    site.lyricist.refuses_with = LyricistUnavailable("It restarts.", "Try again in a moment.")

    answer = visitor.client.post("/api/verses", json=WISH)

    assert (answer.status_code, answer.json["remedy"]) == (503, "Try again in a moment.")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["topic"]),
        ({"topic": "x", "bars": 99, "scheme": "?"}, ["bars", "scheme"]),
        ({"opening": "привет"}, ["opening"]),
        ({"topic": "x", "tempo": 90}, ["tempo"]),
        ([], ["body"]),
    ],
)
def test_a_bad_wish_names_every_field(visitor, ready, body, fields):
    answer = visitor.client.post("/api/verses", json=body)

    assert answer.status_code == 400
    assert [field["field"] for field in answer.json["fields"]] == fields


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"opening": "a \\ud800 night"}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"topic=x", "application/x-www-form-urlencoded", 415),
        (b'{"topic": "' + b"x" * 70_000 + b'"}', "application/json", 413),
    ],
)
def test_what_is_no_json_is_refused_as_json(visitor, data, kind, status):
    answer = visitor.client.post("/api/verses", data=data, content_type=kind)

    assert answer.status_code == status
    assert set(answer.json) == {"code", "message", "remedy", "fields"}


@pytest.mark.parametrize("path", ["/verses/none", "/api/verses/none", "/nothing", "/api/nothing"])
def test_what_is_not_there_is_a_404_with_a_way_back(visitor, path):
    answer = visitor.client.get(path)

    assert answer.status_code == 404
    assert ("first page" in answer.text) or answer.json["remedy"]


def test_a_corrected_word_is_said_so_in_the_verse_and_kept_with_it(visitor, site, ready):
    wish = {"opening": "Bajo la lluvia", "scheme": "AAAA", "sounds": {"lluvia": "plan"}}

    stream = visitor.client.post("/api/verses", json=wish).text

    assert '"phonemes": "P L AE1 N"' in stream
    address = re.search(r'"url": "([^"]+)"', stream)[1]
    stored = visitor.client.get(f"/api{address}").json
    assert stored["request"]["sounds"] == {"lluvia": "P L AE1 N"}
    assert stored["bars"][1]["rhyme"]["kind"] == "perfect"


def test_a_masked_word_is_not_told_by_its_sound(visitor, site, ready):
    wish = {"opening": "Bajo la lluvia", "sounds": {"lluvia": "man"}}
    stream = visitor.client.post("/api/verses", json=wish).text
    verse = site.world.verses.load(re.search(r'"id": "([^"]+)"', stream)[1])

    assert said(verse) == [("lluvia", "MAN")]
    assert said(replace(verse, bars=[{"text": "Bajo la l*****"}])) == []
