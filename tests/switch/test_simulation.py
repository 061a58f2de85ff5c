"""The switch in a cloud that fails: nothing leaks, and demos are ready when the cloud allows it."""

import json
import random
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from scripts.simulate_switch import main
from scripts.simulated_cloud import CALM, STORM, Faults, SimulatedTable
from scripts.simulated_world import CLOCK_ERROR, MINUTE, SimulatedWorld
from scripts.simulated_year import Year
from scripts.taking_turns import TakingTurns
from tests.switch.wishes import wish
from webapp.demo_store import DemoChanged, DemoStore
from webapp.demos import Demo
from webapp.leases import LeaseMoved, LeaseNotFound, LeaseStore, new_lease
from webapp.starts import StartRecord, StartStore


def test_a_year_of_faults_leaks_nothing_and_keeps_nobody_waiting():
    report = Year(60, seed=5).run()

    assert (report.demos, report.leaked_minutes, report.late) == (60, 0, 0)
    assert report.ready_on_time + report.excused == 60
    assert report.ready_on_time > 50
    assert report.longest_minutes <= report.bound_minutes
    assert report.faults.keys() >= {
        "answer lost", "clock jumped", "crash", "read late", "request lost", "rule missed",
        "throttled",
    }  # fmt: skip


def test_the_same_seed_gives_the_same_year():
    assert Year(8, seed=3).run() == Year(8, seed=3).run()
    assert Year(8, seed=3).run() != Year(8, seed=4).run()


def test_a_switch_that_cannot_delete_is_found_out():
    year = Year(4, seed=1)
    year._world.sagemaker.delete_endpoint = lambda EndpointName: None
    year._busy = lambda: year._next_lease() - year._world.time.now < timedelta(minutes=10)

    report = year.run()

    assert report.leaked_minutes > 0
    assert report.longest_minutes > report.bound_minutes


def test_a_switch_that_asks_too_late_is_found_out():
    year = Year(12, seed=1)
    reconcile = year._world._reconcile
    year._world._reconcile = lambda: bool(year._world.time.now.minute % 30) or reconcile()

    assert year.run().late > 0


