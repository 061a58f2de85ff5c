"""How a verse is shown: aims and stresses of its bars, and rhymes inside them on request."""

import json
from html import unescape

import pytest

from bars.verse import VerseRequest
from tests.webapp.site import OPENING, WRITTEN
from webapp.inner_rhymes import inner_rhymes
from webapp.shown import missed

BARS = [OPENING, "The city lights are low and I still flow", "Look at the pity of this city", "So"]
WISH = {"topic": "rain", "scheme": "AABB", "syllables": 12, "opening": [OPENING], "bars": 4}


@pytest.fixture
def address(visitor):
    body = {"request": WISH, "bars": BARS, "written": [1, 2, 3], "keep": True}
    return visitor.client.post("/api/verses/composed", json=body).json["url"]


def rows(page):
    return [" ".join(row.split()) for row in page.text.split('<li class="bar')[1:]]


def test_each_bar_tells_its_syllables_its_aim_and_its_stresses(visitor, address):
    own, second, *_ = rows(visitor.client.get(address))

    assert '<span class="number">13</span> <span class="unit">' in own
    assert '<span class="number">10</span> of 12' in second
    assert second.count('<i class="strong">') + second.count('<i class="weak">') == 10
    assert f'role="img" aria-label="{second.count("strong" + chr(34))} stressed"' in second


def test_a_bar_that_missed_its_aim_has_a_badge_in_words(visitor, address):
    own, second, third, fourth = rows(visitor.client.get(address))

    assert "badge" not in own  # the visitor's bar has no aim
    assert "2 syllables short</strong>" in second and "no rhyme</strong>" in second
    assert "3 syllables short</strong>" in third and "no rhyme" not in third
    assert "11 syllables short</strong>" in fourth and "no rhyme</strong>" in fourth


@pytest.mark.parametrize(
    ("changed", "badges"),
    [
        ({}, []),
        ({"target": None, "syllables": 3}, []),
        ({"syllables": 11}, ["1 syllable over"]),
        ({"rhyme": {"kind": "slant", "with": 0}}, []),
        ({"rhyme": {"kind": "eye", "with": 0}}, ["no rhyme"]),
        ({"rhyme": {"kind": "identical", "with": 0}}, ["same word again"]),
        ({"note": "No perfect rhyme was found."}, ["not as asked"]),
        ({"note": "No rhyme was found.", "rhyme": {"kind": "none", "with": 0}}, ["no rhyme"]),
    ],
)
def test_badges(changed, badges):
    bar = {"syllables": 10, "target": 10, "rhyme": None, "note": None} | changed

    assert missed(bar) == badges


def test_rhymes_inside_the_bars_are_shown_on_request(visitor, address):
    assert 'class="inner"' not in visitor.client.get(address).text

    page = unescape(visitor.client.get(f"{address}?inner=yes").text)

    assert "Inside the bars rhyme: city, pity (B); low, flow, so (A)." in page
    assert 'data-mark="1" data-name="B">city</mark> lights are <mark' in page
    assert "The city" not in page


def test_the_page_of_a_verse_as_it_is_written_gets_them_too(visitor):
    bars = [{"text": "🔥 <b> late night", "letter": "A"}, {"text": "The light, so bright!"}]

    answer = visitor.client.post("/api/sound/inner", json={"bars": bars}).json

    texts = ["".join(p["text"] for p in bar["before"] + bar["last"]) for bar in answer["bars"]]
    assert texts == [bar["text"] for bar in bars]
    assert answer["bars"][0]["last"] == [{"text": "night", "name": "A", "mark": 0}]
    assert answer["told"] == "Inside the bars rhyme: night, light, bright (A)."


def test_control_characters_are_no_part_of_a_bar(visitor):
    bars = [{"text": "\x02cat\x02K-AE1-T\x02 and bat"}, {"text": "\x02hi\x02-\x02 me"}]

    answer = visitor.client.post("/api/sound/inner", json={"bars": bars})

    assert answer.status_code == 200
    assert "\x02" not in answer.json["told"] + str(answer.json["bars"])


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"bars": "x"},
        {"bars": ["x"]},
        {"bars": [{"text": 7}]},
        {"bars": [{"text": "x" * 121}]},
        {"bars": [{"text": "x", "letter": "AB"}]},
        {"bars": [{"text": "x", "letter": "<"}]},
        {"bars": [{"text": "x"}] * 17},
    ],
)
def test_what_are_no_bars_is_refused(visitor, body):
    answer = visitor.client.post("/api/sound/inner", json=body)

    assert (answer.status_code, answer.json["fields"][0]["field"]) == (400, "bars")


@pytest.mark.parametrize("bars", [[], [""], ["!!!"], ["one"], ["a$ap $ 5 % "], WRITTEN[:1]])
def test_bars_without_rhymes_inside_are_no_error(bars):
    found = inner_rhymes(bars, [None] * len(bars))

    assert found.told == "No words inside these bars rhyme with each other."


def test_a_letter_names_one_rhyme_where_bars_do_not_rhyme_as_asked():
    found = inner_rhymes(["The night is light", "A flow so low"], ["A", "A"])

    assert found.told == "Inside the bars rhyme: night, light (A); flow, low (1)."


def test_bars_that_were_kept_before_they_had_aims_are_still_shown(visitor, tables):
    rhyme = {"kind": "none", "with": 0, "part": ""}
    old = {"index": 0, "text": "So late", "syllables": 2, "letter": "A", "rhyme": rhyme}
    request = VerseRequest.from_json({"topic": "rain"}).to_json()
    body = {"request": request, "start": None, "bars": [old | {"attempts": 1}], "verse": None}
    when = "2026-06-01T12:00:00+00:00"
    item = {"id": "old", "version": 1, "written": when, "body": json.dumps(body)}
    tables["verses"].put_item(Item=item)

    (row,) = rows(visitor.client.get("/verses/old?inner=yes"))

    assert '<span class="number">2</span> <span class="unit">' in row
    assert "no rhyme</strong>" in row and "stress" not in row
    assert visitor.client.get("/verses/old.png").status_code == 200


def test_a_verse_without_marks_travels_as_it_did(visitor, address):
    told = visitor.client.get(f"/api{address}").json

    assert "inner" not in json.dumps(told)
