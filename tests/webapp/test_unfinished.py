"""A verse that was broken off: found again by whoever asked for it, and written to its end."""

import json

import pytest

from bars.verse import VerseRequest
from tests.webapp.site import OPENING, WRITTEN, Visitor, unreachable
from tests.webapp.test_verses import events_of

WISH = {"opening": [OPENING], "bars": 4, "scheme": "AABB", "topic": "rain"}
OTHERS = {
    **WISH, "keep": {"1": "one", "2": "two", "3": "three"}, "alternatives": {"bar": 2, "count": 3},
}  # fmt: skip


def ask(visitor, path="/api/verses", wish=WISH):
    """The events of a verse as they come, and the answer, to be closed."""
    answer = visitor.client.post(path, json=wish, buffered=False)
    return (event for part in answer.response for event in read(part)), answer


def read(part):
    return [json.loads(line[6:]) for line in part.decode().split("\n") if line.startswith("data: ")]


def after_bars(events, bars):
    """The verse's id, once so many bars have been told."""
    verse_id = next(events)["id"]
    while bars:
        bars -= next(events)["event"] == "bar"
    return verse_id


def broken_off(visitor, bars=2, **how):
    events, answer = ask(visitor, **how)
    verse_id = after_bars(events, bars)
    answer.close()
    return verse_id


def found(visitor, verse_id):
    return visitor.client.get(f"/api/verses/unfinished/{verse_id}")


def rest_of(visitor, verse_id):
    answer = visitor.client.post(f"/api/verses?rest_of={verse_id}", json={})
    return [event for _, event in events_of(answer)]


def test_what_has_been_told_is_found_while_it_is_written(visitor, ready):
    events, answer = ask(visitor)
    verse_id = after_bars(events, 2)

    told = found(visitor, verse_id).json

    assert [bar["text"] for bar in told["bars"]] == [OPENING, WRITTEN[0]]
    assert (told["request"]["topic"], told["phase"], told["url"]) == ("rain", "writing", None)
    answer.close()
    assert found(visitor, verse_id).json["phase"] == "broken"


def test_nobody_else_finds_it(visitor, site, ready):
    verse_id = broken_off(visitor)

    stranger = Visitor(site.app)

    assert found(stranger, verse_id).status_code == 404
    assert stranger.client.post(f"/api/verses?rest_of={verse_id}", json={}).status_code == 404
    assert visitor.client.get(f"/verses/{verse_id}").status_code == 404


def test_the_rest_is_written_with_the_same_wish_and_seed(visitor, site, ready):
    verse_id = broken_off(visitor)

    last = rest_of(visitor, verse_id)[-1]

    first, second = site.lyricist.asked
    assert second.kept == {1: WRITTEN[0]}
    assert (second.topic, second.scheme, second.seed) == ("rain", "AABB", 7)
    kept = visitor.client.get(f"/api{last['url']}").json
    assert [bar["text"] for bar in kept["bars"]] == [OPENING, *WRITTEN]
    assert [bar["attempts"] for bar in kept["bars"]] == [0, 8, 8, 8]
    assert found(visitor, verse_id).json["url"] == last["url"] == f"/verses/{verse_id}"


def test_a_verse_that_was_finished_meanwhile_is_found_by_the_same_id(visitor, site, ready):
    events, _ = ask(visitor)
    verse_id = after_bars(events, 1)
    list(events)

    told = found(visitor, verse_id).json

    assert told["url"] == f"/verses/{verse_id}"
    assert len(told["bars"]) == 4
    assert found(Visitor(site.app), verse_id).status_code == 404


def test_a_verse_of_which_only_the_end_is_missing_needs_no_model(visitor, site, ready):
    verse_id = broken_off(visitor, bars=4)
    site.world.switch.state = unreachable

    last = rest_of(visitor, verse_id)[-1]

    assert (last["event"], last["id"]) == ("saved", verse_id)
    assert len(site.lyricist.asked) == 1


def test_a_broken_verse_can_be_gone_on_with_later_where_the_model_is_busy_now(visitor, site, ready):
    verse_id = broken_off(visitor)
    site.world.switch.stop(ready.id, "ada")

    assert visitor.client.post(f"/api/verses?rest_of={verse_id}", json={}).status_code == 503

    assert len(found(visitor, verse_id).json["bars"]) == 2


def test_after_an_hour_it_is_gone(visitor, site, ready):
    verse_id = broken_off(visitor)
    site.world.clock.pass_(minutes=61)

    assert found(visitor, verse_id).status_code == 404


