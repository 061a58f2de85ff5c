"""The second way to start a job: SageMaker's own SDK. The only module that imports it.

It is 1 GB and 134 packages, of which some want older versions than ours, so it has an environment
of its own: see requirements-sdk.txt. What it sends differs from training_job.launch in nothing but
what DIFFERENCES lists.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from training_job.launch import Launch, training_job_request

DIFFERENCES = {
    "TrainingJobName": "The SDK appends the time to every name, and cannot be told one.",
}
# without it the SDK sends what is done with it to a bucket of its makers
_CONFIG = {
    "SchemaVersion": "1.0",
    "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}},
}


def send(launch: Launch, session: Any, endpoint_url: str | None = None) -> str:
    """Start the job with a boto3 session and return its name; ImportError without the SDK."""
    # it would ask IAM whether the role may do all that any job could need; ours may do less
    environment = {"SAGEMAKER_VALIDATE_ROLE": "false"}
    if endpoint_url:
        environment["AWS_ENDPOINT_URL"] = endpoint_url  # it makes its clients itself
    with _environment(environment):
        trainer = _trainer(launch, session)
        trainer.train(wait=False, logs=False)
    return str(trainer._latest_training_job.training_job_name)


def _trainer(launch: Launch, session: Any) -> Any:
    from sagemaker.core.helper.session_helper import Session
    from sagemaker.core.training import configs
    from sagemaker.train import ModelTrainer

    request = training_job_request(launch)
    algorithm, output = request["AlgorithmSpecification"], request["OutputDataConfig"]
    machines, stopping = request["ResourceConfig"], request["StoppingCondition"]
    trainer = ModelTrainer(
        sagemaker_session=Session(session, default_bucket=launch.bucket, sagemaker_config=_CONFIG),
        role=request["RoleArn"],
        base_job_name=launch.name,
        training_image=algorithm["TrainingImage"],
        training_input_mode=algorithm["TrainingInputMode"],
        hyperparameters=request["HyperParameters"],
        environment=request.get("Environment", {}),
        compute=configs.Compute(
            instance_type=machines["InstanceType"],
            instance_count=machines["InstanceCount"],
            volume_size_in_gb=machines["VolumeSizeInGB"],
            enable_managed_spot_training=request["EnableManagedSpotTraining"],
        ),
        stopping_condition=configs.StoppingCondition(
            max_runtime_in_seconds=stopping["MaxRuntimeInSeconds"],
            max_wait_time_in_seconds=stopping.get("MaxWaitTimeInSeconds"),
        ),
        output_data_config=configs.OutputDataConfig(
            s3_output_path=output["S3OutputPath"], compression_type=output["CompressionType"]
        ),
        checkpoint_config=configs.CheckpointConfig(s3_uri=request["CheckpointConfig"]["S3Uri"]),
        input_data_config=[
            configs.InputData(
                channel_name=channel["ChannelName"],
                data_source=channel["DataSource"]["S3DataSource"]["S3Uri"],
            )
            for channel in request["InputDataConfig"]
        ],
        tags=[configs.Tag(key=tag["Key"], value=tag["Value"]) for tag in request["Tags"]],
    )
    return trainer.with_metric_definitions(
        [
            configs.MetricDefinition(name=each["Name"], regex=each["Regex"])
            for each in algorithm["MetricDefinitions"]
        ]
    )


@contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
