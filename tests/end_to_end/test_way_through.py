"""The whole way: a host switches the model on, a visitor watches a verse, it goes off again."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape

import requests

from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.text import last_word
from tests.end_to_end.running_demo import OPENING, events_of, until
from webapp.leases import Lease, LeaseStore


def test_a_lease_brings_the_model_and_a_verse_streams_in(demo):
    assert demo.state()["state"] == "off"
    assert demo.state()["cost"]["so_far"] == 0
    assert demo.visit().status_code == 503

    assert demo.host().start(minutes=30).status_code == 201
    told = demo.wait_for("ready")
    events = list(events_of(demo.visit()))

    assert told["until"] and told["cost"]["projected"] > told["cost"]["so_far"]
    names = [event["event"] for event in events if event["event"] != "queued"]
    assert names[:3] == ["begun", "start", "bar"]
    assert names[-2:] == ["verse", "saved"]
    bars = [event for event in events if event["event"] == "bar"]
    assert [bar["index"] for bar in bars] == [0, 1, 2, 3]
    assert bars[0]["text"] == OPENING
    assert rhyme(last_word(OPENING), last_word(bars[1]["text"])).kind is RhymeKind.PERFECT
    page = requests.get(demo.address + events[-1]["url"], timeout=10)
    assert bars[3]["text"] in unescape(re.sub("<[^>]+>", "", page.text))


def test_every_written_bar_was_previewed_word_by_word(ready):
    events = list(events_of(ready.visit(seed=5)))

    for index in (1, 2, 3):
        previewed = [e for e in events if e["event"] == "token" and e["bar"] == index]
        assert len(previewed) >= 3


def test_a_seed_makes_the_same_verse_again(ready):
    def write():
        return [e["text"] for e in events_of(ready.visit(seed=11)) if e["event"] == "bar"]

    assert write() == write()


def test_a_verse_that_breaks_off_is_found_and_written_to_its_end(ready):
    browser = requests.Session()
    path = f"{ready.address}/api/verses"
    wish = {"opening": OPENING, "bars": 8, "scheme": "AABB", "seed": 3}
    with browser.post(path, json=wish, stream=True, timeout=60) as answer:
        events = events_of(answer)
        verse_id = next(event["id"] for event in events if event["event"] == "begun")
        told = [next(e["text"] for e in events if e["event"] == "bar") for _ in range(3)]

    found = browser.get(f"{path}/unfinished/{verse_id}", timeout=10).json()
    rest = browser.post(path, params={"rest_of": verse_id}, json={}, stream=True, timeout=60)
    *_, saved = events_of(rest)

    assert [bar["text"] for bar in found["bars"]][:3] == told
    bars = browser.get(ready.address + f"/api{saved['url']}", timeout=10).json()["bars"]
    assert [bar["text"] for bar in bars][:3] == told
    assert len(bars) == 8 and all(bar["attempts"] for bar in bars[1:])


def test_the_script_prints_the_verse_with_the_opening_first(ready):
    told = ready.script("write_verse", "--opening", OPENING, "--bars", "4", "--scheme", "AABB")

    lines = told.stdout.splitlines()
    assert told.returncode == 0, told.stderr
    assert (len(lines), lines[0]) == (4, OPENING)


def test_the_script_says_what_could_not_be_as_asked(ready):
    words = ["--opening", "Mi alma baila bajo la lluvia", "--bars", "2", "--scheme", "AA"]

    told = ready.script("write_verse", *words)

    assert told.returncode == 0, told.stderr
    assert "No rhyme on “lluvia” was found: this bar is free." in told.stderr


def test_scripts_start_and_stop_the_model(demo):
    started = demo.script("start_endpoint", "--minutes", "5", "--wait", "--json")
    assert json.loads(started.stdout)["state"]["state"] == "ready", started.stderr
    assert len(demo.model()) == 1
    assert json.loads(demo.script("status", "--json").stdout)["state"] == "ready"

    stopped = demo.script("stop_endpoint", "--wait")

    assert stopped.returncode == 0, stopped.stderr
    assert demo.model() == []
    assert demo.state()["state"] == "off"


def test_when_the_lease_ends_the_model_goes_by_itself(demo):
    now = datetime.now(UTC)
    lease = Lease("short", now, now + timedelta(seconds=15), "ada", "a short talk")
    LeaseStore(_table(demo, "leases")).add(lease)

    demo.wait_for("starting", "ready")
    until(demo.model, 20, "the model runs")
    demo.wait_for("off")

    assert demo.model() == []


def test_a_lease_that_ends_while_the_endpoint_is_created_still_ends_it(demo):
    host = demo.host()
    lease = host.start().json()
    demo.wait_for("starting")

    host.stop(lease["id"])

    assert demo.state()["state"] == "stopping"
    demo.wait_for("off")
    assert demo.model() == []


def test_two_hosts_at_once_start_one_model(demo):
    hosts = [demo.host(), demo.host()]

    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda host: host.start(), hosts))

    assert [answer.status_code for answer in answers] == [201, 201]
    demo.wait_for("ready")
    assert len(demo.model()) == 1
    hosts[0].stop(answers[0].json()["id"])
    assert demo.state()["state"] == "ready"


def _table(demo, name):
    from scripts.target import find_local_cloud, local_target
    from webapp.settings import SwitchSettings

    target = local_target(SwitchSettings(), find_local_cloud(demo.data))
    return target.aws.table(f"{target.settings.prefix}-{name}")


def test_scripts_let_hosts_in_and_out_again(demo):
    def sign_in(password):
        session = requests.Session()
        form = session.get(f"{demo.address}/signin", timeout=10).text
        token = re.search('name="csrf_token" value="([^"]+)"', form)[1]
        fields = {"csrf_token": token, "name": "ada", "password": password}
        return session.post(f"{demo.address}/signin", data=fields, timeout=10)

    told = demo.script("add_host", "ada", "--make").stdout
    first = told.strip().rpartition(" ")[2]
    assert sign_in(first).url.endswith("/host")

    second = demo.script("reset_password", "ada", "--make").stdout.strip().rpartition(" ")[2]
    assert sign_in(first).status_code == 403
    assert sign_in(second).url.endswith("/host")
    assert "already" in demo.script("add_host", "ada", "--make").stderr
    token = demo.script("add_token", "ci", "--scope", "read").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{demo.address}/api/starts", headers=headers, timeout=10).ok
    assert "removed" in demo.script("add_host", "ada", "--remove").stdout
    assert sign_in(second).status_code == 403
