"""What visitors pass before the model writes: a demo's PIN, and limits of verses."""

from dataclasses import replace

import pytest

from tests.switch.fakes import NOON
from tests.switch.wishes import wish
from tests.webapp.site import SETTINGS, Visitor, make_ready, make_site, unreachable
from webapp.door import PIN_TRIES, PIN_TRIES_OF_A_DEMO, PIN_TRIES_OF_AN_ADDRESS

RAIN = {"topic": "rain"}
PIN = "246810"


@pytest.fixture
def narrow(world):
    """A site on which a browser may have two verses, and an address three."""
    make_ready(world)
    return make_site(world, replace(SETTINGS, most_verses=2, most_verses_of_an_address=3))


def ask(visitor):
    return visitor.client.post("/api/verses", json=RAIN)


def codes(visitor, times):
    return [ask(visitor).status_code for _ in range(times)]


def give(visitor, pin):
    return visitor.client.post("/api/pin", json={"pin": pin})


def plan(world, **changed):
    """A demo that is on now, with the model ready."""
    demo = world.schedule.plan(wish(time="12:10", lead=10, **changed), "ada")
    world.clock.pass_(minutes=6)
    world.switch.reconcile()
    return demo


def tried(site, tables, times, of="at"):
    """Wrong PINs of one kind of count, some minutes ago; of a stranger's browser the first."""
    assert give(Visitor(site.app), "135791").status_code == 403
    (key,) = [key for key in counted(tables) if key.split()[2:3] == ([of] if of else [])]
    ends = int(NOON.timestamp()) + 900
    tables["throttle"].put_item(Item={"id": key, "failures": times, "expires": ends})


def counted(tables):
    """What the table has of wrong PINs, by its key."""
    items = tables["throttle"].scan()["Items"]
    return {x["id"]: int(x["failures"]) for x in items if x["id"].startswith("pin-of ")}


def test_a_browser_that_asks_for_many_verses_has_to_wait(narrow):
    eager = Visitor(narrow.app)

    assert codes(eager, 2) == [200, 200]
    answer = ask(eager)

    assert (answer.status_code, answer.json["code"]) == (429, "too_many")
    assert answer.json["message"] == "You have asked for many verses."
    assert answer.json["remedy"] == "Try again in 15 minutes."
    assert answer.headers["Retry-After"] == "900"
    assert codes(Visitor(narrow.app), 1) == [200]
    narrow.world.clock.pass_(minutes=15)
    narrow.world.switch.reconcile()
    assert codes(eager, 1) == [200]


def test_an_address_has_a_wider_limit_for_browsers_that_keep_no_cookie(narrow):
    assert [codes(Visitor(narrow.app), 1) for _ in range(4)] == [[200], [200], [200], [429]]


@pytest.mark.parametrize(
    ("others", "status"),
    [("2001:db8:0:1::2", 429), ("2001:db8:0:2::1", 200), ("::ffff:127.0.0.1", 200)],
)
def test_an_ipv6_network_is_one_address(narrow, others, status):
    for number in range(4):
        visitor = Visitor(narrow.app)
        visitor.client.environ_base["REMOTE_ADDR"] = f"2001:db8:0:1::{number + 10}"
        ask(visitor)
    visitor = Visitor(narrow.app)
    visitor.client.environ_base["REMOTE_ADDR"] = others

    assert ask(visitor).status_code == status


def test_tables_that_cannot_be_reached_lose_nothing_that_was_typed(narrow):
    visitor = Visitor(narrow.app)
    token = visitor.token()
    narrow.world.throttle.take = unreachable

    form = {"csrf_token": token, "bars": "4", "opening": "a bar of my own"}
    page = visitor.client.post("/verses", data=form)

    assert (page.status_code, ask(visitor).json["code"]) == (503, "unreachable")
    assert "a bar of my own" in page.text and "Try again in a moment." in page.text


