"""Hosts: sign in, start for some minutes, extend, stop; nobody else may."""

import json

import pytest

from tests.webapp.site import PASSWORD, Visitor, make_ready
from webapp.settings import Limits
from webapp.shown import range_words
from webapp.starts import UsualRange


def test_only_the_password_lets_a_host_in(visitor):
    wrong = visitor.sign_in("guess")
    right = visitor.sign_in()

    assert (wrong.status_code, "not the host" in wrong.text) == (403, True)
    assert (right.status_code, right.location) == (303, "/host")


def test_guessing_is_slowed_down_even_for_the_right_password(visitor):
    for _ in range(5):
        visitor.sign_in("guess")

    answer = visitor.sign_in(PASSWORD)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_signing_in_makes_a_session_of_its_own(visitor):
    visitor.token("/signin")
    before = visitor.client.get_cookie("deep_hop").value

    answer = visitor.sign_in()

    cookie = answer.headers["Set-Cookie"]
    assert before not in cookie
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_signing_out_ends_it(host):
    host.send("/signout", form_on="/host")

    assert host.client.get("/host").location == "/signin"


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/leases"),
        ("POST", "/leases"),
        ("PATCH", "/leases/x"),
        ("DELETE", "/leases/x"),
        ("GET", "/starts"),
    ],
)
def test_the_switch_is_for_hosts(visitor, verb, path):
    answer = visitor.call(verb, path, {})

    assert (answer.status_code, answer.json["code"]) == (401, "sign_in")


@pytest.mark.parametrize("path", ["/host/start", "/host/extend/x", "/host/stop/x"])
def test_the_forms_are_for_hosts(visitor, site, path):
    answer = visitor.send(path, minutes="5")

    assert answer.location == "/signin"
    assert site.world.switch.live_leases() == []


def test_a_host_starts_the_model_from_the_form(host, site):
    answer = host.send("/host/start", form_on="/host", minutes="30", why="a talk")

    (lease,) = site.world.switch.live_leases()
    assert (answer.status_code, lease.why) == (303, "a talk")
    page = host.client.get("/host").text
    assert "The model is starting" in page
    assert "switches itself off" in page
    assert site.world.sagemaker.calls == ["create"]


def test_progress_is_measured_by_earlier_starts(host, site, ready):
    site.world.switch.stop(ready.id, "ada")
    site.world.clock.pass_(minutes=1)
    first = host.client.get("/host").text
    host.send("/host/start", form_on="/host", minutes="30")
    site.world.clock.pass_(minutes=1)

    page = host.client.get("/host").text
    assert "<progress" not in first
    assert '<progress value="60" max="300"' in page
    assert "Getting the machine and the model&#39;s files, 60 s" in page
    assert "60 s so far. Usually it takes 5 minutes, as the last start did." in page


@pytest.mark.parametrize(
    ("least", "most", "starts", "words"),
    [
        (250, 410, 10, "4 to 7 minutes, as the last 10 starts did."),
        (9, 15, 2, "9 to 15 seconds, as the last 2 starts did."),
        (300, 300, 1, "5 minutes, as the last start did."),
        (30, 130, 3, "1 to 3 minutes, as the last 3 starts did."),
    ],
)
def test_the_usual_time_is_a_range(least, most, starts, words):
    assert range_words(UsualRange(least, most, starts)) == f"Usually it takes {words}"


@pytest.mark.parametrize("minutes", ["", "0", "-5", "121", "ten", "1.5", "9" * 30])
def test_minutes_are_a_must(host, site, minutes):
    answer = host.send("/host/start", form_on="/host", minutes=minutes)

    assert answer.status_code == 400
    assert "must be a whole number from 1 to 120." in answer.text
    assert site.world.switch.live_leases() == []


def test_the_page_of_a_ready_model_shows_time_left_and_cost(host, site, ready):
    site.world.clock.pass_(minutes=10)
    page = host.client.get("/host").text

    assert "The model is ready" in page
    assert "45 min left" in page
    assert "0.90 USD" in page
    assert "ready after 5 min" in page


