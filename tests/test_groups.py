"""Tests that share what a machine has once, as a running model, stay in one worker."""

import pytest


@pytest.mark.xdist_group("shared")
def test_groups_are_known_to_what_shares_tests_out_among_workers(request):
    if not hasattr(request.config, "workerinput"):
        pytest.skip("There are no workers.")

    assert request.node.nodeid.endswith("@shared")
