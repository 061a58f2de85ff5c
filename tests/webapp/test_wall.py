"""The wall: verses whose writers want it, nothing rude, hosts decide."""

import json

import pytest

from tests.webapp.site import OPENING, WRITTEN, Visitor, unreachable
from webapp.wall import Showing

WISH = {"opening": [OPENING], "bars": 4, "scheme": "AABB", "topic": "rain"}


def write(visitor, path="/api/verses?wall=yes", **changed):
    answer = visitor.client.post(path, json=WISH | changed)
    answer.get_data()  # to its end
    return answer


def seen(visitor, site):
    site.world.clock.pass_(seconds=3)
    return visitor.client.get("/api/wall").json["verses"]


def test_a_verse_is_on_the_wall_only_where_its_writer_wants_it(visitor, site, ready):
    write(visitor, "/api/verses")
    assert seen(visitor, site) == []

    saved = json.loads(write(visitor).text.strip().rpartition("data: ")[2])

    (verse,) = seen(visitor, site)
    assert [bar["text"] for bar in verse["bars"]] == [OPENING, *WRITTEN]
    assert (verse["topic"], verse["done"]) == ("rain", True)
    assert "owner" not in str(verse) and saved["id"] not in str(verse)


def test_bars_appear_as_they_are_written(visitor, site, ready):
    counts = []
    site.lyricist.before_each = lambda: counts.append(
        [len(each["bars"]) for each in seen(visitor, site)]
    )

    write(visitor)

    assert [1] in counts and [2] in counts and [3] in counts
    assert sorted(counts) == counts


def test_nothing_rude_is_on_the_wall(visitor, site, ready):
    site.lyricist.bars = ["Now I walk like a different man", "What the hell", "I fell"]

    assert write(visitor).status_code == 200

    assert seen(visitor, site) == []


def test_a_rude_topic_is_not_told(visitor, site, ready):
    write(visitor, topic="damn")

    assert seen(visitor, site)[0]["topic"] == ""


@pytest.mark.parametrize("topic", ["f*** this", "n****", "fυck", "сука", "da$n it"])
def test_what_is_masked_or_cannot_be_judged_is_not_on_the_wall(visitor, site, ready, topic):
    write(visitor, topic=topic)

    assert seen(visitor, site)[0]["topic"] == ""


@pytest.mark.parametrize("topic", ["Größe", "café", "route 66", "5 $ a day", "naïve Ærø"])
def test_what_is_harmless_is_told(visitor, site, ready, topic):
    write(visitor, topic=topic)

    assert seen(visitor, site)[0]["topic"] == topic


def test_a_verse_that_breaks_off_leaves_nothing(visitor, site, ready):
    answer = visitor.client.post("/api/verses?wall=yes", json=WISH, buffered=False)
    parts = iter(answer.response)
    for _ in range(4):
        next(parts)
    assert len(seen(visitor, site)) == 1

    answer.close()

    assert seen(visitor, site) == []


def test_a_deleted_verse_is_gone_from_the_wall_and_from_the_feedback(visitor, site, ready):
    saved = json.loads(write(visitor).text.strip().rpartition("data: ")[2])
    visitor.send(f"{saved['url']}/feedback", form_on=saved["url"], thumb="up")

    visitor.send(f"{saved['url']}/delete", form_on=saved["url"])

    assert seen(visitor, site) == []
    assert list(site.world.feedback.all()) == []


def test_what_a_host_has_approved_stays_whoever_minds(visitor, host, site, ready):
    saved = json.loads(write(visitor).text.strip().rpartition("data: ")[2])
    (verse,) = seen(visitor, site)
    host.send(f"/wall/{verse['id']}/show", form_on="/host")

    visitor.send(f"{saved['url']}/report", form_on=saved["url"])

    assert len(seen(visitor, site)) == 1


def test_the_verses_of_yesterday_are_gone(visitor, site, ready):
    write(visitor)
    site.world.clock.pass_(hours=13)

    assert seen(visitor, site) == []


