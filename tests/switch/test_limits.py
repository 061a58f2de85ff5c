"""What hosts forget: a machine that nobody uses stops, and no day or month costs too much."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from scripts.simulated_cloud import Faults, SimulatedTable
from tests.switch.test_switch import run_minutes
from tests.switch.wishes import wish
from tests.switch.world import make_world
from webapp.demo_wish import DemoRefused
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
    assert idle.switch.state().idle_stop_at == idle.clock() + timedelta(minutes=19)

    assert run_minutes(idle, 18) == []
    assert run_minutes(idle, 1) == [Step.DELETED]
    assert idle.switch.live_leases() == []


def test_every_verse_puts_the_idle_stop_off(idle):
    idle.switch.start(60, "ada", "talk")
    run_minutes(idle, 15)
    idle.switch.note_request()

    assert run_minutes(idle, 19) == []
    assert idle.switch.state().requests == 1
    assert run_minutes(idle, 1) == [Step.DELETED]


def test_callers_that_the_site_does_not_see_put_it_off_too(idle):
    idle.switch.start(60, "ada", "talk")
    run_minutes(idle, 15)
    idle.cloudwatch.minutes.append(idle.clock())
    run_minutes(idle, 5)
    assert idle.switch.state().idle_stop_at == idle.cloudwatch.minutes[0] + timedelta(minutes=21)

    assert run_minutes(idle, 15) == []
    assert run_minutes(idle, 1) == [Step.DELETED]


@pytest.mark.parametrize("idle_minutes", [1, 15])
def test_callers_whose_counts_come_late_are_not_cut_off(idle_minutes):
    """CloudWatch tells of a minute five minutes later; one calls every minute for half an hour."""
    world = world_with(idle_minutes=idle_minutes)
    world.switch.start(100, "ada", "talk")
    world.cloudwatch.late = timedelta(minutes=5)
    run_minutes(world, 5)
    for _ in range(30):
        world.cloudwatch.minutes.append(world.clock())
        assert run_minutes(world, 1) == []

    assert run_minutes(world, idle_minutes + 4) == []
    assert run_minutes(world, 1) == [Step.DELETED]


def test_the_last_request_never_moves_back(idle):
    idle.switch.start(60, "ada", "talk")
    run_minutes(idle, 20)
    another, earlier = idle.another_switch(), idle.clock() - timedelta(minutes=3)
    idle.switch.note_request()
    last = idle.switch.history()[0].last_request

    another._starts.note_request(idle.switch.history()[0], earlier)
    assert (idle.switch.history()[0].last_request, idle.switch.history()[0].requests) == (last, 1)
    another._starts.note_request(idle.switch.history()[0], earlier, requests=1)
    assert (idle.switch.history()[0].last_request, idle.switch.history()[0].requests) == (last, 2)


def test_a_host_may_keep_it_on(idle):
    lease = idle.switch.start(60, "ada", "talk")
    idle.switch.let_idle(lease.id, False, "ada")

    assert run_minutes(idle, 59) == []
    assert idle.switch.state().idle_stop_at is None
    idle.switch.let_idle(lease.id, True, "ada")
    assert idle.switch.state().idle_stop_at == idle.clock() + timedelta(minutes=20)


def test_an_extension_is_a_sign_of_life(idle):
    lease = idle.switch.start(60, "ada", "talk")
    run_minutes(idle, 19)
    idle.switch.extend(lease.id, 30, "ada")

    assert run_minutes(idle, 19) == []
    assert run_minutes(idle, 1) == [Step.DELETED]


KEPT_ON = {
    "keeps it on": lambda switch, lease: switch.let_idle(lease.id, False, "ada"),
    "extends it": lambda switch, lease: switch.extend(lease.id, 15, "ada"),
    "starts another": lambda switch, lease: switch.start(30, "bob", "talk"),
}


@pytest.mark.parametrize("deed", KEPT_ON)
@pytest.mark.parametrize("when", ["while AWS counts", "before it ends"])
@pytest.mark.parametrize("touched", [False, True])
def test_who_wants_it_while_idleness_is_judged_keeps_it(idle, deed, when, touched):
    lease = idle.switch.start(60, "ada", "talk")
    if touched:
        idle.switch.let_idle(lease.id, True, "ada")
    run_minutes(idle, 24)
    slow, of = idle.another_switch(), {"while AWS counts": ("_usage", "last_invocation")}
    part, call = of.get(when, ("_leases", "end_untouched"))
    judge = getattr(slow._reconciler, part)
    done = getattr(judge, call)

    def late(*arguments):
        setattr(judge, call, done)
        idle.switch.leases_changed = lambda: None
        KEPT_ON[deed](idle.switch, lease)
        return done(*arguments)

    setattr(judge, call, late)
    idle.clock.pass_(minutes=1)

    assert slow.reconcile() is Step.NOTHING
    assert idle.switch.live_leases() != []


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
    world = world_with(most_minutes_a_day=60)
    world.schedule.plan(wish(lead=10), "ada")
    world.switch._limits = Limits()  # of a day that was longer
    world.switch.start(30, "bob", "talk")

    assert run_minutes(world, 84) == [Step.DELETED, Step.CREATED, Step.DELETED]
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


def test_a_demo_for_which_the_day_has_no_minutes_left_is_refused_in_words():
    world = world_with(most_minutes_a_day=120)
    world.schedule.plan(wish(date="2026-06-02", time="18:00", lead=15), "ada")

    with pytest.raises(DemoRefused, match=r"would make it 125 minutes on 2026-06-02 .*; 120 are"):
        world.schedule.plan(wish(date="2026-06-02", time="21:00", lead=20), "bob")
    world.schedule.plan(wish(date="2026-06-02", time="21:00", lead=15), "bob")
    with pytest.raises(DemoRefused, match="raise DEEP_HOP_MOST_MINUTES_A_DAY"):
        world.schedule.plan(wish(date="2026-06-02", time="09:00", minutes=1, lead=0), "bob")


def test_demos_that_overlap_share_their_minutes():
    world = world_with(most_minutes_a_day=60)
    world.schedule.plan(wish(date="2026-06-02", lead=15), "ada")

    world.schedule.plan(wish(date="2026-06-02", lead=15), "bob")


def test_a_weekly_demo_is_refused_for_the_week_that_is_full():
    world = world_with(most_minutes_a_day=100)
    world.schedule.plan(wish(date="2026-06-15", time="18:00", lead=15), "ada")

    with pytest.raises(DemoRefused, match="on 2026-06-15"):
        world.schedule.plan(wish(lead=0, repeat_until="2026-06-29"), "bob")
    world.schedule.plan(wish(date="2026-06-16", lead=0, repeat_until="2026-06-30"), "bob")


def test_what_has_run_and_is_leased_today_counts_for_todays_demo():
    world = world_with(most_minutes_a_day=90)
    lease = world.switch.start(30, "ada", "talk")
    run_minutes(world, 20)

    with pytest.raises(DemoRefused, match="would make it 95 minutes"):
        world.schedule.plan(wish(lead=20), "ada")
    world.switch.stop(lease.id, "ada")
    world.schedule.plan(wish(lead=20), "ada")


def test_a_demo_over_midnight_counts_on_both_days():
    world = world_with(most_minutes_a_day=40)

    world.schedule.plan(wish(time="23:30", minutes=60, lead=0), "ada")
    with pytest.raises(DemoRefused, match="on 2026-06-02"):
        world.schedule.plan(wish(date="2026-06-02", time="12:00", minutes=20, lead=0), "ada")


def test_a_change_that_does_not_fit_the_day_is_refused_and_one_of_words_is_not():
    world = world_with(most_minutes_a_day=60)
    demo = world.schedule.plan(wish(lead=10), "ada")

    with pytest.raises(DemoRefused, match="would make it 70 minutes"):
        world.schedule.change(demo.id, wish(minutes=60, lead=10), "ada")
    world.schedule.change(demo.id, wish(title="Poetry night", lead=10), "ada")
    world.schedule.change(demo.id, wish(minutes=50, lead=10), "ada")


def test_a_start_by_hand_takes_no_planned_demos_minutes():
    world = world_with(most_minutes_a_day=100)
    world.schedule.plan(wish(lead=15), "ada")

    with pytest.raises(LeaseRefused, match="'Rap night', .* 2026-06-01 .*: 40 minutes are free"):
        world.switch.start(90, "bob", "talk")
    lease = world.switch.start(40, "bob", "talk")
    with pytest.raises(LeaseRefused, match="too few minutes for 'Rap night'.*: 0 minutes are free"):
        world.switch.extend(lease.id, 60, "bob")
    world.switch.stop(lease.id, "bob")
    run_minutes(world, 46)
    world.switch.start(30, "bob", "beside the demo")


def test_a_stopped_demos_minutes_are_free_again():
    world = world_with(most_minutes_a_day=100)
    world.schedule.plan(wish(lead=15), "ada")
    run_minutes(world, 50)
    world.switch.stop(world.switch.live_leases()[0].id, "ada")
    run_minutes(world, 2)

    world.switch.start(90, "bob", "talk")


def test_a_demo_of_another_day_leaves_today_alone():
    world = world_with(most_minutes_a_day=100)
    world.schedule.plan(wish(date="2026-06-02", lead=15, minutes=80), "ada")

    world.switch.start(90, "bob", "talk")


def test_a_demo_for_which_the_month_has_no_money_left_is_refused_in_words():
    world = world_with(most_money_a_month=5.0)  # at 3.6 an hour: 83 minutes
    world.schedule.plan(wish(lead=0), "ada")

    with pytest.raises(DemoRefused, match=r"make it 5.40 USD in 2026-06 .*; 5.00 are allowed"):
        world.schedule.plan(wish(date="2026-06-20", lead=0), "bob")
    world.schedule.plan(wish(date="2026-07-01", lead=0), "bob")
    world.clock.now += timedelta(days=2)
    world.schedule.plan(wish(date="2026-06-20", lead=0), "bob")


def test_what_has_run_this_month_counts_for_a_demos_money():
    world = world_with(most_money_a_month=5.0)
    world.switch.start(60, "ada", "talk")
    run_minutes(world, 62)
    world.clock.now += timedelta(days=2)

    with pytest.raises(DemoRefused, match="DEEP_HOP_MOST_MONEY_A_MONTH"):
        world.schedule.plan(wish(date="2026-06-20", lead=0), "bob")
    world.schedule.plan(wish(date="2026-06-20", lead=0, minutes=20), "bob")