def test_a_host_extends_and_stops(host, site, ready):
    host.send(f"/host/extend/{ready.id}", form_on="/host", minutes="15")
    (lease,) = site.world.switch.live_leases()
    host.send(f"/host/stop/{ready.id}", form_on="/host")

    assert (lease.until - ready.until).total_seconds() == 900
    assert site.world.switch.live_leases() == []
    assert "switching off" in host.client.get("/host").text


@pytest.mark.parametrize("minutes", ["", "none", "121"])
def test_a_lease_that_cannot_be_extended_says_so(host, site, ready, minutes):
    answer = host.send(f"/host/extend/{ready.id}", form_on="/host", minutes=minutes)

    assert answer.status_code == 303
    assert "The lease was not extended." in host.client.get("/host").text
    assert site.world.switch.live_leases()[0].until == ready.until


def test_a_refused_start_keeps_what_the_host_typed(host):
    answer = host.send("/host/start", form_on="/host", minutes="121", why="the spring fair")

    assert 'value="121"' in answer.text
    assert 'value="the spring fair"' in answer.text


@pytest.mark.parametrize("path", ["/host/extend/none", "/host/stop/none"])
def test_a_lease_that_has_ended_is_said_to_have(host, path):
    host.send(path, form_on="/host", minutes="5")

    assert "has ended already" in host.client.get("/host").text


def test_the_json_routes_do_the_same(host):
    made = host.call("POST", "/leases", {"minutes": 20, "why": "talk"})
    lease_id = made.json["id"]
    longer = host.call("PATCH", f"/leases/{lease_id}", {"minutes": 10})
    listed = host.call("GET", "/leases").json["leases"]
    ended = host.call("DELETE", f"/leases/{lease_id}")

    assert (made.status_code, longer.status_code, ended.status_code) == (201, 200, 204)
    assert [lease["until"] for lease in listed] == [longer.json["until"]]
    assert host.call("GET", "/starts").json["starts"][0]["who"] == "host"
    assert host.call("DELETE", f"/leases/{lease_id}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [{}, {"minutes": None}, {"minutes": "30"}, {"minutes": 1.5}, {"minutes": True}, [], "x"]
    + [{"minutes": 30, "why": 5}, {"minutes": 30, "why": "x" * 121}, {"minutes": 100_000}],
)
def test_a_bad_lease_is_refused_by_its_field(host, site, body):
    answer = host.call("POST", "/leases", body)

    assert answer.status_code == 400
    assert answer.json["fields"]
    assert site.world.switch.live_leases() == []


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("POST", {"minutes": 30, "until": "23:00"}, "until"),
        ("PATCH", {"minutes": 10, "why": "talk"}, "why"),
        ("PATCH", {"idle_stop": False, "colour": "red"}, "colour"),
        ("PATCH", {"idle_stop": False, "minutes": 10}, "minutes"),
    ],
)
def test_fields_that_a_lease_has_not_are_refused(host, site, ready, verb, body, field):
    answer = host.call(verb, "/leases" if verb == "POST" else f"/leases/{ready.id}", body)

    assert answer.status_code == 400
    assert [problem["field"] for problem in answer.json["fields"]] == [field]
    assert site.world.switch.live_leases() == [ready]


def test_a_json_route_without_the_token_is_refused(host):
    answer = host.client.post("/api/leases", json={"minutes": 5})

    assert (answer.status_code, answer.json["code"]) == (400, "csrf")


def test_a_failed_start_is_told_in_plain_words_with_its_remedy(host, site):
    site.world.sagemaker.fails_with = "InsufficientInstanceCapacity: no machine"
    site.world.switch.start(30, "ada", "talk")
    site.world.clock.pass_(minutes=5)
    site.world.switch.reconcile()
    site.world.clock.pass_(seconds=40)

    page = host.client.get("/host").text
    assert "no such machine free" in page
    assert "It is asked for again and again" in page