def test_a_host_approves_first(visitor, host, site, ready):
    host.send("/wall/approve-first", form_on="/host", wanted="yes")
    write(visitor)
    assert seen(visitor, site) == []
    assert "waiting" not in visitor.client.get("/api/wall").json

    (waiting,) = host.client.get("/api/wall").json["waiting"]
    host.send(f"/wall/{waiting['id']}/show", form_on="/host")

    assert len(seen(visitor, site)) == 1
    assert "Show at once" in host.client.get("/wall").text


def test_a_host_pins_and_hides(visitor, host, site, ready):
    write(visitor, topic="first")
    site.world.clock.pass_(seconds=1)
    write(Visitor(site.app), topic="second")
    newest, oldest = seen(visitor, site)
    assert (newest["topic"], oldest["topic"]) == ("second", "first")

    host.send(f"/wall/{oldest['id']}/pin", form_on="/host")
    assert [each["topic"] for each in seen(visitor, site)] == ["first", "second"]
    host.send(f"/wall/{oldest['id']}/hide", form_on="/host")
    assert [each["topic"] for each in seen(visitor, site)] == ["second"]
    assert site.world.audit.newest()[0].what == "wall: hide"


def test_a_verse_that_somebody_minds_waits_for_a_host(visitor, host, site, ready):
    saved = json.loads(write(visitor).text.strip().rpartition("data: ")[2])

    visitor.send(f"{saved['url']}/report", form_on=saved["url"])

    assert seen(visitor, site) == []
    assert len(host.client.get("/api/wall").json["waiting"]) == 1
    assert site.world.audit.newest()[0].what == "reported a verse"


def test_a_browser_has_one_verse_on_the_wall(visitor, site, ready):
    for topic in ("first", "second"):
        write(visitor, topic=topic)
        site.world.clock.pass_(seconds=1)

    assert [each["topic"] for each in seen(visitor, site)] == ["second"]


@pytest.mark.parametrize("path", ["/wall/x/hide", "/wall/x/pin", "/wall/approve-first"])
def test_the_wall_is_run_by_hosts(visitor, path):
    assert visitor.send(path, wanted="yes").location == "/signin"


def test_what_is_not_there_is_nothing(host, site):
    for deed in ("show", "hide", "pin", "unpin", "burn"):
        assert host.send(f"/wall/x/{deed}", form_on="/host").status_code == 303
    assert seen(host, site) == []


def test_however_many_watch_the_table_is_read_once_in_two_seconds(visitor, site, ready):
    write(visitor)
    scans = []
    table = site.world.wall._table
    scan = table.scan
    table.scan = lambda **how: scans.append(how) or scan(**how)
    site.world.clock.pass_(seconds=3)

    for _ in range(500):
        visitor.client.get("/api/wall")

    assert len(scans) == 1


def test_a_wall_that_fails_hinders_no_verse(visitor, site, ready):
    site.world.wall.begin = unreachable

    assert "event: saved" in write(visitor).text


def test_without_javascript_too(visitor, site, ready):
    visitor.send("/verses", opening=OPENING, bars="4", scheme="AABB", wall="yes")

    assert len(seen(visitor, site)) == 1


def test_the_code_leads_to_the_site(visitor):
    answer = visitor.client.get("/wall/code.svg")

    assert answer.mimetype == "image/svg+xml"
    assert b"<svg" in answer.data


def test_the_wall_tells_when_the_next_demo_is(visitor, site):
    from tests.switch.wishes import wish

    site.world.schedule.plan(wish(), "ada")

    told = visitor.client.get("/api/wall").json
    assert (told["state"], told["next_demo"]["title"]) == ("off", "Rap night")


def test_a_verse_that_is_hidden_while_it_is_written_stays_hidden(site):
    wall = site.world.wall
    verse = wall.begin("rain", "somebody")
    wall.show(verse.id, Showing.HIDDEN)
    wall.go_on(verse, {"index": 0, "text": "a bar", "letter": "A"})

    assert wall.seen() == []
