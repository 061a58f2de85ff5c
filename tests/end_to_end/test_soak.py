from tests.soak import soak


def test_two_rounds_leak_nothing_and_tell_no_wrong_state(demo):
    assert soak(demo, rounds=2) == []
