"""An endpoint lives as on AWS: the statuses, what is refused, and why a start fails."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.local_cloud.cloud import until


def refused(call, *arguments, **named):
    with pytest.raises(ClientError) as raised:
        call(*arguments, **named)
    error = raised.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_an_endpoint_is_created_serves_and_is_deleted(shared, name):
    shared.deploy(name)

    shared.create(name)
    serving = shared.wait_for("InService", name)
    told = json.loads(shared.invoke(name, hello=1))
    shared.client("sagemaker").delete_endpoint(EndpointName=name)
    last = shared.describe(name)

    assert serving["LastModifiedTime"] > serving["CreationTime"]
    assert told["files"] == ["base/weights", "run.json"]
    assert last is None or last["EndpointStatus"] == "Deleting"
    until(lambda: shared.describe(name) is None)
    assert not list((shared.data / "instances").glob(f"{name}-*"))


def test_an_endpoint_that_exists_is_not_made_again(shared, name):
    shared.serve(name)

    told = refused(shared.create, name)

    assert told.startswith("ValidationException: Cannot create already existing endpoint")
    shared.gone(name)


def test_an_endpoint_without_its_configuration_is_refused(shared, name):
    assert "Could not find endpoint configuration" in refused(shared.create, name)


def test_a_deletion_is_refused_while_the_endpoint_is_created(shared, name):
    shared.deploy(name, KIND="silent")
    shared.create(name)

    told = refused(shared.client("sagemaker").delete_endpoint, EndpointName=name)

    assert shared.describe(name)["EndpointStatus"] == "Creating"
    assert told.startswith("ValidationException: Cannot update in-progress endpoint")


@pytest.mark.parametrize("operation", ["delete_endpoint", "describe_endpoint"])
def test_an_endpoint_that_is_not_there_is_not_found(shared, name, operation):
    told = refused(getattr(shared.client("sagemaker"), operation), EndpointName=name)

    assert told.startswith("ValidationException: Could not find endpoint")


def test_an_endpoint_that_is_being_deleted_is_not_deleted_again(shared, name):
    shared.serve(name, KIND="slow")
    sagemaker = shared.client("sagemaker")
    sagemaker.delete_endpoint(EndpointName=name)

    assert shared.describe(name)["EndpointStatus"] == "Deleting"
    assert "Could not find endpoint" in refused(sagemaker.delete_endpoint, EndpointName=name)


@pytest.mark.parametrize(
    ("deployed", "reason"),
    [
        ({"data": False}, "Failed to download model data"),
        ({"image": "unknown:1"}, "image unknown:1 does not exist"),
    ],
)
def test_a_start_that_cannot_succeed_says_why(shared, name, deployed, reason):
    shared.deploy(name, **deployed)
    shared.create(name)

    assert reason in shared.wait_for("Failed", name)["FailureReason"]
    shared.gone(name)


def test_a_container_that_ends_while_starting_is_started_again(shared, name):
    shared.deploy(name, KIND="ends")
    before = _starts(shared)

    shared.create(name)

    until(lambda: _starts(shared) >= before + 2, 15, "a second start")
    assert shared.describe(name)["EndpointStatus"] == "Creating"


def _starts(cloud):
    return cloud.notes.read_text().count("started") if cloud.notes.exists() else 0


def test_the_containers_words_are_in_its_log_group(shared, name):
    shared.serve(name)

    events = shared.client("logs").filter_log_events(
        logGroupName=f"/aws/sagemaker/Endpoints/{name}", startTime=0
    )["events"]

    assert events[0]["message"] == "phase=loading"
    assert "phase=loading" in (shared.data / "logs" / f"{name}.log").read_text()
    shared.gone(name)


def test_a_container_that_dies_is_started_again_while_the_endpoint_stays(shared, name):
    shared.serve(name)
    first = json.loads(shared.invoke(name))["pid"]

    with pytest.raises(ClientError):
        shared.invoke(name, do="die")

    second = until(lambda: _pid(shared, name), 20, "the container is back")
    assert second != first
    assert shared.describe(name)["EndpointStatus"] == "InService"
    shared.gone(name)


def _pid(cloud, name):
    try:
        return json.loads(cloud.invoke(name))["pid"]
    except ClientError as error:
        assert error.response["OriginalStatusCode"] == 503
        return None