def test_two_sessions_are_two_hosts(site):
    first, second = Visitor(site.app), Visitor(site.app)
    first.sign_in()

    assert second.client.get("/host").location == "/signin"
    make_ready(site.world)
    assert second.client.get("/api/state").json["state"] == "ready"


def test_of_two_leases_the_first_to_end_leaves_the_model_on_and_says_so(host, site, ready):
    other = site.world.switch.start(30, "bob", "another talk")

    host.send(f"/host/stop/{ready.id}", form_on="/host")
    assert "The model stays on for another" in host.client.get("/host").text
    host.send(f"/host/stop/{other.id}", form_on="/host")
    assert "Stopped. The model goes now." in host.client.get("/host").text


def test_a_host_sees_the_idle_stop_and_puts_it_off(host, site, ready):
    site.world.switch._limits = Limits(idle_minutes=15)
    page = host.client.get("/host").text
    assert "it stops in <strong>20 min" in page

    host.send(f"/host/idle/{ready.id}", form_on="/host", idle_stop="no")

    assert "it stops in" not in host.client.get("/host").text
    assert not site.world.switch.live_leases()[0].idle_stop
    answer = host.call("PATCH", f"/leases/{ready.id}", {"idle_stop": True})
    assert answer.json["idle_stop"] is True
    assert host.call("PATCH", f"/leases/{ready.id}", {"idle_stop": "no"}).status_code == 400


def test_a_host_sees_everything_that_runs_in_the_region(host, site):
    off = host.client.get("/host").text
    assert "Nothing is running: 0.00 USD an hour." in off
    assert host.client.get("/api/endpoints").json["endpoints"] == []

    make_ready(site.world)

    assert "<strong>hop</strong>: InService, since 2026-06-01 12:00 UTC" in (
        host.client.get("/host").text
    )
    (found,) = host.client.get("/api/endpoints").json["endpoints"]
    assert (found["name"], found["status"]) == ("hop", "InService")


def test_a_host_sees_who_started_it_and_how_much_it_is_used(host, site, ready, visitor):
    visitor.client.post("/api/verses", json={"topic": "rain"})
    site.world.clock.pass_(seconds=2)

    page = host.client.get("/host").text

    assert "Started by ada for talk. 1 verse asked for." in page
    told = host.client.get("/api/state").json
    assert (told["requests"], told["who"], told["why"]) == (1, "ada", "talk")
    told = visitor.client.get("/api/state").json
    assert (told["requests"], told["who"], told["why"]) == (1, None, None)


def test_minutes_beyond_the_days_are_refused_on_the_page(host, site):
    site.world.switch._limits = Limits(most_minutes=120, most_minutes_a_day=20)

    answer = host.send("/host/start", form_on="/host", minutes="30", why="")

    assert answer.status_code == 400
    assert "20 minutes are free" in answer.text


@pytest.mark.parametrize(
    ("path", "verb", "body"),
    [
        ("/leases", "POST", '{"minutes": NaN}'),
        ("/leases", "POST", '{"minutes": [-Infinity]}'),
        ("/leases/ready", "PATCH", '{"minutes": NaN}'),
        ("/demos", "POST", '{"title": "x", "minutes": NaN, "pin": NaN, "lead": Infinity}'),
        ("/verses", "POST", '{"topic": "rain", "temperature": NaN, "seed": Infinity}'),
    ],
)
def test_what_is_no_number_is_told_back_as_json(host, ready, path, verb, body):
    headers = {"X-CSRFToken": host.token("/host"), "Content-Type": "application/json"}
    path = path.replace("ready", ready.id)

    answer = host.client.open(f"/api{path}", method=verb, data=body, headers=headers)

    assert answer.status_code == 400
    json.loads(answer.text, parse_constant=pytest.fail)
