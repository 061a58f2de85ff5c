"""A training job's request as data, and the hyperparameters in it."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import botocore.session
import pytest
from botocore.validate import ParamValidator

from scripts.training_log import StepNumbers
from training_job.hyperparameters import PRESETS, chosen, gone_on_with
from training_job.launch import Launch, LaunchWrong, launch_of, training_job_request
from training_job.metrics import METRIC_DEFINITIONS, step_line
from training_job.settings import TrainSettings, TrainSettingsWrong

LAUNCH = Launch(
    name="rain",
    run="rain",
    image="123456789012.dkr.ecr.us-east-1.amazonaws.com/deep-hop-training@sha256:abc",
    role="arn:aws:iam::123456789012:role/service/deep-hop-execution",
    bucket="models",
    data="s3://models/training/data/1/",
    hyperparameters={"rank": "8"},
)
SHAPE = (
    botocore.session.get_session()
    .get_service_model("sagemaker")
    .operation_model("CreateTrainingJob")
    .input_shape
)


def at(request, path):
    """A value in a request: CheckpointConfig.S3Uri, InputDataConfig.0.ChannelName."""
    for part in path.split("."):
        request = request[int(part)] if part.isdigit() else request.get(part)
    return request


def test_a_request_is_complete():
    assert training_job_request(LAUNCH) == {
        "TrainingJobName": "rain",
        "RoleArn": "arn:aws:iam::123456789012:role/service/deep-hop-execution",
        "AlgorithmSpecification": {
            "TrainingImage": LAUNCH.image,
            "TrainingInputMode": "File",
            "MetricDefinitions": METRIC_DEFINITIONS,
        },
        "HyperParameters": {"rank": "8"},
        "InputDataConfig": [
            {
                "ChannelName": "data",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": "s3://models/training/data/1/",
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
                "InputMode": "File",
            }
        ],
        "OutputDataConfig": {
            "S3OutputPath": "s3://models/training/runs/rain/jobs",
            "CompressionType": "NONE",
        },
        "CheckpointConfig": {
            "S3Uri": "s3://models/training/runs/rain/checkpoints/",
            "LocalPath": "/opt/ml/checkpoints",
        },
        "ResourceConfig": {
            "InstanceType": "ml.g4dn.xlarge",
            "InstanceCount": 1,
            "VolumeSizeInGB": 100,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 86_400},
        "EnableManagedSpotTraining": False,
        "Tags": [{"Key": "project", "Value": "deep-hop"}, {"Key": "run", "Value": "rain"}],
    }


@pytest.mark.parametrize(
    ("changes", "path", "value"),
    [
        ({"name": "rain-2"}, "TrainingJobName", "rain-2"),
        (
            {"name": "rain-2"},
            "CheckpointConfig.S3Uri",
            "s3://models/training/runs/rain/checkpoints/",
        ),
        ({"run": "sun"}, "CheckpointConfig.S3Uri", "s3://models/training/runs/sun/checkpoints/"),
        ({"run": "sun"}, "OutputDataConfig.S3OutputPath", "s3://models/training/runs/sun/jobs"),
        ({"run": "sun"}, "Tags.1.Value", "sun"),
        ({"project": "other"}, "Tags.0.Value", "other"),
        ({"base": "s3://b/x/"}, "InputDataConfig.1.ChannelName", "base"),
        ({"base": "s3://b/x/"}, "InputDataConfig.1.DataSource.S3DataSource.S3Uri", "s3://b/x/"),
        ({"base": "s3://b/x/"}, "Environment.HF_HUB_OFFLINE", "1"),
        ({"git_commit": "abc"}, "Environment.DEEP_HOP_GIT_COMMIT", "abc"),
        ({"instance_type": "ml.g5.xlarge"}, "ResourceConfig.InstanceType", "ml.g5.xlarge"),
        ({"instances": 2}, "ResourceConfig.InstanceCount", 2),
        ({"volume_gb": 30}, "ResourceConfig.VolumeSizeInGB", 30),
        ({"max_hours": 0.5}, "StoppingCondition.MaxRuntimeInSeconds", 1800),
        ({"max_hours": 1e-9}, "StoppingCondition.MaxRuntimeInSeconds", 1),
        ({"spot": True}, "EnableManagedSpotTraining", True),
        ({"spot": True}, "StoppingCondition.MaxWaitTimeInSeconds", 2 * 86_400),
        (
            {"spot": True, "max_hours": 2, "max_wait_hours": 3},
            "StoppingCondition.MaxWaitTimeInSeconds",
            10_800,
        ),
    ],
)
def test_what_is_decided_is_in_the_request_and_botocore_takes_it(changes, path, value):
    request = training_job_request(replace(LAUNCH, **changes))

    assert at(request, path) == value
    assert not ParamValidator().validate(request, SHAPE).has_errors()
    assert not [*breaches(request, SHAPE)]


def breaches(value, shape, where=""):
    """What botocore does not look at: lists of allowed values, patterns, longest texts."""
    match shape.type_name:
        case "structure":
            for name, member in value.items():
                yield from breaches(member, shape.members[name], f"{where}.{name}")
        case "list":
            for member in value:
                yield from breaches(member, shape.member, where)
        case "map":
            for key, member in value.items():
                yield from breaches(key, shape.key, where)
                yield from breaches(member, shape.value, where)
        case "string":
            rule = shape.metadata
            pattern = rule.get("pattern", "").replace(r"\p{L}\p{Z}\p{N}", r"\w ")
            if shape.enum and value not in shape.enum:
                yield f"{where} is {value!r}"
            if pattern and not re.fullmatch(pattern, value):
                yield f"{where} is {value!r}, not {pattern}"
            if len(value) > rule.get("max", 10_000):
                yield f"{where} is too long"


def test_what_botocore_does_not_look_at_is_looked_at_here():
    request = training_job_request(replace(LAUNCH, instance_type="ml.nope.xlarge"))

    assert [*breaches(request, SHAPE)] == [".ResourceConfig.InstanceType is 'ml.nope.xlarge'"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "rain-2", "base": "s3://models/x/", "git_commit": "abc", "project": "other"},
        {"spot": True, "max_hours": 1.5, "max_wait_hours": 2.5, "instances": 2, "volume_gb": 40},
    ],
)
def test_a_launch_is_read_back_from_its_jobs_description(changes):
    launch = replace(LAUNCH, **changes)

    assert launch_of(training_job_request(launch), launch.project) == launch


def test_a_job_of_others_is_not_gone_on_with():
    request = training_job_request(LAUNCH) | {"CheckpointConfig": {"S3Uri": "s3://theirs/x"}}

    with pytest.raises(LaunchWrong, match=r"rain has no checkpoints of ours\. Only"):
        launch_of(request, "deep-hop")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "rain_2"}, "--name is 'rain_2'; it must be 1 to 63 letters"),
        ({"name": "x" * 64}, "it must be 1 to 63 letters"),
        ({"role": "admin"}, "--role is 'admin'; it must be a role's ARN"),
        ({"image": ""}, "--image has 0 characters"),
        ({"instances": 0}, "--instances is 0"),
        ({"max_hours": 0}, "--max-hours is 0; it must be above 0, at most 672."),
        ({"max_hours": float("nan")}, "--max-hours is nan"),
        ({"max_hours": 673}, "--max-hours is 673"),
        ({"max_wait_hours": 30}, "--max-wait-hours is for a job with --spot."),
        ({"spot": True, "max_wait_hours": 23}, "--max-wait-hours is 23; it counts waiting and"),
    ],
)
def test_what_cannot_be_is_refused_in_the_words_of_the_command(changes, told):
    with pytest.raises(LaunchWrong, match=re.escape(told)):
        replace(LAUNCH, **changes)


def test_all_problems_of_a_launch_are_told_at_once():
    with pytest.raises(LaunchWrong) as refused:
        replace(LAUNCH, name="", role="x", instances=999, max_hours=-1)

    assert all(f"--{word} is" in str(refused.value)
               for word in ("name", "role", "instances", "max-hours"))  # fmt: skip


NUMBERS = {
    "loss": 2.34567,
    "learning_rate": 1.99e-4,
    "valid_loss": 2.5,
    "tokens_per_second": 512.34,
    "seconds_left": 90.0,
    "cost": 0.5,
}


def test_each_metric_is_found_in_the_real_lines_of_the_log():
    line = step_line(3, 40, NUMBERS)

    found = {each["Name"]: re.findall(each["Regex"], line) for each in METRIC_DEFINITIONS}

    assert found == {
        "train:loss": ["2.3457"],
        "train:tokens_per_second": ["512.3"],
        "train:learning_rate": ["1.990e-04"],
        "valid:loss": ["2.5000"],
    }


def test_a_loss_on_held_out_lessons_is_not_taken_for_one_in_training():
    loss, *_, valid = METRIC_DEFINITIONS

    assert not re.search(loss["Regex"], "valid_loss=4.5425")
    assert re.search(valid["Regex"], "valid_loss=4.5425")[1] == "4.5425"


def test_a_line_of_the_log_is_read_back():
    told = StepNumbers.read(step_line(3, 40, NUMBERS))

    assert (told.step, told.steps) == (3, 40)
    assert told.numbers == pytest.approx(NUMBERS, rel=1e-3)


@pytest.mark.parametrize(
    "line",
    ["", "Starting at step 0.", "step=1", "step=1/2 loss", "step=1/2 loss=low", "x step=1/2"],
)
def test_other_lines_of_the_log_are_no_steps(line):
    assert StepNumbers.read(line) is None


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_made_of_hyperparameters(preset):
    assert TrainSettings.from_hyperparameters(PRESETS[preset]).identity()


def test_single_hyperparameters_win_over_those_of_a_file(tmp_path):
    file = tmp_path / "more.json"
    file.write_text('{"rank": 4, "dropout": 0.25, "gradient_checkpointing": false, "shares": {}}')

    assert chosen(file, ["rank=2", " base_model = a=b "]) == {
        "rank": "2",
        "dropout": "0.25",
        "gradient_checkpointing": "false",
        "shares": "{}",
        "base_model": "a=b",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rank: 8", r"is no JSON \(.*\)\. It must hold a JSON object"),
        ("[8]", "holds no JSON object"),
        ('{"rank": null}', "rank is 'null'; it must be a whole number"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_holds_none_is_told_with_what_it_must_hold(tmp_path, text, told):
    file = tmp_path / "more.json"
    if text is not None:
        file.write_text(text)

    with pytest.raises(TrainSettingsWrong, match=told):
        chosen(file, [])


def test_all_problems_of_the_hyperparameters_are_told_at_once():
    with pytest.raises(TrainSettingsWrong) as refused:
        chosen(None, ["rank", "alpha=x", "colour=red"])

    told = str(refused.value)
    assert "--set 'rank' must be NAME=VALUE" in told
    assert "alpha is 'x'" in told and "colour is no hyperparameter" in told


def test_a_run_is_gone_on_with_as_it_was_but_for_what_does_not_matter():
    assert gone_on_with({"rank": "8"}, {"save_seconds": "9"}) == {"rank": "8", "save_seconds": "9"}
    assert gone_on_with({"rank": "8"}, {"rank": "8"}) == {"rank": "8"}


def test_what_decides_the_adapter_does_not_change_within_a_run():
    with pytest.raises(TrainSettingsWrong, match="rank is 8 and cannot become 4.*seed is 1 and"):
        gone_on_with({"rank": "8"}, {"rank": "4", "seed": "2"})


def test_a_request_needs_neither_torch_nor_aws():
    program = "import sys, training_job.launch, training_job.hyperparameters; " + (
        "print(sorted({'torch', 'transformers', 'boto3', 'botocore'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
    )

    assert told.stdout == "[]\n", told.stderr
