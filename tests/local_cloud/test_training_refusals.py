"""What AWS refuses of training jobs, in its words, and what the local cloud does not do."""

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.local_cloud.training import job as request_of

SPOT = {"EnableManagedSpotTraining": True}
WAIT = (
    "ValidationException: Invalid MaxWaitTimeInSeconds. "
    "It must be present and be greater than or equal to MaxRuntimeInSeconds"
)
ON_DEMAND = "ValidationException: Invalid MaxWaitTimeInSeconds. It is only supported when Enable"


def refused(call, *arguments, **named):
    with pytest.raises(ClientError) as raised:
        call(*arguments, **named)
    error = raised.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def algorithm(**changes):
    return {"AlgorithmSpecification": request_of("x")["AlgorithmSpecification"] | changes}


def machines(**changes):
    return {"ResourceConfig": request_of("x")["ResourceConfig"] | changes}


def channels(s3=None, **changes):
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://training/x"} | (s3 or {})
    channel = {"ChannelName": "data", "DataSource": {"S3DataSource": source}}
    return {"InputDataConfig": [channel | changes]}


def metric(regex):
    return algorithm(MetricDefinitions=[{"Name": "loss", "Regex": regex}])


def stopping(**limits):
    return {"StoppingCondition": limits}


def test_a_name_is_taken_for_ever(job):
    arn = job.create(steps=1)["TrainingJobArn"]
    job.wait_for_end()

    assert refused(job.create, steps=1) == (
        "ResourceInUse: Training job names must be unique within an AWS account and region, and a "
        f"training job with this name already exists ({arn})"
    )


@pytest.mark.parametrize("operation", ["describe_training_job", "stop_training_job"])
def test_a_job_that_is_not_there_is_not_found(job, operation):
    told = refused(getattr(job.sagemaker, operation), TrainingJobName="nobody")

    assert told == "ValidationException: Requested resource not found."


@pytest.mark.parametrize(("wish", "status"), [({}, "Completed"), ({"fail_at": 1}, "Failed")])
def test_a_job_that_has_ended_is_not_stopped(job, wish, status):
    job.create(steps=1, failure="", **wish)
    job.wait_for_end()

    assert refused(job.stop) == (
        "ValidationException: The request was rejected because the training job is in status "
        f"{status}."
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"TrainingJobName": "no_name"}, "Value 'no_name' at 'trainingJobName' failed to satisfy"),
        (channels(ChannelName=".."), "Value '..' at 'inputDataConfig.channelName' failed"),
        (SPOT, WAIT),
        (SPOT | stopping(MaxRuntimeInSeconds=9, MaxWaitTimeInSeconds=8), WAIT),
        (stopping(MaxRuntimeInSeconds=8, MaxWaitTimeInSeconds=9), ON_DEMAND),
        (algorithm(TrainingImage="nobody/knows:1"), "Cannot find repository: nobody/knows:1"),
        (machines(InstanceCount=2), "The local cloud has one machine"),
        ({"RetryStrategy": {"MaximumRetryAttempts": 3}}, "does not retry failed jobs"),
        (
            algorithm(ContainerArguments=["x"]),
            "leave AlgorithmSpecification.ContainerArguments out",
        ),
        (algorithm(TrainingInputMode="Pipe"), "TrainingInputMode must be File"),
        (channels(InputMode="FastFile"), "TrainingInputMode must be File"),
        (channels(CompressionType="Gzip"), "CompressionType must be None"),
        (channels(s3={"S3DataType": "ManifestFile"}), "channel data must have an S3DataSource"),
        (channels(s3={"S3Uri": "https://s3/training/x"}), "with s3:// before its bucket"),
        ({"OutputDataConfig": {"S3OutputPath": "https://s3/x"}}, "mend OutputDataConfig"),
        (
            {"CheckpointConfig": {"S3Uri": "s3://training/x", "LocalPath": "/tmp/x"}},
            "LocalPath is /opt/ml/checkpoints",
        ),
        (metric("loss=([0-9"), "The Regex of metric loss is none"),
        (metric("loss=[0-9]"), "needs a group for the value"),
    ],
)
def test_a_job_that_cannot_be_is_refused(job, changes, message):
    assert message in refused(job.create, changes)
    assert "Requested resource not found." in refused(job.describe)


def test_boto3_itself_refuses_hyperparameters_that_are_no_text(job):
    with pytest.raises(ParamValidationError, match="HyperParameters.steps"):
        job.create({"HyperParameters": {"steps": 3}})


@pytest.mark.parametrize("operation", ["update_training_job", "delete_training_job"])
def test_what_the_local_cloud_does_not_do_is_said(job, operation):
    told = refused(getattr(job.sagemaker, operation), TrainingJobName=job.name)

    assert "only create, describe, list, stop." in told


def test_a_token_that_is_none_is_refused(job):
    assert "Invalid NextToken" in refused(job.sagemaker.list_training_jobs, NextToken="x")
