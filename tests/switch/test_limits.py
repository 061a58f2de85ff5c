"""What hosts forget: a machine that nobody uses stops, and no day or month costs too much."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from scripts.simulated_cloud import Faults, SimulatedTable
from tests.switch.test_switch import run_minutes
from tests.switch.wishes import wish
from tests.switch.world import make_world
from webapp.reconciler import Step
from webapp.settings import Limits
from webapp.state import State
from webapp.switch import LeaseRefused


def world_with(**limits):
    tables = defaultdict(lambda: SimulatedTable(Faults(None), lambda: None))
    return make_world(tables, Limits(**{"most_minutes": 120, "idle_minutes": 0} | limits))


@pytest.fixture
def idle():
    return world_with(idle_minutes=15)


def test_a_start_that_nobody_uses_ends_by_itself(idle):
    idle.switch.start(60, "ada", "talk")
    run_minutes(idle, 6)
    assert idle.switch.state().idle_stop_at == idle.clock() + timedelta(minutes=14)

    assert run_minutes(idle, 13) == []
    assert run_minutes(idle, 1) == [Step.DELETED]
    assert idle.switch.live_leases() == []


def test_every_verse_puts_the_idle_stop_off(idle):
    idle.switch.start(60, "ada", "talk")
    run_minutes(idle, 15)
    idle.switch.note_request()

    assert run_minutes(idle, 14) == []
    assert idle.switch.state().requests == 1
    assert run_minutes(idle, 1) == [Step.DELETED]


def test_callers_that_the_site_does_not_see_put_it_off_too(idle):
    idle.switch.start(60, "ada", "talk")
    run_minutes(idle, 15)
    idle.cloudwatch.minutes.append(idle.clock())
    run_minutes(idle, 5)
    assert idle.switch.state().idle_stop_at == idle.cloudwatch.minutes[0] + timedelta(minutes=16)

    assert run_minutes(idle, 10) == []
    assert run_minutes(idle, 1) == [Step.DELETED]


def test_a_host_may_keep_it_on(idle):
    lease = idle.switch.start(60, "ada", "talk")
    idle.switch.let_idle(lease.id, False, "ada")

    assert run_minutes(idle, 59) == []
    assert idle.switch.state().idle_stop_at is None
    idle.switch.let_idle(lease.id, True, "ada")
    assert idle.switch.state().idle_stop_at == idle.clock() + timedelta(minutes=15)


def test_an_extension_is_a_sign_of_life(idle):
    lease = idle.switch.start(60, "ada", "talk")
    run_minutes(idle, 19)
    idle.switch.extend(lease.id, 30, "ada")

    assert run_minutes(idle, 14) == []
    assert run_minutes(idle, 1) == [Step.DELETED]


def test_a_demo_is_never_stopped_for_idleness(idle):
    idle.schedule.plan(wish(lead=10), "ada")
    run_minutes(idle, 51)

    assert run_minutes(idle, 50) == []
    assert idle.switch.state().idle_stop_at is None


def test_counts_that_cannot_be_read_stop_nothing(idle):
    def fails(**_):
        from tests.switch.fakes import refusal

        raise refusal("GetMetricStatistics", "Rate exceeded", "ThrottlingException")

    idle.cloudwatch.get_metric_statistics = fails
    idle.switch.start(60, "ada", "talk")

    assert run_minutes(idle, 59) == []


def test_more_than_the_days_minutes_is_refused_in_words():
    world = world_with(most_minutes_a_day=100)
    world.switch.start(60, "ada", "talk")

    with pytest.raises(LeaseRefused, match="40 minutes are free, with at most 100 minutes a day"):
        world.switch.start(110, "bob", "talk")
    world.switch.start(90, "bob", "talk")


def test_what_has_run_today_counts():
    world = world_with(most_minutes_a_day=100)
    world.switch.start(60, "ada", "talk")
    run_minutes(world, 62)

    with pytest.raises(LeaseRefused, match="39 minutes are free"):
        world.switch.start(50, "bob", "talk")
    world.clock.now = datetime(2026, 6, 2, 0, 1, tzinfo=world.clock.now.tzinfo)
    world.switch.start(50, "bob", "talk")


def test_a_demo_ends_when_the_days_minutes_are_used_up():
    world = world_with(most_minutes_a_day=30)
    world.schedule.plan(wish(lead=10), "ada")

    assert run_minutes(world, 81) == [Step.CREATED, Step.DELETED]
    run_minutes(world, 1)
    told = world.switch.state()
    assert (told.state, "a day are used up" in told.reason) == (State.FAILED, True)
    assert "DEEP_HOP_MOST_MINUTES_A_DAY" in told.remedy


def test_more_than_the_months_money_is_refused_in_words():
    world = world_with(most_money_a_month=5.0)  # at 3.6 an hour: 83 minutes

    with pytest.raises(LeaseRefused, match="83 minutes are free.* 5.00 USD a month"):
        world.switch.start(90, "ada", "talk")
    world.switch.start(60, "ada", "talk")
    run_minutes(world, 62)
    world.clock.now += timedelta(days=2)
    with pytest.raises(LeaseRefused, match="22 minutes are free"):
        world.switch.start(30, "ada", "talk")
    world.clock.now += timedelta(days=30)
    world.switch.start(30, "ada", "talk")
