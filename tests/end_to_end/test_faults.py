"""What breaks, breaks cleanly: a killed model, site or parent, and visitors who leave."""

import contextlib
import time

import requests

from tests.end_to_end.running_demo import events_of, until


def test_a_model_killed_while_writing_is_told_and_the_next_visitor_is_served(ready):
    events = events_of(ready.visit(bars=16))
    next(event for event in events if event["event"] == "token")

    ready.model()[0].kill()
    last = list(events)[-1]

    assert (last["event"], last["code"]) == ("error", "broken")
    assert ready.state()["state"] == "ready"
    told = until(lambda: _verse(ready), 60, "the next visitor is served", pause=1)
    assert told[-1]["event"] == "saved"


def _verse(demo):
    answer = demo.visit()
    if answer.status_code != 200:
        assert answer.status_code == 503
        assert "moment" in answer.json()["remedy"]
        return None
    return list(events_of(answer))


def test_a_client_that_leaves_stops_the_work(ready):
    answer = ready.visit(bars=16)
    next(event for event in events_of(answer) if event["event"] == "token")

    answer.close()

    left = time.monotonic()
    following = ready.visit()
    next(event for event in events_of(following) if event["event"] == "start")
    assert time.monotonic() - left < 20  # sixteen bars take longer
    following.close()


def test_a_site_killed_while_starting_comes_back_and_the_start_goes_on(demo):
    demo.host().start()
    demo.wait_for("starting")

    for process in demo.running("gunicorn"):
        with contextlib.suppress(Exception):
            process.kill()

    until(lambda: _answers(demo), 30, "the site is back")
    demo.wait_for("ready")


def _answers(demo):
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{demo.address}/healthz", timeout=2).ok


def test_nothing_is_left_after_the_parent_is_killed_and_everything_is_found_again(own_demo):
    own_demo.host().start()
    own_demo.wait_for("ready")
    saved = list(events_of(own_demo.visit(bars=2)))[-1]
    processes = own_demo.processes()
    assert len(processes) >= 4

    own_demo.kill()

    until(lambda: own_demo.processes() == [], 40, "nothing is left running")
    own_demo.start()
    verse = requests.get(f"{own_demo.address}/api/verses/{saved['id']}", timeout=10).json()
    assert len(verse["bars"]) == 2
    own_demo.wait_for("ready")  # the lease still runs, so the model comes back by itself
    assert "Making" not in own_demo.output().rsplit("Ctrl-C ends everything", 2)[1]


def test_ctrl_c_ends_everything(own_demo):
    own_demo.host().start()
    own_demo.wait_for("ready")
    own_demo.processes()

    own_demo.stop()

    assert own_demo.process.returncode == 0
    assert own_demo.processes() == []