def test_what_goes_on_in_another_window_ends_in_the_first(visitor, site, ready):
    events, _ = ask(visitor)
    verse_id = after_bars(events, 2)

    assert rest_of(visitor, verse_id)[-1]["event"] == "saved"

    assert list(events)[-1]["code"] == "elsewhere"
    assert len(site.lyricist.left) == 1


def test_what_is_called_off_while_it_waits_ends_with_the_next_heartbeat(visitor, site, ready):
    def waiting(request, visitor):
        for seconds in range(100, 0, -1):
            yield {"event": "queued", "position": 3, "seconds": seconds}
            site.world.clock.pass_(seconds=2)

    site.lyricist.write = waiting
    events, _ = ask(visitor)
    verse_id = next(events)["id"]
    next(events)

    headers = {"X-CSRFToken": visitor.token()}
    path = f"/api/verses/unfinished/{verse_id}"
    assert Visitor(site.app).client.delete(path, headers=headers).status_code == 400
    assert visitor.client.delete(path, headers=headers).status_code == 204

    told = list(events)
    assert told[-1]["code"] == "elsewhere"
    assert len(told) == 1
    assert found(visitor, verse_id).status_code == 404


def test_a_verse_goes_back_to_the_wall(visitor, site, ready):
    verse_id = broken_off(visitor, path="/api/verses?wall=yes")
    assert site.world.wall.seen() == []

    rest_of(visitor, verse_id)

    (shown,) = site.world.wall.seen()
    assert len(shown.bars) == 4


@pytest.mark.parametrize("part", ["begin", "write", "break_off", "drop"])
def test_a_table_that_fails_hinders_no_verse(visitor, site, ready, part):
    setattr(site.world.unfinished, part, unreachable)

    events = [event for _, event in events_of(visitor.client.post("/api/verses", json=WISH))]

    assert events[-1]["event"] == "saved"


def test_the_queue_is_counted_among_those_who_ask_through_the_site(visitor, site, ready):
    def queued(request, visitor):
        yield {"event": "queued", "position": 1, "seconds": 9}

    def queue():
        site.world.clock.pass_(seconds=4)
        told = visitor.client.get("/api/state").json["queue"]
        return told["waiting"], told["writing"]

    assert queue() == (0, 0)
    writing, answer = ask(visitor)
    after_bars(writing, 1)
    site.lyricist.write = queued
    waits, other = ask(Visitor(site.app))
    next(waits)

    assert queue() == (1, 1)
    for each in (other, answer):
        each.close()
    assert queue() == (0, 0)


def test_hosts_read_how_many_wait_and_when_that_was_counted(host, world, ready):
    request = VerseRequest.from_json(WISH)
    verse = world.unfinished.begin(request, "a")
    world.unfinished.write(world.unfinished.follow(verse, {"event": "start"}))
    world.unfinished.begin(request, "b")

    page = host.client.get("/host").text

    assert "1 verse is being written, 1 waits." in page
    assert "Counted at 12:05:00 UTC, among those asked for through this site." in page


def test_who_is_not_heard_of_any_more_is_not_counted(visitor, site, ready):
    events, _ = ask(visitor)
    after_bars(events, 1)
    site.world.clock.pass_(seconds=40)

    assert visitor.client.get("/api/state").json["queue"]["writing"] == 0


def test_other_bars_are_counted_while_they_are_written_and_then_forgotten(visitor, site, ready):
    events, _ = ask(visitor, wish=OTHERS)
    assert next(events)["event"] == "start"
    assert site.world.unfinished.queue().writing == 1

    list(events)

    assert site.world.tables["unfinished"].scan()["Items"] == []


def test_without_the_model_there_is_no_queue(visitor):
    assert visitor.client.get("/api/state").json["queue"] is None


def test_a_record_of_the_first_version_is_read(world):
    world.tables["unfinished"].put_item(
        Item={
            "id": "x", "owner": "o", "version": 1, "wall": False, "phase": "broken",
            "begun": "2026-06-01T12:00:00+00:00", "noted": "2026-06-01T12:00:05+00:00",
            "request": json.dumps({"opening": ["a bar"], "bars": 2, "topic": "", "keep": {}}),
            "bars": json.dumps([{"index": 0, "text": "a bar"}]), "start": json.dumps({"seed": 3}),
        }
    )  # fmt: skip

    verse = world.unfinished.find("x", "o")

    assert (verse.rest.seed, verse.rest.opening, verse.whole) == (3, ("a bar",), False)