def test_the_command_tells_the_figures(capsys):
    main(["--demos", "3", "--seed", "2", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert told["demos"] == 3
    assert told.keys() >= {
        "demos", "faults", "leaked_minutes", "bound_minutes", "ready_on_time", "late", "steps",
    }  # fmt: skip


def test_a_year_without_demos_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["--demos", "0"])

    assert "must be 1 or more" in capsys.readouterr().err


def test_work_takes_turns_the_same_way_for_the_same_seed():
    def order(seed):
        told, turns = [], TakingTurns(random.Random(seed))

        def work(name):
            for step in range(5):
                told.append(f"{name}{step}")
                turns.gate()

        turns.run([lambda: work("a"), lambda: work("b")])
        return told

    assert order(1) == order(1)
    assert len({tuple(order(seed)) for seed in range(20)}) > 10
    assert [each for each in order(1) if each[0] == "a"] == ["a0", "a1", "a2", "a3", "a4"]


@pytest.fixture(params=["simulated", "moto"])
def table(request, tables):
    """Each store's table, as moto has it and as the simulation has it."""
    if request.param == "moto":
        return lambda name: tables[name]
    return lambda name: SimulatedTable(Faults(random.Random(0)), lambda: None)


def test_both_tables_keep_the_conditions_of_leases(table, world):
    store, now = LeaseStore(table("leases")), world.clock()
    lease = store.add(new_lease(now, 30, "ada", "talk"))
    store.add_once(lease)
    store.add_once(new_lease(now, 60, "bob", "talk"))
    later = now + timedelta(minutes=40)

    assert [each.who for each in store.live(now)] == ["ada", "bob"]
    longer = store.prolong(lease, later, now)
    assert store.find(lease.id).until == longer.until == later
    with pytest.raises(LeaseMoved):
        store.prolong(lease, later + MINUTE, now)
    store.end(lease, now, "first")
    store.end(lease, now, "second")
    assert store.find(lease.id).end_reason == "first"
    with pytest.raises(LeaseMoved):
        store.prolong(longer, later + MINUTE, now)
    with pytest.raises(LeaseNotFound):
        store.let_idle(lease, True, now)


def test_both_tables_keep_the_conditions_of_starts(table, world):
    store, now = StartStore(table("starts")), world.clock()
    record = StartRecord("1", now, "ada", "talk", "config")
    store.open(record)
    store.open(StartRecord("1", now, "bob", "talk", "config"))
    store.note(record, "ready", now)
    store.note(record, "ready", now + MINUTE)
    store.note(record, "failure", "one")
    store.note(record, "failure", "two")
    store.note(StartRecord("2", now, "eve", "", ""), "ready", now)
    for when, requests in [(now, 1), (now - MINUTE, 0), (now - MINUTE, 1)]:
        store.note_request(record, when, requests)

    (found,) = store.newest()
    assert (found.who, found.ready, found.failure) == ("ada", now, "one")
    assert (found.last_request, found.requests) == (now, 2)


def test_both_tables_keep_the_conditions_of_demos(table, world):
    store = DemoStore(table("demos"))
    demo = Demo("x", "Rap night", "UTC", world.clock().date(), world.clock().time(), 30, "ada")
    store.add(demo)
    store.add(demo)

    assert store.change(demo).revision == 2
    with pytest.raises(DemoChanged):
        store.change(demo)
    store.remove("x")
    store.remove("x")
    assert store.all() == []


def test_a_table_refuses_a_condition_that_it_does_not_know():
    table = SimulatedTable(Faults(random.Random(0)), lambda: None)

    with pytest.raises(KeyError):
        table.put_item(Item={"id": "x"}, ConditionExpression="size(id) > :n")


def test_a_lost_answer_has_changed_the_table_and_a_lost_request_has_not():
    faults = Faults(random.Random(0))
    table = SimulatedTable(faults, lambda: None)
    faults.rates = STORM

    outcomes = set()
    for number in range(300):
        before = dict(faults.count)
        try:
            table.put_item(Item={"id": str(number)})
        except BaseException:
            (fault,) = [name for name, n in faults.count.items() if n != before.get(name, 0)]
            outcomes.add((fault, str(number) in table.items))
    assert outcomes == {
        ("answer lost", True), ("request lost", False), ("throttled", False), ("crash", True),
        ("crash", False),
    }  # fmt: skip


class SwitchMachine(RuleBasedStateMachine):
    """Hosts, faults, two reconcilers and a wrong clock, in whatever order hypothesis thinks of."""

    def __init__(self):
        super().__init__()
        self.world = SimulatedWorld(seed=7)
        self.world.time.pass_(minutes=1)

    @rule(stormy=st.booleans(), late=st.sampled_from([0.0, 0.5]))
    def weather(self, stormy, late):
        self.world.faults.rates = STORM if stormy else CALM
        self.world.sagemaker.late = late

    @rule(error=st.floats(-1, 1))
    def wrong_clock(self, error):
        self.world.time.error = CLOCK_ERROR * error

    @rule(takes=st.integers(1, 20), fails=st.booleans())
    def machine(self, takes, fails):
        failure = "InsufficientInstanceCapacity" if fails else ""
        self.world.sagemaker.starts_take = lambda: takes * MINUTE
        self.world.sagemaker.fails_with = lambda: failure

    @rule(away=st.integers(3, 90), minutes=st.integers(1, 60), lead=st.integers(0, 60))
    def plan(self, away, minutes, lead):
        starts = self.world.time.now + away * MINUTE
        when = {"date": f"{starts:%Y-%m-%d}", "time": f"{starts:%H:%M}"}
        self.world.try_(
            lambda: self.world.schedule().plan(wish(minutes=minutes, lead=lead, **when), "host")
        )

    @rule(minutes=st.integers(1, 60))
    def start(self, minutes):
        self.world.try_(lambda: self.world.switch().start(minutes, "host", "talk"))

    @precondition(lambda self: self.world.leases(self.world.time.now))
    @rule(extend=st.booleans())
    def touch_a_lease(self, extend):
        lease, switch = self.world.leases(self.world.time.now)[0], self.world.switch()
        self.world.try_(
            lambda: switch.extend(lease.id, 15, "ada") if extend else switch.stop(lease.id, "ada")
        )

    @precondition(lambda self: self.world.planned())
    @rule(cancel=st.booleans(), minutes=st.integers(1, 60))
    def touch_a_demo(self, cancel, minutes):
        demo, schedule = self.world.planned()[0], self.world.schedule()
        changed = wish(date=f"{demo.day}", time=f"{demo.at:%H:%M}", minutes=minutes)
        self.world.try_(
            lambda: (
                schedule.cancel(demo.id, "ada")
                if cancel
                else schedule.change(demo.id, changed, "ada")
            )
        )

    @rule(minutes=st.integers(1, 30), at_once=st.sampled_from([1, 1, 2, 3]))
    def time_passes(self, minutes, at_once):
        for _ in range(minutes):
            self.world.time.pass_(seconds=60 - self.world.time.now.second)
            self.world.run_rule(at_once)

    @invariant()
    def nothing_leaks(self):
        assert self.world.meter.leaked == timedelta()

    def teardown(self):
        """Once nobody wants it any more and the cloud is calm, it is soon gone."""
        world = self.world
        world.faults.rates, world.sagemaker.late, world.time.error = CALM, 0.0, timedelta()
        world.sagemaker.fails_with = str
        world.time.pass_(minutes=5)  # what was asked for by a clock that is ahead begins, too
        for _ in range(300):
            if not world.leases(world.time.now) and not world.planned():
                break
            for demo in world.planned():
                world.try_(lambda d=demo: world.schedule().cancel(d.id, "ada"))
            world.time.pass_(minutes=1)
            world.run_rule()
        for _ in range(40):
            world.time.pass_(minutes=1)
            world.run_rule()
        assert world.sagemaker.status() is None
        assert world.meter.leaked == timedelta()


SwitchMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, print_blob=True
)
TestTheSwitchUnderAnything = SwitchMachine.TestCase
