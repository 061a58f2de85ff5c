"""What AWS says of an endpoint, in our words."""

import pytest

from webapp.endpoint import Status
from webapp.failure import explain


@pytest.mark.parametrize(
    ("spelled", "status"),
    [
        ("InService", Status.IN_SERVICE),
        ("IN_SERVICE", Status.IN_SERVICE),
        ("Creating", Status.CREATING),
        ("CREATING", Status.CREATING),
        ("Deleting", Status.DELETING),
        ("Failed", Status.FAILED),
        ("OutOfService", Status.FAILED),
        ("UpdateRollbackFailed", Status.FAILED),
        ("UPDATE_ROLLBACK_FAILED", Status.FAILED),
        ("SystemUpdating", Status.BUSY),
        ("RollingBack", Status.BUSY),
    ],
)
def test_both_of_aws_spellings_mean_the_same(spelled, status):
    assert Status.read(spelled) is status


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("Unable to provision requested ML compute capacity", "no such machine free"),
        ("ResourceLimitExceeded: limit is 0", "quota"),
        ("Failed to download model data from s3://x", "could not be downloaded"),
        ("CannotStartContainerError", "container could not be started"),
        ("Something nobody has seen", "Something nobody has seen"),
    ],
)
def test_failures_are_told_in_plain_words_with_a_remedy(failure, words):
    assert words in explain(failure).reason
    assert explain(failure).remedy.endswith(".")
