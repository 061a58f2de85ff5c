"""The switch: no lease, no GPU; a lease, and the endpoint comes and goes by itself."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.switch.fakes import CrashAfter, refusal
from webapp.leases import LeaseMoved, LeaseNotFound, new_lease
from webapp.reconciler import Step
from webapp.state import State
from webapp.switch import LeaseRefused


def run_minutes(world, minutes):
    """Let the minute rule fire for some minutes; collect what it did."""
    steps = []
    for _ in range(minutes):
        world.clock.pass_(minutes=1)
        steps.append(world.switch.reconcile())
    return [step for step in steps if step is not Step.NOTHING]


def test_without_a_lease_nothing_is_started(world):
    assert run_minutes(world, 3) == []
    assert world.switch.state().state is State.OFF
    assert world.switch.state().cost.so_far == 0


def test_a_start_goes_through_its_phases_to_ready(world):
    world.switch.start(30, "ada", "talk")
    phases = [(world.switch.state().state, world.switch.state().phase)]
    world.clock.pass_(minutes=2)
    world.logs.speaks_at = world.clock()
    phases.append((world.switch.state().state, world.switch.state().phase))
    world.clock.pass_(minutes=3)
    phases.append((world.switch.state().state, world.switch.state().phase))

    assert phases == [("starting", "machine"), ("starting", "loading"), ("ready", None)]


def test_seconds_are_told_of_the_start_and_of_its_phase(world):
    world.switch.start(30, "ada", "talk")
    world.clock.pass_(seconds=90)
    machine = world.switch.state()
    world.logs.speaks_at = world.clock()
    world.clock.pass_(seconds=40)
    loading = world.switch.state()

    assert (machine.seconds, machine.phase_seconds) == (90, 90)
    assert (loading.seconds, loading.phase_seconds) == (130, 40)
    assert loading.to_json()["phase_seconds"] == 40


def test_when_the_lease_ends_nobody_does_anything_and_the_endpoint_is_gone(world):
    world.switch.start(10, "ada", "talk")

    assert run_minutes(world, 9) == []
    assert run_minutes(world, 2) == [Step.DELETED]
    world.clock.pass_(minutes=1)
    world.switch.reconcile()

    assert world.switch.state().state is State.OFF
    assert world.sagemaker.calls == ["create", "delete"]


def test_a_lease_that_ends_while_the_endpoint_is_created_ends_in_nothing_running(world):
    world.switch.start(2, "ada", "oops")

    run_minutes(world, 3)
    assert world.switch.state().state is State.STOPPING
    assert world.sagemaker.calls == ["create"]

    assert run_minutes(world, 4) == [Step.DELETED]
    assert world.switch.state().state is State.OFF


def test_stopping_while_the_endpoint_is_created_waits_until_aws_allows_it(world):
    lease = world.switch.start(30, "ada", "talk")
    world.clock.pass_(minutes=1)
    world.switch.stop(lease.id, "ada")

    assert world.switch.state().state is State.STOPPING
    assert run_minutes(world, 6) == [Step.DELETED]


def test_overlapping_leases_keep_the_endpoint_until_the_last_ends(world):
    first = world.switch.start(10, "ada", "talk")
    world.clock.pass_(minutes=6)
    world.switch.start(30, "bob", "talk")
    world.switch.stop(first.id, "ada")
    assert run_minutes(world, 25) == []
    assert world.switch.state().state is State.READY

    assert run_minutes(world, 10) == [Step.DELETED]
    assert world.sagemaker.calls == ["create", "delete"]


def test_two_hosts_who_press_start_at_once_get_one_endpoint(world):
    with ThreadPoolExecutor(8) as pool:
        hosts = [f"host {i}" for i in range(8)]
        leases = list(pool.map(lambda who: world.another_switch().start(30, who, ""), hosts))

    assert len({lease.id for lease in leases}) == 8
    assert world.sagemaker.calls == ["create"]
    assert len(world.switch.history()) == 1


def test_a_start_while_the_old_endpoint_is_still_being_deleted_comes_after_it(world):
    lease = world.switch.start(30, "ada", "talk")
    world.clock.pass_(minutes=6)
    world.switch.stop(lease.id, "ada")
    world.switch.start(30, "ada", "again")
    assert world.switch.state().state is State.STOPPING

    assert run_minutes(world, 1) == [Step.CREATED]
    assert world.switch.state().state is State.STARTING


def test_a_failed_start_is_told_in_plain_words_deleted_and_not_repeated(world):
    world.sagemaker.fails_with = "The primary container did not pass the ping health check."
    world.switch.start(60, "ada", "talk")

    assert run_minutes(world, 30) == [Step.DELETED]
    state = world.switch.state()
    assert state.state is State.FAILED
    assert state.reason == "The container started, but the model did not answer in time."
    assert "log" in state.remedy
    assert world.switch.live_leases() == []
    assert world.sagemaker.calls == ["create", "delete"]

    world.clock.pass_(hours=2)
    assert world.switch.state().state is State.OFF


def test_a_quota_of_zero_ends_the_lease_and_says_what_to_do(world):
    world.sagemaker.refuses_with = [
        refusal("CreateEndpoint", "The account-level limit is 0.", "ResourceLimitExceeded")
    ]
    world.switch.start(60, "ada", "talk")

    assert world.switch.state().state is State.FAILED
    assert "Service Quotas" in world.switch.state().remedy
    assert run_minutes(world, 5) == []


def test_a_start_without_any_deployed_model_says_so(world, tables):
    tables["releases"].delete_item(Key={"id": "current"})
    world.switch.start(60, "ada", "talk")

    assert world.switch.state().reason == "No model has been deployed yet."


def test_a_configuration_that_aws_does_not_see_yet_is_asked_for_again(world):
    world.sagemaker.refuses_with = [
        refusal("CreateEndpoint", "Could not find endpoint configuration.")
    ]
    world.switch.start(60, "ada", "talk")
    assert world.switch.state().phase == "requested"

    assert run_minutes(world, 1) == [Step.CREATED]


def test_a_refusal_that_lasts_ends_the_lease(world):
    late = refusal("CreateEndpoint", "Could not find endpoint configuration.")
    world.sagemaker.refuses_with = [late] * 9
    world.switch.start(60, "ada", "talk")

    assert run_minutes(world, 5) == [Step.REFUSED, Step.REFUSED]
    assert world.switch.state().state is State.FAILED


@pytest.mark.parametrize("calls_before_the_crash", range(24))
def test_a_crash_between_any_two_calls_ends_in_the_same_place(world, calls_before_the_crash):
    crash = CrashAfter(calls_before_the_crash)
    with contextlib.suppress(CrashAfter.Crash):
        world.another_switch(crash.wrap).start(10, "ada", "talk")
    run_minutes(world, 7)
    had_a_lease = bool(world.switch.live_leases())
    assert world.switch.state().state is (State.READY if had_a_lease else State.OFF)
    world.clock.pass_(minutes=9)
    crash = CrashAfter(calls_before_the_crash)
    with contextlib.suppress(CrashAfter.Crash):
        world.another_switch(crash.wrap).reconcile()

    run_minutes(world, 3)

    assert world.switch.state().state is State.OFF
    assert world.sagemaker.calls == (["create", "delete"] if had_a_lease else [])
    assert [record.ended is not None for record in world.switch.history()] == [True] * had_a_lease


@pytest.mark.parametrize("minutes", [0, -1, 121, 10**9, 2.5, "30", None, True])
def test_minutes_out_of_bounds_are_refused_by_name(world, minutes):
    with pytest.raises(LeaseRefused) as refused:
        world.switch.start(minutes, "ada", "talk")

    assert [p.field for p in refused.value.problems] == ["minutes"]
    assert "1 to 120" in str(refused.value)
    assert world.switch.live_leases() == []


def test_a_lease_can_be_extended_up_to_the_longest_time(world):
    lease = world.switch.start(30, "ada", "talk")

    longer = world.switch.extend(lease.id, 15, "ada")
    assert longer.until - lease.until == timedelta(minutes=15)
    assert world.switch.state().until == longer.until
    with pytest.raises(LeaseRefused, match="1 to 75"):
        world.switch.extend(lease.id, 76, "ada")


def test_the_longest_time_counts_from_the_start_of_a_lease(world):
    lease = world.switch.start(100, "ada", "talk")
    world.clock.pass_(minutes=90)

    with pytest.raises(LeaseRefused, match="1 to 20"):
        world.switch.extend(lease.id, 21, "ada")
    world.switch.extend(lease.id, 20, "ada")
    with pytest.raises(LeaseRefused, match="longest time of a start is reached"):
        world.switch.extend(lease.id, 1, "ada")


def test_hosts_who_extend_at_once_all_get_their_minutes(world):
    lease = world.switch.start(30, "ada", "talk")
    hosts = {name: world.another_switch() for name in ("ada", "bob", "eve")}

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda name: hosts[name].extend(lease.id, 15, name), hosts))

    assert world.switch.live_leases()[0].until - lease.until == timedelta(minutes=45)


def test_an_extension_that_others_overtake_keeps_to_the_limit(world):
    lease = world.switch.start(100, "ada", "talk")
    prolong, slow = world.leases.prolong, world.another_switch()

    def overtaken(*arguments):
        world.switch.extend(lease.id, 15, "bob")
        slow._leases.prolong = prolong
        return prolong(*arguments)

    slow._leases.prolong = overtaken
    with pytest.raises(LeaseRefused, match="1 to 5"):
        slow.extend(lease.id, 15, "ada")
    assert world.switch.live_leases()[0].until - lease.until == timedelta(minutes=15)


def test_a_lease_that_never_stops_moving_is_told(world):
    lease = world.switch.start(30, "ada", "talk")
    other = world.another_switch()

    def overtaken(*_):
        raise LeaseMoved(lease.id)

    other._leases.prolong = overtaken
    with pytest.raises(LeaseRefused, match="others change this lease"):
        other.extend(lease.id, 15, "ada")


def test_a_lease_that_has_ended_can_be_neither_extended_nor_stopped(world):
    lease = world.switch.start(10, "ada", "talk")
    world.clock.pass_(minutes=11)

    with pytest.raises(LeaseNotFound):
        world.switch.extend(lease.id, 15, "ada")
    with pytest.raises(LeaseNotFound):
        world.switch.stop(lease.id, "ada")
    with pytest.raises(LeaseNotFound):
        world.switch.stop("never given", "ada")


def test_cost_counts_from_the_creation_to_now_and_to_the_last_end(world):
    world.switch.start(60, "ada", "talk")
    world.clock.pass_(minutes=20)

    cost = world.switch.state().cost

    assert (cost.so_far, cost.projected, cost.currency) == (1.2, 3.6, "USD")


def test_history_remembers_who_when_and_how_long_and_tells_the_usual_time(world):
    for minutes in (4, 5, 9):
        world.sagemaker.creating_for = timedelta(minutes=minutes)
        world.switch.start(20, "ada", f"talk {minutes}")
        run_minutes(world, 25)

    history = world.switch.history()
    assert [record.why for record in history] == ["talk 9", "talk 5", "talk 4"]
    assert [(r.ready - r.asked).seconds for r in history] == [540, 300, 240]
    assert all(record.ended for record in history)
    world.switch.start(20, "ada", "next")
    assert world.switch.state().usual_seconds == 300
    usual = world.switch.state().to_json()["usual_range"]
    assert usual == {"least": 240, "most": 540, "starts": 3}


def test_the_state_is_asked_of_aws_once_a_second_however_many_watch(world):
    first = world.switch.state()
    assert all(world.switch.state() is first for _ in range(500))
    world.clock.pass_(seconds=1)
    assert world.switch.state() is not first


def test_a_machine_that_aws_does_not_have_is_asked_for_again(world):
    world.sagemaker.fails_with = "Unable to provision requested ML compute capacity."
    world.switch.start(60, "ada", "talk")
    assert run_minutes(world, 6) == [Step.DELETED, Step.CREATED]
    world.sagemaker.fails_with = ""

    run_minutes(world, 6)

    assert world.switch.state().state is State.READY
    assert [record.failure != "" for record in world.switch.history()] == [False, True]


def test_between_two_tries_the_reason_is_told(world):
    world.sagemaker.fails_with = "Unable to provision requested ML compute capacity."
    world.switch.start(60, "ada", "talk")
    run_minutes(world, 5)
    world.clock.pass_(seconds=40)

    told = world.switch.state()

    assert (told.state, told.phase) == (State.STARTING, "requested")
    assert "no such machine free" in told.reason
    assert "again and again" in told.remedy


def test_a_throttled_start_is_asked_for_as_long_as_it_is_wanted(world):
    slow = refusal("CreateEndpoint", "Rate exceeded", "ThrottlingException")
    world.sagemaker.refuses_with = [slow] * 9
    world.switch.start(60, "ada", "talk")

    assert run_minutes(world, 9)[-1] is Step.CREATED


def test_a_quota_that_the_last_machine_still_uses_is_waited_for(world):
    lease = world.switch.start(60, "ada", "talk")
    run_minutes(world, 6)
    world.switch.stop(lease.id, "ada")
    run_minutes(world, 2)
    full = refusal("CreateEndpoint", "The account-level limit is 1.", "ResourceLimitExceeded")
    world.sagemaker.refuses_with = [full] * 3

    world.switch.start(60, "bob", "talk")

    assert run_minutes(world, 3)[-1] is Step.CREATED


def test_the_last_moments_of_a_lease_bring_no_machine_back(world):
    lease = world.switch.start(20, "ada", "talk")
    run_minutes(world, 18)
    world.sagemaker.delete_endpoint("hop")

    assert run_minutes(world, 2) == []
    assert lease.until == world.clock()


def test_a_lease_that_is_taken_while_the_rule_runs_keeps_the_endpoint(world):
    world.switch.start(10, "ada", "talk")
    run_minutes(world, 9)
    world.clock.pass_(minutes=1, seconds=1)
    describe = world.sagemaker.describe_endpoint

    def slow(EndpointName):
        told = describe(EndpointName)
        if not world.leases.live(world.clock()):
            world.clock.pass_(seconds=2)
            world.leases.add(new_lease(world.clock(), 30, "bob", "talk"))
        return told

    world.sagemaker.describe_endpoint = slow

    assert world.switch.reconcile() is Step.NOTHING
    assert world.sagemaker.calls == ["create"]


def test_a_change_stands_although_aws_is_busy_at_the_moment(world):
    def busy(EndpointName):
        raise refusal("DescribeEndpoint", "Rate exceeded", "ThrottlingException")

    describe, world.sagemaker.describe_endpoint = world.sagemaker.describe_endpoint, busy
    lease = world.switch.start(10, "ada", "talk")
    world.sagemaker.describe_endpoint = describe

    assert [each.id for each in world.switch.live_leases()] == [lease.id]
    assert run_minutes(world, 1) == [Step.CREATED]


def test_that_aws_is_out_of_reach_is_found_out_once_for_all_who_ask(world):
    tries = []

    def busy(EndpointName):
        tries.append(EndpointName)
        raise refusal("DescribeEndpoint", "Rate exceeded", "ThrottlingException")

    describe, world.sagemaker.describe_endpoint = world.sagemaker.describe_endpoint, busy
    for _ in range(3):
        with pytest.raises(ClientError):
            world.switch.state()

    assert tries == ["hop"]
    world.sagemaker.describe_endpoint = describe
    world.clock.pass_(seconds=1)
    assert world.switch.state().state is State.OFF


def test_a_start_that_is_refused_at_once_comes_back_ended(world):
    full = refusal("CreateEndpoint", "The account-level limit is 0.", "ResourceLimitExceeded")
    world.sagemaker.refuses_with = [full, full]

    assert world.switch.start(10, "ada", "talk").end_reason == "the start was refused"
    world.clock.pass_(minutes=1)
    assert world.switch.start(10, "ada", "again").end_reason == "the start was refused"


def test_a_late_look_does_not_end_the_record_of_what_has_just_begun(world):
    world.switch.start(30, "ada", "talk")
    created, world.sagemaker.created = world.sagemaker.created, None
    world.clock.pass_(seconds=20)
    world.sagemaker.refuses_with = [refusal("CreateEndpoint", "Rate exceeded", "Throttling")]
    world.switch.reconcile()
    world.sagemaker.created = created

    run_minutes(world, 6)

    (record,) = world.switch.history()
    assert (record.ended, record.ready is not None) == (None, True)
