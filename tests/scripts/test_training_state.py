"""What is told of a job: times, cost, and remedies for its failures."""

from datetime import timedelta

import pytest

from scripts.training_failure import remedy_for
from tests.scripts.training_states import NOW, state


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, {"seconds": None, "saved_by_spot": None}),
        ({"TrainingStartTime": NOW - timedelta(hours=1)}, {"seconds": 3600}),
        ({"BillableTimeInSeconds": 100, "TrainingTimeInSeconds": 400}, {"saved_by_spot": None}),
        (
            {
                "EnableManagedSpotTraining": True,
                "TrainingJobStatus": "Completed",
                "BillableTimeInSeconds": 100,
                "TrainingTimeInSeconds": 400,
            },
            {"saved_by_spot": 0.75, "billable_seconds": 100},
        ),
    ],
)
def test_times_and_what_spot_saved_are_told(facts, told):
    shown = state(**facts).to_json()

    assert {name: shown[name] for name in told} == told


@pytest.mark.parametrize(
    ("instance", "price", "cost"),
    [
        ("ml.g4dn.xlarge", {}, (1.472, 1.472)),
        ("ml.g5.xlarge", {}, None),
        ("ml.g5.xlarge", {"price_per_hour": "2.5"}, (2.5, 2.5)),
    ],
)
def test_the_cost_is_by_the_price_of_the_job_or_by_ours_for_our_machine(instance, price, cost):
    machines = {"InstanceType": instance, "InstanceCount": 2}

    told = state(ResourceConfig=machines, HyperParameters=price, TrainingTimeInSeconds=3600).cost

    assert (told and (told.per_hour, told.so_far)) == cost


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("ResourceLimitExceeded: The account-level service limit ...", "Service Quotas"),
        ("CapacityError: Unable to provision requested ML compute capacity.", "another --instance"),
        ("ClientError: Data download failed: No S3 objects found", "Start it again"),
        ("AlgorithmError: , exit code: 137", "Lower row_tokens"),
        ("CannotStartContainerError", "python -m training_job"),
        ("AlgorithmError: The NVIDIA driver on your system is too old", "older CUDA"),
        ("InternalServerError: We encountered an internal error.", "its checkpoints are kept"),
        ("AlgorithmError: The data has no lesson. Prepare it again., exit code: 1", ""),
    ],
)
def test_reasons_of_sagemaker_have_remedies_and_our_own_bring_theirs(reason, remedy):
    told = remedy_for(reason)

    assert remedy in told and bool(told) == bool(remedy)
