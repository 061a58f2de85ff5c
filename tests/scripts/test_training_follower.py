"""Following a job while the network fails, what its log says, and the bar on a terminal."""

import io
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from scripts.training_follower import Follower, LostSight
from scripts.training_log import TrainingLog
from scripts.training_screen import Screen
from tests.scripts.training_states import NOW, state


class FakeClock:
    """Time passes only while somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Looks:
    """Answers one look after the other, the last one again and again; errors are raised."""

    def __init__(self, *answers):
        self.answers = [*answers]

    def __call__(self):
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def error(code, status):
    told = {
        "Error": {"Code": code, "Message": code},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(told, "DescribeTrainingJob")


NO_NETWORK = EndpointConnectionError(endpoint_url="https://sagemaker")
RUNNING = (state(), ["step=1/2 loss=3.0"])
COMPLETED = (state(TrainingJobStatus="Completed"), ["valid_loss=2.0"])


@pytest.mark.parametrize(
    "hiccup", [NO_NETWORK, error("ThrottlingException", 400), error("InternalFailure", 500)]
)
def test_following_outlives_a_network_that_fails_for_a_while(hiccup):
    out = io.StringIO()
    look = Looks(RUNNING, hiccup, hiccup, RUNNING, hiccup, COMPLETED)

    ended = Follower(look, Screen(out), pause=5, clock=FakeClock()).follow()

    assert ended.status == "Completed"
    assert out.getvalue().count("Asking again.") == 2
    assert out.getvalue().endswith("valid_loss=2.0\n")


def test_without_an_answer_for_a_quarter_of_an_hour_following_is_given_up():
    clock = FakeClock()

    with pytest.raises(LostSight, match="no answer for 15 minutes .*https://sagemaker"):
        Follower(Looks(RUNNING, NO_NETWORK), Screen(io.StringIO()), pause=5, clock=clock).follow()

    assert 900 < clock.now < 920


def test_a_refusal_is_no_hiccup():
    with pytest.raises(ClientError, match="AccessDenied"):
        Follower(
            Looks(error("AccessDenied", 400)), Screen(io.StringIO()), 5, clock=FakeClock()
        ).follow()


class FakeLogs:
    """CloudWatch with some streams; `fails` names one that cannot be read the next time."""

    def __init__(self, **streams):
        self.streams, self.fails = streams, None

    def get_paginator(self, _):
        pages = [{"logStreams": [{"logStreamName": name} for name in self.streams]}]
        return SimpleNamespace(paginate=lambda **_: pages)

    def get_log_events(self, logStreamName, nextToken="0", **_):
        if self.fails == logStreamName:
            self.fails = None
            raise NO_NETWORK
        at = int(nextToken)
        lines = self.streams[logStreamName][at : at + 2]  # two lines a page
        events = [{"message": line} for line in lines]
        return {"events": events, "nextForwardToken": str(at + len(lines))}


def test_a_log_is_read_on_from_where_it_was_left_machine_by_machine():
    logs = FakeLogs(a=["1", "2", "3"])
    log = TrainingLog(logs, "rain")

    assert log.read() == ["1", "2", "3"]
    assert log.read() == []
    logs.streams["a"].append("4")
    logs.streams["b"] = ["5"]
    assert log.read() == ["4", "5"]


def test_no_line_of_a_log_is_lost_where_reading_another_machines_fails():
    logs = FakeLogs(a=["1"], b=["2"])
    log = TrainingLog(logs, "rain")
    logs.fails = "b"

    with pytest.raises(EndpointConnectionError):
        log.read()
    assert log.read() == ["1", "2"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_there_is_a_bar_with_the_phase_loss_pace_and_cost():
    out = Terminal()
    training = {"Status": "Training", "StartTime": NOW}
    facts = {"SecondaryStatusTransitions": [training], "TrainingTimeInSeconds": 3600}
    line = "step=1/2 loss=3.0 tokens_per_second=90.5 seconds_left=3700"
    look = Looks((state(**facts), ["\rLoading: 0%\rLoaded.", line]), COMPLETED)

    Follower(look, Screen(out), pause=5, clock=FakeClock()).follow()

    assert "Loaded.\n" in out.getvalue() and "0%\r" not in out.getvalue()
    assert "Training  50%|" in out.getvalue()
    assert "1/2 , loss 3.0000, 90 tokens/s, 1 h 01 min left, 0.74 USD" in out.getvalue()
