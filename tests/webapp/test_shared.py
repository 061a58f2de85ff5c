"""Verses written before: on the first page while the model is off, if their writers want that."""

import json

import pytest

from bars.verse import VerseRequest
from tests.webapp.site import OPENING, WRITTEN, Visitor, unreachable
from webapp.wall import Showing

WISH = {"opening": [OPENING], "bars": 4, "scheme": "AABB", "topic": "rain"}


def write(visitor, path="/api/verses?wall=yes", **changed):
    answer = visitor.client.post(path, json=WISH | changed)
    return json.loads(answer.text.strip().rpartition("data: ")[2])


@pytest.fixture
def switch_off(site, ready):
    def off():
        site.world.switch.stop(ready.id, "ada")
        site.world.clock.pass_(minutes=2)

    return off


def first_page(visitor, site):
    site.world.clock.pass_(seconds=6)
    return visitor.client.get("/").text


def test_a_verse_that_was_ticked_is_read_while_the_model_is_off(visitor, site, switch_off):
    write(visitor, "/api/verses", topic="a secret")
    shared = write(visitor, topic="thunder")
    assert "Written before" not in first_page(visitor, site)

    switch_off()

    page = first_page(Visitor(site.app), site)
    assert "Written before" in page
    assert shared["url"] in page and "thunder" in page
    assert "a secret" not in page


def test_without_any_nothing_is_said_of_them(visitor, site):
    assert "Written before" not in first_page(visitor, site)


@pytest.mark.parametrize(
    "changed", [{"topic": "damn"}, {"opening": ["What the hell is a plan"]}, {"topic": "f*** this"}]
)
def test_nothing_rude_or_masked_is_shared(visitor, site, switch_off, changed):
    saved = write(visitor, **changed)
    switch_off()

    assert saved["url"] not in first_page(visitor, site)


def test_a_rude_bar_that_the_wall_could_not_be_told_is_not_shared(visitor, site, switch_off):
    site.lyricist.bars = ["What the hell is a man", *WRITTEN[1:]]
    site.world.wall.go_on = unreachable
    saved = write(visitor)
    switch_off()

    assert saved["url"] not in first_page(visitor, site)


def test_a_deleted_or_reported_verse_vanishes(visitor, site, switch_off):
    deleted, reported = write(visitor), write(Visitor(site.app))
    switch_off()
    assert deleted["url"] in first_page(visitor, site)

    visitor.send(f"{deleted['url']}/delete", form_on=deleted["url"])
    visitor.send(f"{reported['url']}/report", form_on="/")

    assert "Written before" not in visitor.client.get("/").text


def test_what_a_host_hides_or_has_not_approved_is_not_shared(visitor, host, site, switch_off):
    host.send("/wall/approve-first", form_on="/host", wanted="yes")
    saved = write(visitor)
    (waiting,) = host.client.get("/api/wall").json["waiting"]
    switch_off()
    assert saved["url"] not in first_page(visitor, site)

    host.send(f"/wall/{waiting['id']}/show", form_on="/host")
    visitor.send(f"{saved['url']}/report", form_on=saved["url"])
    assert saved["url"] in first_page(visitor, site)  # a host has looked at it

    host.send(f"/wall/{waiting['id']}/hide", form_on="/host")
    assert saved["url"] not in first_page(visitor, site)


def test_one_that_is_hidden_while_it_is_written_is_not_shared(visitor, site, switch_off):
    wall = site.world.wall
    site.lyricist.before_each = lambda: [wall.show(x.id, Showing.HIDDEN) for x in wall.seen()]
    saved = write(visitor)
    switch_off()

    assert saved["url"] not in first_page(visitor, site)


def test_three_are_shown_one_of_each_browser_and_the_newest(visitor, site, switch_off):
    for topic in ("one", "two", "three", "four"):
        site.world.clock.pass_(seconds=1)
        write(Visitor(site.app), topic=f"topic {topic}")
    for topic in ("five", "six"):
        site.world.clock.pass_(seconds=1)
        write(visitor, topic=f"topic {topic}")
    switch_off()

    page = first_page(visitor, site)

    shown = [
        word for word in ("one", "two", "three", "four", "five", "six") if f"topic {word}" in page
    ]
    assert shown == ["three", "four", "six"]


def test_only_so_many_are_remembered(world):
    shared = world.shared
    request = VerseRequest.from_json(WISH)
    for number in range(15):
        world.clock.pass_(seconds=1)
        shared.share(world.verses.save(request, [], owner=str(number)))

    assert len(shared._fields()) == 12


def test_however_many_watch_they_are_read_once_in_five_seconds(visitor, site, switch_off):
    write(visitor)
    switch_off()
    first_page(visitor, site)
    site.world.shared._read = unreachable

    for _ in range(5):
        assert "Written before" in visitor.client.get("/").text
    site.world.clock.pass_(seconds=6)
    assert visitor.client.get("/").status_code == 200  # without them
