"""Verses of chosen and edited bars: heard as they are now, kept under an address of their own."""

import re

import pytest

from tests.webapp.site import OPENING, WRITTEN

BARS = [OPENING, "Still I am the very same old man", "The lights go low", "And still I flow"]
WISH = {"topic": "rain", "scheme": "AABB", "syllables": "match", "opening": [OPENING], "bars": 4}


def compose(visitor, **changed):
    body = {"request": WISH, "bars": BARS, "written": [2, 3]} | changed
    return visitor.client.post("/api/verses/composed", json=body)


def test_edited_bars_are_heard_anew(visitor):
    bars = compose(visitor).json["bars"]

    assert [bar["text"] for bar in bars] == BARS
    assert bars[1]["syllables"] < bars[1]["target"] == 13
    assert bars[1]["rhyme"]["kind"] == "perfect"
    assert [bar["letter"] for bar in bars] == ["A", "A", "B", "B"]
    assert [bar["attempts"] for bar in bars] == [0, 0, 1, 1]


def test_a_bar_that_no_longer_rhymes_says_so(visitor):
    bars = compose(visitor, bars=[OPENING, "Now I drink some water", *WRITTEN[1:]]).json["bars"]

    assert bars[1]["rhyme"]["kind"] == "none"


def test_with_keep_it_gets_an_address(visitor):
    answer = compose(visitor, keep=True)

    assert answer.status_code == 201
    assert "same old <span" in visitor.client.get(answer.json["url"]).text
    assert visitor.client.get(f"/api{answer.json['url']}").json["request"]["topic"] == "rain"


@pytest.mark.usefixtures("ready")
def test_it_is_shown_as_edited_whatever_its_visitor_says(visitor):
    kept = compose(visitor, keep=True, written=[0, 1, 2, 3]).json["url"]
    events = visitor.client.post("/api/verses", json={"topic": "rain"}).text
    written = re.search(r'"url": "([^"]+)"', events)[1]

    assert visitor.client.get(f"/api{kept}").json["edited"]
    assert "Which of them the model wrote is not known." in visitor.client.get(kept).text
    assert not visitor.client.get(f"/api{written}").json["edited"]
    assert "is not known" not in visitor.client.get(written).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"request": None},
        {"request": []},
        {"request": WISH | {"scheme": "??"}},
        {"request": WISH | {"colour": "red"}},
        {"bars": None},
        {"bars": []},
        {"bars": ["one bar"]},
        {"bars": ["a bar"] * 17},
        {"bars": ["a bar", 7]},
        {"bars": ["a bar", " "]},
        {"bars": ["a bar", "!!!"]},
        {"bars": ["a bar", "x" * 121]},
        {"bars": ["a bar", "рифма"]},
        {"written": "all"},
        {"written": [True]},
        {"keep": "yes"},
    ],
)
def test_what_is_no_verse_is_refused_by_its_field(visitor, wrong):
    answer = compose(visitor, **wrong)

    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert answer.json["fields"]


def test_keeping_is_limited(visitor):
    answers = [compose(visitor, keep=True).status_code for _ in range(31)]

    assert answers == [201] * 30 + [429]


@pytest.mark.parametrize("body", [[], "x", 7])
def test_a_body_that_is_no_object_is_refused(visitor, body):
    assert visitor.client.post("/api/verses/composed", json=body).status_code == 400


def test_a_word_of_any_bar_is_heard_as_its_visitor_says_it(visitor):
    wish = WISH | {"sounds": {"lluvia": "man", "gone": "on"}}  # what was edited away is let go
    bars = [OPENING, "Here comes the lluvia", *BARS[2:]]

    answer = compose(visitor, request=wish | {"opening": ["gone"]}, bars=bars, keep=True)

    assert answer.json["bars"][1]["rhyme"]["kind"] == "perfect"
    stored = visitor.client.get(f"/api{answer.json['url']}").json
    assert stored["request"]["sounds"] == {"lluvia": "M AE1 N"}
    assert "“lluvia” as MAN" in visitor.client.get(answer.json["url"]).text


def test_a_sound_that_cannot_be_read_is_refused(visitor):
    answer = compose(visitor, request=WISH | {"sounds": {"pen": "?"}})

    assert (answer.status_code, answer.json["fields"][0]["field"]) == (400, "sounds")
