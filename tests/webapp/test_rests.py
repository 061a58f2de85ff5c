"""The rest of a verse that broke off: again, asked for twice at once, or with masked words."""

import json

import pytest

from tests.webapp.site import OPENING, WRITTEN, unreachable
from tests.webapp.test_unfinished import WISH, after_bars, ask, broken_off, found, rest_of

RUDE = ["The whole town has gone to shit", "So I take the hit", "And never quit"]
MASKED = {**WISH, "language": "mask", "bars": 4}


def waits(request, visitor):
    yield {"event": "queued", "position": 3, "seconds": 9}


def texts(bars):
    return [bar["text"] for bar in bars]


def asked_again(visitor, verse_id):
    return visitor.client.post(f"/api/verses?rest_of={verse_id}", json={})


def test_a_rest_that_breaks_off_while_it_waits_has_its_bars_and_id(visitor, site, ready):
    verse_id = broken_off(visitor)
    writes, site.lyricist.write = site.lyricist.write, waits

    begun, _ = rest_of(visitor, verse_id)

    assert begun == {"event": "begun", "id": verse_id}
    assert texts(found(visitor, verse_id).json["bars"]) == [OPENING, WRITTEN[0]]
    site.lyricist.write = writes
    last = rest_of(visitor, verse_id)[-1]
    assert last["id"] == verse_id
    kept = visitor.client.get(f"/api{last['url']}").json
    assert [bar["attempts"] for bar in kept["bars"]] == [0, 8, 8, 8]
    assert kept["request"]["keep"] == {}


def test_of_two_who_go_on_at_once_one_does(visitor, site, ready):
    verse_id = broken_off(visitor)
    store = site.world.unfinished
    before = store.find(verse_id, store._table.scan()["Items"][0]["owner"])
    store.find = lambda *_: before  # both have read it before either went on

    first, second = asked_again(visitor, verse_id), asked_again(visitor, verse_id)

    assert "event: saved" in first.text
    assert (second.status_code, second.json["code"]) == (409, "elsewhere")
    assert len(site.lyricist.asked) == 2


def test_a_model_that_is_busy_leaves_what_stands_broken(visitor, site, ready):
    verse_id = broken_off(visitor)
    site.world.clock.pass_(minutes=2)
    site.world.switch.stop(ready.id, "ada")

    assert asked_again(visitor, verse_id).status_code == 503

    told = found(visitor, verse_id).json
    assert (told["phase"], told["seconds_ago"]) == ("broken", 120)


def test_masked_words_are_gone_on_with_as_they_are_and_never_told(visitor, site, ready):
    site.lyricist.bars = RUDE
    verse_id = broken_off(visitor, wish=MASKED)
    assert "shit" not in found(visitor, verse_id).text

    answer = asked_again(visitor, verse_id).text

    assert site.lyricist.asked[1].kept == {1: RUDE[0]}
    assert "gone to s***" in answer
    assert "shit" not in answer
    assert "shit" not in visitor.client.get(f"/api/verses/{verse_id}").text


def test_where_masked_words_are_not_known_no_rest_is_written(visitor, site, ready):
    site.lyricist.bars = RUDE
    verse_id = broken_off(visitor, wish=MASKED)
    site.world.tables["unfinished"].update_item(
        Key={"id": verse_id},
        UpdateExpression="SET plain = :none",
        ExpressionAttributeValues={":none": "{}"},
    )

    refused = asked_again(visitor, verse_id)

    assert (refused.status_code, refused.json["code"]) == (409, "masked")
    assert refused.json["remedy"] == "Write it again."
    assert len(found(visitor, verse_id).json["bars"]) == 2


def test_the_whole_verse_is_scored_and_timed(visitor, site, ready):
    events, _ = ask(visitor)
    once = next(event for event in events if event["event"] == "verse")
    site.lyricist.before_each = lambda: site.world.clock.pass_(seconds=1)
    words = len(WRITTEN[0].split())

    told = next(e for e in rest_of(visitor, broken_off(visitor)) if e["event"] == "verse")

    assert told["scores"] == once["scores"]
    assert told["seconds"] == once["seconds"] + 1 + words + 1  # the first two bars


def test_what_could_not_be_written_down_is_with_the_next_bar(visitor, site, ready):
    store, tries = site.world.unfinished, []
    write = store.write

    def writes(verse):
        tries.append(verse)
        return unreachable() if len(verse.bars) == 2 else write(verse)

    store.write = writes
    verse_id = broken_off(visitor, bars=3)

    assert texts(found(visitor, verse_id).json["bars"]) == [OPENING, *WRITTEN[:2]]
    assert any(len(verse.bars) == 2 for verse in tries)


def test_a_verse_called_off_ends_with_the_next_bar(visitor, site, ready):
    events, _ = ask(visitor)
    verse_id = after_bars(events, 2)
    site.world.unfinished.drop(verse_id)

    told = list(events)

    assert told[-1]["code"] == "elsewhere"
    assert [event["event"] for event in told[:-1]] == ["token"] * len(WRITTEN[1].split())


@pytest.mark.parametrize("who", ["visitor", "host"])
def test_a_verse_that_is_deleted_leaves_nothing_unfinished(request, site, ready, who):
    browser = request.getfixturevalue(who)
    store = site.world.unfinished
    drops, store.drop = store.drop, unreachable
    events, _ = ask(browser)
    verse_id = next(events)["id"]
    list(events)
    store.drop = drops
    table = site.world.tables["unfinished"]
    assert [item["id"] for item in table.scan()["Items"]] == [verse_id]

    headers = {"X-CSRFToken": browser.token()}
    assert browser.client.delete(f"/api/verses/{verse_id}", headers=headers).status_code == 204

    assert table.scan()["Items"] == []


def test_the_queue_reads_no_bars(visitor, site, ready):
    broken_off(visitor, bars=3)
    table, read = site.world.unfinished._table, []

    class Spied:
        def scan(self, **how):
            read.extend(found := table.scan(**how)["Items"])
            return {"Items": found}

    site.world.unfinished._table = Spied()
    assert site.world.unfinished.queue().writing == 0

    assert json.dumps(read) == '[{"phase": "broken"}]'
