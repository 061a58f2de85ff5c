"""Demos over HTTP: hosts plan, change and cancel; everybody may read and subscribe."""

import json

import pytest
from icalendar import Calendar

from tests.switch.wishes import BERLIN, wish
from tests.webapp.site import Visitor


def test_a_demo_goes_its_way_over_json(host, visitor, site):
    planned = host.call("POST", "/demos", wish(date="2026-06-02", **BERLIN))
    assert planned.status_code == 201
    path = f"/demos/{planned.json['id']}"
    seen = visitor.client.get("/api/demos").json["demos"]
    assert [each["starts"] for each in seen] == ["2026-06-02T11:00:00+00:00"]
    assert "who" not in seen[0]

    changed = host.call("PATCH", path, wish(date="2026-06-03", minutes=60, revision=1))
    assert (changed.status_code, changed.json["revision"]) == (200, 2)
    assert host.call("PATCH", path, wish(revision=1)).status_code == 409
    assert host.client.get(f"/api{path}").json["minutes"] == 60
    assert host.call("DELETE", path).status_code == 204
    assert host.call("DELETE", path).status_code == 404
    assert visitor.client.get("/api/demos").json["demos"] == []


def test_the_state_tells_the_next_demo(host, visitor):
    host.call("POST", "/demos", wish(title="Later", time="15:00"))
    host.call("POST", "/demos", wish(title="Sooner", time="14:00"))

    told = visitor.client.get("/api/state").json["next_demo"]

    assert (told["title"], told["starts"]) == ("Sooner", "2026-06-01T14:00:00+00:00")


@pytest.mark.parametrize(
    ("given", "left"), [({}, "246810"), ({"pin": ""}, ""), ({"pin": None}, "")], ids=str
)
def test_a_pin_that_a_change_does_not_name_stays(host, site, given, left):
    path = f"/demos/{site.world.schedule.plan(wish(pin='246810'), 'ada').id}"

    changed = host.call("PATCH", path, wish(title="Another", **given))

    assert (changed.json["title"], changed.json["pin"]) == ("Another", left)
    assert site.world.schedule.find(changed.json["id"]).pin == left


def test_a_form_from_which_the_pin_is_taken_takes_it_off(host, site):
    demo = site.world.schedule.plan(wish(pin="246810"), "ada")

    host.send(f"/host/demos/{demo.id}", form_on="/host/demos", **wish(pin=""))

    assert site.world.schedule.find(demo.id).pin == ""


@pytest.mark.parametrize("verb", ["GET", "PATCH", "DELETE"])
def test_a_demo_is_its_hosts_matter(visitor, verb):
    assert visitor.call(verb, "/demos/x", wish()).status_code == 401


def test_planning_is_for_hosts(visitor):
    assert visitor.call("POST", "/demos", wish()).status_code == 401


@pytest.mark.parametrize("path", ["/host/demos", "/host/demos/x", "/host/demos/x/cancel"])
def test_the_forms_are_for_hosts(visitor, site, path):
    assert visitor.send(path, **wish()).location == "/signin"
    assert site.world.schedule.upcoming() == []


@pytest.mark.parametrize("body", [[], "x", 7, {"title": {"a": 1}}, wish(revision="x")])
def test_a_body_that_is_no_demo_is_refused(host, body):
    answer = host.call("POST", "/demos", body)

    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_a_wrong_form_comes_back_with_its_words_and_its_errors(host):
    answer = host.send("/host/demos", form_on="/host/demos", **wish(title="<b>", zone="Berlin"))

    assert answer.status_code == 400
    assert "did you mean Europe/Berlin?" in answer.text
    assert 'value="&lt;b&gt;"' in answer.text


def test_a_demo_that_another_host_changed_is_not_overwritten(host, site):
    demo = site.world.schedule.plan(wish(), "ada")
    site.world.schedule.change(demo.id, wish(minutes=60), "ada")

    answer = host.send(f"/host/demos/{demo.id}", form_on="/host/demos", revision="1", **wish())

    assert answer.location == f"/host/demos/{demo.id}"
    assert "Somebody else has changed this demo" in host.client.get(answer.location).text
    assert site.world.schedule.find(demo.id).minutes == 60


def test_what_is_gone_is_told(host):
    assert host.client.get("/host/demos/x").status_code == 404
    assert host.send("/host/demos/x", form_on="/host/demos", **wish()).status_code == 404
    host.send("/host/demos/x/cancel", form_on="/host/demos")
    assert "was cancelled already" in host.client.get("/host/demos").text


def test_calendars_may_subscribe(host, site):
    weekly = site.world.schedule.plan(wish(repeat_until="2026-06-15", title="Rap; night, “x”"), "a")
    site.world.schedule.plan(wish(time="18:00"), "ada")
    visitor = Visitor(site.app)

    answer = visitor.client.get("/demos.ics")
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    one = Calendar.from_ical(visitor.client.get(f"/demos/{weekly.id}.ics").data).walk("VEVENT")

    assert answer.mimetype == "text/calendar"
    assert len(events) == 4
    assert len({str(event["UID"]) for event in events}) == 4
    assert [event["DTSTART"].dt.day for event in one] == [1, 8, 15]
    assert str(one[0]["SUMMARY"]) == "Rap; night, “x”"
    assert one[0]["URL"] == "http://localhost/"


def test_a_demo_that_is_not_there_has_no_calendar(visitor):
    assert visitor.client.get("/demos/x.ics").status_code == 404


def test_names_of_demos_are_text_on_every_page(host, site):
    site.world.schedule.plan(wish(title="<script>alert(1)</script>"), "ada")

    pages = [host.client.get(path).text for path in ("/", "/host", "/host/demos", "/state")]

    assert not any("<script>alert" in page for page in pages)
    assert all("&lt;script&gt;alert" in page for page in pages)
    assert json.loads(host.client.get("/api/demos").text)["demos"]