def test_who_waits_for_their_own_limit_uses_up_nobody_elses(narrow):
    assert codes(Visitor(narrow.app), 5) == [200, 200, 429, 429, 429]
    assert codes(Visitor(narrow.app), 1) == [200]


def test_the_form_says_it_as_well_and_keeps_what_was_typed(narrow):
    eager = Visitor(narrow.app)
    codes(eager, 2)

    answer = eager.send("/verses", bars="4", opening="a bar of my own")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "You have asked for many verses. Try again in 15 minutes." in answer.text
    assert "a bar of my own" in answer.text


def test_hosts_and_wishes_that_are_none_are_not_counted(narrow):
    host, visitor = Visitor(narrow.app), Visitor(narrow.app)
    host.sign_in()

    assert codes(host, 3) == [200, 200, 200]
    assert visitor.client.post("/api/verses", json={}).status_code == 400
    assert codes(visitor, 2) == [200, 200]


def test_a_demo_with_a_pin_is_for_those_who_have_it(visitor, site, world):
    plan(world, pin=PIN)
    assert 'id="pin-field" data-pin="/api/pin" >' in visitor.client.get("/").text

    refused = ask(visitor)
    wrong = give(visitor, "135791")

    assert (refused.status_code, refused.json["code"]) == (403, "pin_needed")
    assert "beside the QR code" in refused.json["remedy"]
    assert (wrong.status_code, wrong.json["code"]) == (403, "wrong_pin")
    assert site.lyricist.asked == []
    assert give(visitor, f" {PIN} ").status_code == 204
    assert codes(visitor, 2) == [200, 200]
    assert 'id="pin-field" data-pin="/api/pin" hidden>' in visitor.client.get("/").text
    assert ask(Visitor(site.app)).status_code == 403


def test_the_form_takes_the_pin_with_the_wish(visitor, world):
    plan(world, pin=PIN)

    wrong = visitor.send("/verses", bars="4", topic="rain", pin="135791")
    right = visitor.send("/verses", bars="4", topic="rain", pin=PIN)
    later = visitor.send("/verses", bars="4", topic="rain")

    assert (wrong.status_code, right.status_code, later.status_code) == (403, 303, 303)
    assert "This is not the PIN of this demo." in wrong.text
    assert 'value="rain"' in wrong.text


def test_hosts_are_never_asked_and_the_wall_tells_them_alone(host, visitor, world):
    demo = plan(world, pin=PIN)

    assert ask(host).status_code == 200
    assert host.client.get("/api/wall").json["pins"] == [PIN]
    assert f"PIN {PIN}" in host.client.get("/host/demos").text
    assert f'value="{PIN}"' in host.client.get(f"/host/demos/{demo.id}").text
    for path in ("/api/wall", "/wall", "/api/demos", "/api/state", "/", "/demos.ics"):
        assert PIN not in visitor.client.get(path).text


@pytest.mark.parametrize(
    ("other", "opens"),
    [({"pin": "1357913"}, {"246810", "1357913"}), ({}, {"", "0000"})],
    ids=["either PIN", "open"],
)
def test_of_two_demos_at_once_either_lets_in(site, world, other, opens):
    world.schedule.plan(wish(time="12:10", lead=10, title="Another", **other), "bob")
    plan(world, pin=PIN)

    for pin in opens:
        visitor = Visitor(site.app)
        assert give(visitor, pin).status_code == 204
        assert ask(visitor).status_code == 200


def test_a_pin_lasts_as_long_as_its_demo(visitor, world):
    demo = plan(world, pin=PIN)
    lease = world.switch.live_leases()[0]
    world.switch.extend(lease.id, 15, "ada")
    world.clock.pass_(minutes=50)
    assert ask(visitor).status_code == 403, "it was extended"

    world.switch.start(30, "ada", "a word with the last ones")
    world.switch.stop(lease.id, "ada")
    world.clock.pass_(seconds=2)

    assert ask(visitor).status_code == 200
    assert world.demos.find(demo.id).pin == PIN


