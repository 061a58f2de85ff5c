"""A training job lives as on AWS: what it finds, what it leaves, and what is told of it."""

import io
import tarfile

from tests.local_cloud.training import channel


def test_a_job_finds_its_configuration_and_its_channels(job):
    job.s3.put_object(Bucket="training", Key="lyrics/a/one.txt", Body=b"drip")
    job.s3.put_object(Bucket="training", Key="lyrics/two.txt", Body=b"drop")
    channels = [
        channel("data", "s3://training/lyrics"),
        channel("more", "s3://training/lyrics/a/"),
        channel("one", "s3://training/lyrics/a/one.txt"),
    ]

    arn = job.create({"InputDataConfig": channels}, steps=1)["TrainingJobArn"]
    job.wait_for_end()

    (config,), (files,), (environment,) = map(job.notes.of, ("config", "files", "environment"))
    assert config["hyperparameters"] == {"steps": "1"}
    assert config["resourceconfig"]["current_host"] == "algo-1"
    assert config["resourceconfig"]["hosts"] == ["algo-1"]
    assert config["resourceconfig"]["current_instance_type"] == "ml.g4dn.xlarge"
    assert config["inputdataconfig"]["data"]["ContentType"] == "x-lyrics"
    assert config["checkpointconfig"]["S3Uri"] == f"s3://training/checkpoints/{job.name}/"
    assert files == ["data/a/one.txt", "data/two.txt", "more/one.txt", "one/one.txt"]
    assert (environment["TRAINING_JOB_NAME"], environment["TRAINING_JOB_ARN"]) == (job.name, arn)


def test_a_job_that_ends_well_is_completed_and_its_model_is_in_s3(job):
    job.create(steps=4)

    told = job.wait_for_end()

    assert job.statuses() == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert job.files(f"out/{job.name}/output/") == {
        "model/adapter/weights": "after 4 steps",
        "model/run.json": "{}",
        "data/report": "well done",
    }
    artifacts = f"s3://training/out/{job.name}/output/model/"
    assert told["ModelArtifacts"]["S3ModelArtifacts"] == artifacts
    assert job.checkpoints() == {"latest", "step-3", "step-4"}
    assert not list((job.cloud.data / "instances").glob(f"{job.name}-*"))


def test_a_job_is_described_as_it_was_asked_for_with_its_times_and_metrics(job):
    job.create(steps=4)

    told = job.wait_for_end()

    assert told["HyperParameters"] == {"steps": "4"}
    assert told["AlgorithmSpecification"]["MetricDefinitions"][0]["Name"] == "loss"
    assert told["Environment"]["NOTES"]
    assert [(m["MetricName"], m["Value"]) for m in told["FinalMetricDataList"]] == [("loss", 0.25)]
    assert told["CreationTime"] <= told["TrainingStartTime"] < told["TrainingEndTime"]
    assert told["TrainingTimeInSeconds"] >= told["BillableTimeInSeconds"] >= 1
    transitions = told["SecondaryStatusTransitions"]
    assert all(t["StatusMessage"] and t["StartTime"] <= t["EndTime"] for t in transitions)
    assert transitions[-1]["EndTime"] == told["TrainingEndTime"]


def test_a_packed_model_is_one_archive(job):
    output = {"S3OutputPath": "s3://training/packed/", "CompressionType": "GZIP"}
    job.create({"OutputDataConfig": output}, steps=1)

    told = job.wait_for_end()

    packed = job.files(f"packed/{job.name}/output/")
    assert told["ModelArtifacts"]["S3ModelArtifacts"].endswith("/output/model.tar.gz")
    assert set(packed) == {"model.tar.gz", "output.tar.gz"}
    model = io.BytesIO(packed["model.tar.gz"].encode("latin-1"))
    with tarfile.open(fileobj=model) as archive:
        assert "./adapter/weights" in archive.getnames()


def test_the_programs_words_are_in_cloudwatch_and_in_a_file(job):
    job.create(steps=2)
    job.wait_for_end()

    logs, group = job.cloud.client("logs"), "/aws/sagemaker/TrainingJobs"
    (stream,) = logs.describe_log_streams(
        logGroupName=group, logStreamNamePrefix=f"{job.name}/algo-1-"
    )["logStreams"]
    events = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])[
        "events"
    ]
    assert [event["message"] for event in events] == ["step=1 loss=1.000;", "step=2 loss=0.500;"]
    assert "step=2" in (job.cloud.data / "logs" / f"{job.name}.log").read_text()


def test_checkpoints_are_in_s3_while_the_job_runs_and_leave_it_with_the_local_ones(job):
    job.create(hold_at=2, steps=4)
    job.wait_for_checkpoint(2)
    during = job.checkpoints()

    job.notes.open_gate()
    job.wait_for_end()

    assert during == {"latest", "step-1", "step-2"}
    assert job.checkpoints() == {"latest", "step-3", "step-4"}


def test_a_new_job_goes_on_from_the_checkpoints_of_an_earlier_one(job, other_job):
    job.create(fail_at=2, failure="", steps=3)
    job.wait_for_end()
    earlier = {"CheckpointConfig": {"S3Uri": f"s3://training/checkpoints/{job.name}"}}

    other_job.create(earlier, steps=3)

    assert other_job.wait_for_end()["TrainingJobStatus"] == "Completed"
    assert other_job.notes.of("started") == [2]
    assert job.files(f"checkpoints/{job.name}/")["latest"] == "3"


def test_jobs_are_listed_by_name_status_and_age(job, other_job):
    job.create(steps=1)
    other_job.create(hold_at=1)
    job.wait_for_end()

    def listed(**wish):
        pages = job.sagemaker.get_paginator("list_training_jobs").paginate(**wish)
        found = [told for page in pages for told in page["TrainingJobSummaries"]]
        return [
            told["TrainingJobName"]
            for told in found
            if told["TrainingJobName"] in (job.name, other_job.name)
        ]

    assert listed(PaginationConfig={"PageSize": 1}) == [job.name, other_job.name]
    assert listed(SortOrder="Descending") == [other_job.name, job.name]
    assert listed(NameContains=other_job.name) == [other_job.name]
    assert listed(StatusEquals="InProgress") == [other_job.name]
    assert listed(CreationTimeAfter=job.describe()["CreationTime"]) == [other_job.name]
    other_job.stop()


def test_boto3s_waiter_sees_the_end(job):
    job.create(steps=1)

    waiter = job.sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName=job.name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 200})

    assert job.describe()["TrainingJobStatus"] == "Completed"
