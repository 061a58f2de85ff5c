"""What hosts are told although they are not looking, and rehearsals."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from scripts.simulated_cloud import Faults, SimulatedTable
from tests.switch.fakes import refusal
from tests.switch.wishes import wish
from webapp.lyricist import LyricistUnavailable
from webapp.rehearsals import Rehearsals
from webapp.state import State


@pytest.fixture
def tables():
    return defaultdict(lambda: SimulatedTable(Faults(random.Random(0)), lambda: None))


def minutes(world, count, *more):
    for _ in range(count):
        world.clock.pass_(minutes=1)
        world.switch.reconcile()
        for each in more:
            each()
        world.watch.look()


def test_hosts_are_told_once_when_a_demo_will_not_be_ready(world):
    world.sagemaker.creating_for = timedelta(minutes=40)
    world.schedule.plan(wish(), "ada")
    minutes(world, 54)
    assert world.sns.sent == []

    minutes(world, 3)

    ((subject, text),) = world.sns.sent
    assert subject == "Not ready: Rap night"
    assert "begins in 5 minutes" in text and "still starting" in text
    assert world.audit.newest()[0].what == "told the hosts that a demo is not ready"


def test_the_reason_of_a_failed_start_is_told(world):
    world.sagemaker.fails_with = "The container did not pass the ping health check."
    world.schedule.plan(wish(), "ada")

    minutes(world, 56)

    assert "the start failed" in world.sns.sent[0][1]


def test_nobody_is_told_of_a_demo_that_is_ready_or_stopped(world):
    world.schedule.plan(wish(), "ada")
    minutes(world, 50)
    world.switch.stop(world.switch.live_leases()[0].id, "ada")

    minutes(world, 20)

    assert world.sns.sent == []


def test_a_notice_that_cannot_be_sent_is_sent_later(world):
    world.sagemaker.creating_for = timedelta(minutes=90)
    world.schedule.plan(wish(), "ada")
    world.sns.refuses = refusal("Publish", "Rate exceeded", "ThrottlingException")
    minutes(world, 56)
    world.sns.refuses = None

    minutes(world, 1)

    assert len(world.sns.sent) == 1


def test_hosts_are_told_once_when_it_runs_for_nobody(world):
    lease = world.switch.start(10, "ada", "talk")
    minutes(world, 6)
    world.sagemaker.delete_endpoint = lambda EndpointName: None
    world.switch.stop(lease.id, "ada")
    minutes(world, 14)
    assert world.sns.sent == []

    minutes(world, 10)

    ((subject, text),) = world.sns.sent
    assert subject == "An endpoint runs without a lease"
    assert "nobody has leased it for 15 minutes" in text


class Lyricist:
    def __init__(self, told):
        self.told = told

    def write(self, wish):
        if isinstance(self.told, Exception):
            raise self.told
        return iter([{"event": "start"}, self.told])


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"event": "verse", "seconds": 2.34}, "rehearsed: ready after 300 s, a verse in 2.3 s"),
        ({"event": "error", "message": "It broke."}, "no verse: It broke."),
        (LyricistUnavailable("The model is off.", "Wait."), "no verse: The model is off. Wait."),
    ],
)
def test_a_rehearsal_starts_writes_and_stops(world, told, outcome):
    rehearsals = Rehearsals(
        world.switch, world.leases, Lyricist(told), world.audit, clock=world.clock
    )
    world.switch.rehearse("ada")
    minutes(world, 4, rehearsals.go_on)
    assert world.switch.state().state is State.STARTING

    minutes(world, 2, rehearsals.go_on)

    assert world.switch.live_leases() == []
    assert any(outcome in entry.what for entry in world.audit.newest())
    assert world.sagemaker.calls == ["create", "delete"]


def test_a_rehearsal_beside_a_demo_ends_only_itself(world):
    world.clock.now = datetime(2026, 6, 1, 12, 45, tzinfo=UTC)
    world.schedule.plan(wish(), "ada")
    told = {"event": "verse", "seconds": 1.0}
    rehearsals = Rehearsals(
        world.switch, world.leases, Lyricist(told), world.audit, clock=world.clock
    )
    world.switch.rehearse("ada")

    minutes(world, 8, rehearsals.go_on)

    (left,) = world.switch.live_leases()
    assert left.kind == "demo"
    assert world.switch.state().state is State.READY