def test_another_pin_is_asked_for_at_once(visitor, world):
    demo = plan(world, pin=PIN)
    give(visitor, PIN)
    same = wish(time="12:10", lead=10, pin="864202")
    world.schedule.change(demo.id, same, "ada")
    world.clock.pass_(seconds=2)

    assert ask(visitor).status_code == 403


def test_guessing_a_pin_is_slow_in_a_browser_and_at_an_address(visitor, site, world, tables):
    plan(world, pin=PIN)
    for _ in range(PIN_TRIES):
        assert give(visitor, "135791").status_code == 403
    locked = give(visitor, PIN)
    assert (locked.status_code, locked.json["code"]) == (429, "too_many")
    assert int(locked.headers["Retry-After"]) > 0

    fresh = Visitor(site.app)
    assert give(fresh, PIN).status_code == 204, "others at this address may go on"
    tried(site, tables, PIN_TRIES_OF_AN_ADDRESS)
    assert give(Visitor(site.app), PIN).status_code == 429


def test_browsers_without_cookies_do_not_lock_a_lecture_hall_out(site, world, tables):
    plan(world, pin=PIN)
    tried(site, tables, 2000)  # all of 200 phones have used up theirs

    assert [give(Visitor(site.app), "135791").status_code for _ in range(12)] == [403] * 12
    assert give(Visitor(site.app), PIN).status_code == 204


def test_guessing_from_many_addresses_gives_a_demo_a_pause(visitor, site, world, tables):
    demo = plan(world, pin=PIN)
    assert give(visitor, PIN).status_code == 204
    tried(site, tables, PIN_TRIES_OF_A_DEMO, of="")
    assert PIN not in str(counted(tables))

    paused = give(Visitor(site.app), PIN)

    assert (paused.status_code, paused.json["code"]) == (429, "too_many")
    assert "for this demo" in paused.json["message"]
    assert ask(visitor).status_code == 200, "who has given it goes on"
    world.schedule.change(demo.id, wish(time="12:10", lead=10, pin="864202"), "ada")
    world.clock.pass_(seconds=2)
    assert give(Visitor(site.app), "864202").status_code == 204


def test_who_is_refused_for_their_own_tries_uses_up_nobody_elses(visitor, world, tables):
    plan(world, pin=PIN)
    for _ in range(PIN_TRIES + 5):
        give(visitor, "135791")

    assert sorted(counted(tables).values()) == [PIN_TRIES, PIN_TRIES, PIN_TRIES + 5]


def test_right_pins_do_not_count_against_their_address(site, world, tables):
    plan(world, pin=PIN)
    tried(site, tables, PIN_TRIES_OF_AN_ADDRESS - 1)

    assert [give(Visitor(site.app), PIN).status_code for _ in range(3)] == [204] * 3


@pytest.mark.parametrize("body", [{}, [], "246810", {"pin": 2468}, {"pin": None}])
def test_a_pin_that_is_no_text_is_refused(visitor, body):
    answer = visitor.client.post("/api/pin", json=body)

    assert (answer.status_code, answer.json["fields"][0]["field"]) == (400, "pin")


@pytest.mark.parametrize("pin", ["12345", "1" * 9, "12a456", "٤٤٤٤٤٤", 246810, ["246810"], True])
def test_a_pin_is_six_to_eight_digits(host, pin):
    answer = host.call("POST", "/demos", wish(pin=pin))

    assert answer.status_code == 400
    assert [field["field"] for field in answer.json["fields"]] == ["pin"]


def test_a_demo_planned_before_there_were_pins_is_read(world, tables):
    demo = world.schedule.plan(wish(), "ada")
    item = tables["demos"].scan()["Items"][0]
    old = item | {"version": 1, "demo": item["demo"].replace(', "pin": ""', "")}
    assert "pin" not in old["demo"]
    tables["demos"].put_item(Item=old)

    assert world.demos.find(demo.id) == demo
