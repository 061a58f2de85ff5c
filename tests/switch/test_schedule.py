"""Demos: planned in their own zone, warm in time, off again by themselves."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from scripts.simulated_cloud import Faults, SimulatedTable
from tests.switch.test_switch import run_minutes
from tests.switch.wishes import BERLIN, wish
from tests.switch.world import LIMITS
from webapp.demo_store import DemoChanged, DemoNotFound, DemoStore
from webapp.demo_wish import DemoRefused
from webapp.demos import MOST_LEAD
from webapp.reconciler import Step
from webapp.state import State


@pytest.fixture
def tables():
    """Tables that need no server, because hours pass here minute by minute."""
    return defaultdict(lambda: SimulatedTable(Faults(random.Random(0)), lambda: None))


def steps_until(world, moment):
    """Let the minute rule fire until then; when it did what."""
    did = []
    while world.clock() < moment:
        world.clock.pass_(minutes=1)
        if (step := world.switch.reconcile()) is not Step.NOTHING:
            did.append((f"{world.clock():%d %H:%M}", step))
    return did


def test_a_demo_is_warm_before_its_time_and_off_after_it(world):
    world.schedule.plan(wish(), "ada")

    did = steps_until(world, datetime(2026, 6, 1, 15, tzinfo=UTC))

    assert did == [("01 12:40", Step.CREATED), ("01 13:45", Step.DELETED)]
    assert world.switch.history()[0].why == "Rap night"


def test_the_warm_up_is_as_long_as_starts_have_taken(world):
    assert world.switch.usual_lead() == 20
    lease = world.switch.start(30, "ada", "rehearsal")
    run_minutes(world, 6)
    world.switch.stop(lease.id, "ada")
    run_minutes(world, 2)

    assert world.switch.usual_lead() == 7
    world.schedule.plan(wish(), "ada")
    did = steps_until(world, datetime(2026, 6, 1, 13, tzinfo=UTC))
    assert did == [("01 12:53", Step.CREATED)]


def test_a_demo_has_the_warm_up_that_its_host_wants(world):
    world.schedule.plan(wish(lead=45), "ada")

    assert steps_until(world, datetime(2026, 6, 1, 13, tzinfo=UTC))[0][0] == "01 12:15"


def test_a_weekly_demo_stays_at_its_hour_when_the_clocks_change(world):
    weekly = wish(date="2026-10-18", time="19:00", repeat_until="2026-11-01", **BERLIN)
    world.schedule.plan(weekly, "ada")

    starts = [each.starts for each in world.schedule.upcoming()]

    assert [f"{each:%d %H:%M}" for each in starts] == ["18 17:00", "25 18:00", "01 18:00"]


def test_two_hosts_demos_overlap_across_a_clock_change(world):
    """Berlin sets its clocks back that night at three, New York a week later."""
    world.clock.now = datetime(2026, 10, 24, 20, tzinfo=UTC)
    night = {"date": "2026-10-25", "minutes": 60, "lead": 20}
    berlin = world.schedule.plan(wish(**night, time="02:30", second=False, **BERLIN), "ada")
    world.schedule.plan(
        wish(**night | {"date": "2026-10-24"}, time="21:00", zone="America/New_York"), "bob"
    )

    did = steps_until(world, datetime(2026, 10, 25, 4, tzinfo=UTC))

    assert next(berlin.occurrences()).starts == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert did == [("25 00:10", Step.CREATED), ("25 02:00", Step.DELETED)]


def test_adjoining_demos_are_one_stretch(world):
    world.schedule.plan(wish(), "ada")
    world.schedule.plan(wish(time="13:45"), "bob")

    did = steps_until(world, datetime(2026, 6, 1, 15, tzinfo=UTC))

    assert [step for _, step in did] == [Step.CREATED, Step.DELETED]


def test_cancelling_a_demo_that_runs_switches_it_off_at_once(world):
    demo = world.schedule.plan(wish(), "ada")
    steps_until(world, datetime(2026, 6, 1, 13, tzinfo=UTC))

    world.schedule.cancel(demo.id, "ada")

    assert world.switch.state().state is State.STOPPING
    assert world.sagemaker.calls == ["create", "delete"]


def test_changing_a_demo_that_runs_moves_its_end_without_a_gap(world):
    demo = world.schedule.plan(wish(), "ada")
    steps_until(world, datetime(2026, 6, 1, 13, tzinfo=UTC))

    world.schedule.change(demo.id, wish(minutes=90), "ada")

    assert world.switch.state().until == datetime(2026, 6, 1, 14, 30, tzinfo=UTC)
    did = steps_until(world, datetime(2026, 6, 1, 15, tzinfo=UTC))
    assert did == [("01 14:30", Step.DELETED)]


def test_a_new_title_does_not_bring_back_what_a_host_has_stopped(world):
    demo = world.schedule.plan(wish(), "ada")
    steps_until(world, datetime(2026, 6, 1, 13, tzinfo=UTC))
    world.switch.stop(world.switch.live_leases()[0].id, "ada")

    world.schedule.change(demo.id, wish(title="Rap night, over"), "ada")

    assert world.switch.live_leases() == []


def test_a_demo_that_is_extended_stays_extended(world):
    world.schedule.plan(wish(), "ada")
    steps_until(world, datetime(2026, 6, 1, 13, 30, tzinfo=UTC))
    world.switch.extend(world.switch.live_leases()[0].id, 15, "ada")

    did = steps_until(world, datetime(2026, 6, 1, 15, tzinfo=UTC))

    assert did == [("01 14:00", Step.DELETED)]


def test_one_day_of_a_weekly_demo_can_be_cancelled(world):
    demo = world.schedule.plan(wish(repeat_until="2026-06-15"), "ada")

    world.schedule.cancel(demo.id, "ada", date(2026, 6, 8))

    assert [each.day.day for each in world.schedule.upcoming()] == [1, 15]
    with pytest.raises(DemoNotFound):
        world.schedule.cancel(demo.id, "ada", date(2026, 6, 8))
    world.schedule.cancel(demo.id, "ada", date(2026, 6, 1))
    world.schedule.cancel(demo.id, "ada", date(2026, 6, 15))
    assert world.schedule.upcoming() == []


def test_of_two_hosts_who_change_a_demo_the_second_is_told(world):
    demo = world.schedule.plan(wish(), "ada")
    world.schedule.change(demo.id, wish(minutes=60), "ada", demo.revision)

    with pytest.raises(DemoChanged):
        world.schedule.change(demo.id, wish(minutes=30), "ada", demo.revision)

    assert world.schedule.find(demo.id).minutes == 60


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"title": " "}, "title", "1 to 80 characters"),
        ({"title": "x" * 81}, "title", "1 to 80 characters"),
        ({"title": 7}, "title", "text"),
        ({"date": "2.6.2026"}, "date", "2026-12-31"),
        ({"date": "0001-01-01"}, "date", "2026-12-31"),
        ({"date": None}, "date", "2026-12-31"),
        ({"time": "7 pm"}, "time", "19:30"),
        ({"time": "11:00"}, "date", "in the past"),
        ({"time": "11:30"}, "time", "has passed already"),
        ({"zone": "Berlin"}, "zone", "did you mean Europe/Berlin?"),
        ({"minutes": 0}, "minutes", "1 to 120"),
        ({"minutes": "121"}, "minutes", "1 to 120"),
        ({"minutes": True}, "minutes", "1 to 120"),
        ({"lead": MOST_LEAD + 1}, "lead", "0 to 120"),
        ({"repeat_until": "2026-05-31"}, "repeat_until", "after the first day"),
        ({"repeat_until": "2027-12-01"}, "repeat_until", "at most 53 weeks"),
        ({"second": "third"}, "second", "true, false"),
        ({"hosts": 2}, "hosts", "is not a field of a demo"),
        ({"date": "2027-03-28", "time": "02:30", **BERLIN}, "time", "from 01:59 to 03:00"),
        (
            {"date": "2027-03-21", "time": "02:30", "repeat_until": "2027-04-04", **BERLIN},
            "time",
            "2027-03-28",
        ),
        ({"date": "2026-10-25", "time": "02:30", **BERLIN}, "second", "the first (UTC+02:00)"),
    ],
)
def test_a_wrong_wish_is_refused_in_words(world, wrong, field, words):
    with pytest.raises(DemoRefused) as refused:
        world.schedule.plan(wish(**wrong), "ada")

    assert [problem.field for problem in refused.value.problems] == [field]
    assert words in refused.value.problems[0].message
    assert world.schedule.upcoming() == []


def test_every_problem_is_told_at_once(world):
    with pytest.raises(DemoRefused) as refused:
        world.schedule.plan({}, "ada")

    fields = [problem.field for problem in refused.value.problems]
    assert sorted(fields) == ["date", "minutes", "time", "title", "zone"]


def test_a_demo_comes_back_as_it_was_planned(world, tables):
    demo = world.schedule.plan(wish(repeat_until="2026-06-15", lead=30, title="Größe “x”"), "ada")
    world.schedule.cancel(demo.id, "ada", date(2026, 6, 8))

    found = DemoStore(tables["demos"]).find(demo.id)

    assert found.cancelled == {date(2026, 6, 8)}
    assert (found.title, found.lead, found.until) == ("Größe “x”", 30, date(2026, 6, 15))


class BrokenDemos:
    """A table that cannot be read."""

    def all(self):
        raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow"}}, "Scan")


def test_demos_that_cannot_be_read_keep_no_machine_on(world):
    lease = world.switch.start(10, "ada", "talk")
    run_minutes(world, 6)
    broken = world.another_switch(lambda p: BrokenDemos() if isinstance(p, DemoStore) else p)

    world.clock.now = lease.until + timedelta(minutes=1)

    assert broken.reconcile() is Step.DELETED


def test_a_weekly_demo_that_is_moved_keeps_its_cancelled_days(world):
    demo = world.schedule.plan(wish(repeat_until="2026-06-15"), "ada")
    world.schedule.cancel(demo.id, "ada", date(2026, 6, 8))

    world.schedule.change(demo.id, wish(repeat_until="2026-06-15", time="13:30"), "ada")

    assert [each.day.day for each in world.schedule.upcoming()] == [1, 15]


def test_a_weekly_demo_that_is_lengthened_brings_back_no_day_that_is_over(world):
    demo = world.schedule.plan(wish(repeat_until="2026-06-15"), "ada")
    steps_until(world, datetime(2026, 6, 1, 13, 50, tzinfo=UTC))

    world.schedule.change(demo.id, wish(repeat_until="2026-06-15", minutes=100), "ada")

    assert world.switch.live_leases() == []
    assert [each.day.day for each in world.schedule.upcoming()] == [8, 15]


def test_a_demo_that_a_host_has_stopped_stays_stopped_when_its_row_is_changed(world):
    demo = world.schedule.plan(wish(repeat_until="2026-06-15"), "ada")
    steps_until(world, datetime(2026, 6, 1, 13, tzinfo=UTC))
    world.switch.stop(world.switch.live_leases()[0].id, "ada")

    world.schedule.change(demo.id, wish(repeat_until="2026-06-15", minutes=60), "ada")

    assert world.switch.live_leases() == []


def test_a_shorter_warm_up_acts_at_once(world):
    demo = world.schedule.plan(wish(lead=50), "ada")
    steps_until(world, datetime(2026, 6, 1, 12, 20, tzinfo=UTC))
    assert len(world.switch.live_leases()) == 1

    world.schedule.change(demo.id, wish(lead=10), "ada")

    assert world.switch.live_leases() == []


def test_a_demo_with_its_warm_up_keeps_to_the_longest_lease(world):
    with pytest.raises(DemoRefused, match="with its warm-up more than 120 minutes"):
        world.schedule.plan(wish(minutes=100, lead=30), "ada")


def test_a_demo_that_cannot_be_read_keeps_no_machine_on(world, tables):
    lease = world.switch.start(10, "ada", "talk")
    run_minutes(world, 6)
    tables["demos"].put_item(Item={"id": "x", "version": 9, "demo": '{"colour": "red"}'})

    world.clock.now = lease.until + timedelta(minutes=1)

    assert world.switch.reconcile() is Step.DELETED


def test_a_demo_whose_day_is_used_up_is_told_and_comes_with_the_next_day(world):
    world.clock.now = datetime(2026, 6, 1, 20, tzinfo=UTC)
    world.schedule.plan(wish(date="2026-06-02", time="00:10", lead=20), "bob")
    world.switch.start(60, "ada", "talk")
    # somebody lowers the limit
    world.switch._reconciler._limits = replace(LIMITS, most_minutes_a_day=60)
    steps_until(world, datetime(2026, 6, 1, 23, 40, tzinfo=UTC))
    assert steps_until(world, datetime(2026, 6, 1, 23, 55, tzinfo=UTC)) == []
    assert "a day are used up" in world.switch.state().reason

    did = steps_until(world, datetime(2026, 6, 2, 0, 8, tzinfo=UTC))

    assert did == [("02 00:00", Step.CREATED)]
