"""Training from the terminal, on a real local cloud whose image is a small program."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from bars.prompt import LESSON_VERSION
from bars.run import Run
from scripts import fetch_adapter, start_training, stop_training, training_status
from tests.local_cloud.cloud import Cloud, until
from tests.local_cloud.training import Job
from tests.training_job.test_launch import LAUNCH

ROOT = Path(__file__).parent.parent.parent
BUCKET = "deep-hop-models-123456789012-us-east-1"
COMMANDS = [start_training, training_status, stop_training, fetch_adapter]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """A local cloud where something has been deployed already."""
    folder = tmp_path_factory.mktemp("training")
    image = f"deep-hop-training={sys.executable} -m tests.scripts.training_program"
    running = Cloud(folder / "data", "--image", image).start()
    running.client("s3").create_bucket(Bucket=BUCKET)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache with a small model that is smaller still."""
    cache = tmp_path_factory.mktemp("cache")
    base = cache / "models" / "smollm2-135m-instruct" / "base"
    base.mkdir(parents=True)
    for name in ("config.json", "tokenizer_config.json", "model.safetensors"):
        (base / name).write_text("{}")
    Run("tiny/model", "r1", 1).save(base.parent)
    return cache


@pytest.fixture
def lessons(tmp_path):
    """Makes a folder of prepared data; `wish` tells the program what to do."""

    def lessons(**wish):
        folder = tmp_path / "lessons"
        folder.mkdir(exist_ok=True)
        told = {"prompt_version": LESSON_VERSION, "hash": "abc"}
        (folder / "data.json").write_text(json.dumps(told))
        (folder / "train.jsonl").write_text("{}\n")
        (folder / "wish.json").write_text(json.dumps({"gate": str(tmp_path / "gate"), **wish}))
        return str(folder)

    return lessons


@pytest.fixture
def run(cloud, cache, monkeypatch, capsys):
    """Calls a command as its user does; `err` has the sentence that it ended with."""
    monkeypatch.setenv("DEEP_HOP_DATA", str(cloud.data))
    monkeypatch.setenv("DEEP_HOP_CACHE", str(cache))

    def run(command, *arguments):
        capsys.readouterr()
        status = 0
        try:
            command.main([*arguments])
        except SystemExit as end:
            status = end.code or 0
        out, err = capsys.readouterr()
        if isinstance(status, str):
            status, err = 1, f"{err}{status}"
        return SimpleNamespace(status=status, out=out, err=err)

    return run


@pytest.fixture
def start(run, lessons):
    """Starts a job that does as wished, and gives its name."""

    def start(*arguments, **wish):
        told = run(start_training, "--data", lessons(**wish), "--json", *arguments)
        assert told.status == 0, told.err
        return json.loads(told.out)["name"]

    return start


@pytest.fixture
def held(start, cloud):
    """The name of a job that has come to its second step and waits there."""
    name = start(hold_at=2)
    until(lambda: keys(cloud, f"training/runs/{name}/checkpoints/step-2"), what="step 2")
    return name


def keys(cloud, prefix):
    found = cloud.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
    return sorted(each["Key"].removeprefix(prefix) for each in found)


def describe(cloud, name):
    return cloud.client("sagemaker").describe_training_job(TrainingJobName=name)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run, command):
    told = run(command, "--help")

    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("usage:")


# starting


def test_a_job_is_started_followed_and_its_adapter_fetched(run, lessons, cloud, tmp_path):
    out = tmp_path / "adapter"

    followed = run(start_training, "--data", lessons(), "--name", "whole-way", "--follow")
    fetched = run(fetch_adapter, "whole-way", "--out", str(out), "--json")

    assert followed.status == 0, followed.err
    assert "Starting at step 0.\n" in followed.err
    assert "step 3 of 3, loss 1.0000, 100 tokens/s, 2 min left, 0.00 USD\n" in followed.err
    assert followed.err.splitlines()[-1].endswith(" Completed")
    assert "`python -m scripts.fetch_adapter whole-way --out FOLDER` brings" in followed.out
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert files == {"adapter/adapter_config.json", "run.json", "output/metrics.jsonl"}
    assert set(json.loads(fetched.out)["files"]) == files
    assert json.loads((out / "run.json").read_text()) == {"offline": "1"}
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []


def test_by_default_a_laptop_trains_the_small_model_of_the_cache(start, cloud):
    told = describe(cloud, start("--set", "rank=2"))

    base = told["InputDataConfig"][1]["DataSource"]["S3DataSource"]["S3Uri"]
    parameters = told["HyperParameters"]
    assert (parameters["base_model"], parameters["revision"]) == ("tiny/model", "r1")
    assert (parameters["row_tokens"], parameters["rank"]) == ("512", "2")
    assert parameters["price_per_hour"] == "0.736"
    assert keys(cloud, base.removeprefix(f"s3://{BUCKET}/")) == [
        "config.json",
        "model.safetensors",
        "tokenizer_config.json",
    ]


def test_what_is_in_the_bucket_already_is_not_sent_again(run, lessons, cloud):
    data = lessons(mark=1)
    (Path(data) / ".hidden").write_text("not for the bucket")
    first = run(start_training, "--data", data, "--name", "first")
    second = run(start_training, "--data", data, "--name", "second")
    lessons(mark=2)
    third = run(start_training, "--data", data, "--name", "third")

    sources = [describe(cloud, name)["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"]
               for name in ("first", "second", "third")]  # fmt: skip
    assert "Uploading the data" in first.err and "Uploading" not in second.err
    assert "Uploading the data" in third.err
    assert sources[0] == sources[1] != sources[2]
    there = keys(cloud, sources[0].removeprefix(f"s3://{BUCKET}/"))
    assert there == ["data.json", "train.jsonl", "wish.json"]


def test_a_dry_run_prints_the_request_and_sends_nothing(run, lessons, cloud):
    before = keys(cloud, "training/data/")

    told = run(start_training, "--data", lessons(mark=3), "--name", "dry", "--spot", "--dry-run")

    request = json.loads(told.out)
    assert (request["TrainingJobName"], request["EnableManagedSpotTraining"]) == ("dry", True)
    assert keys(cloud, "training/data/") == before
    with pytest.raises(ClientError, match="not found"):
        describe(cloud, "dry")


def test_data_may_lie_in_s3_already(run, start, cloud):
    uri = describe(cloud, start())["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"]

    told = run(start_training, "--data", uri.rstrip("/"), "--base", uri, "--name", "in-s3")

    assert told.status == 0, told.err
    described = describe(cloud, "in-s3")
    assert described["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] == uri
    assert described["HyperParameters"]["base_model"] == uri


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "There is no data. Give --data FOLDER"),
        (("--data", "s3://bucket"), "'s3://bucket' is no S3 prefix; it must be like"),
        (("--data", f"s3://{BUCKET}/nothing"), f"Nothing lies under s3://{BUCKET}/nothing/"),
        (("--data", "/nowhere"), "/nowhere holds no prepared data (data.json cannot be read: No "),
        (("--data", "LESSONS", "--set", "rank=0", "--set", "x=1"), "rank is '0'; it must be a"),
        (("--data", "LESSONS", "--set", "rank=0", "--set", "x=1"), "x is no hyperparameter;"),
        (("--data", "LESSONS", "--hyperparameters", "/no.json"), "/no.json cannot be read"),
        (("--data", "LESSONS", "--base", "LESSONS"), "holds no base model (config.json, "),
        (("--data", "LESSONS", "--instance-type", "ml.big"), "--instance-type is 'ml.big', which"),
        (("--data", "LESSONS", "--max-wait-hours", "2"), "--max-wait-hours is for a job with --sp"),
        (("--data", "LESSONS", "--name", "a_b", "--instances", "0"), "--instances is 0; it must"),
        (("--data", "LESSONS", "--prefix", "other"), "nothing has been deployed here yet. Run `py"),
        (("--data", "LESSONS", "--instances", "2"), "The local cloud has one machine"),
        (("--data", "LESSONS", "--image", "nobody:1"), "Check that the image was pushed"),
        (("--data", "LESSONS", "--with-sdk"), "requirements-sdk.txt says how"),
        (("--resume", "nobody"), "There is no training job 'nobody'. `python -m scripts.training_"),
    ],
)
def test_what_cannot_be_started_is_refused_with_the_remedy(run, lessons, arguments, told):
    words = [lessons() if word == "LESSONS" else word for word in arguments]

    answer = run(start_training, *words)

    assert answer.status == 1
    assert told in answer.err
    assert "Started" not in answer.out


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("data.json", '{"prompt_version": 1}', "was prepared for prompt version 1, and this code"),
        ("data.json", "[]", "data.json cannot be read"),
        ("train.jsonl", None, "has no train.jsonl. Prepare it again."),
    ],
)
def test_data_that_a_job_cannot_train_on_is_not_sent(run, lessons, file, text, told):
    data = lessons()
    path = Path(data) / file
    path.unlink() if text is None else path.write_text(text)

    assert told in run(start_training, "--data", data).err


def test_without_the_small_model_its_command_is_named(run, lessons, tmp_path, monkeypatch):
    monkeypatch.setenv("DEEP_HOP_CACHE", str(tmp_path))

    told = run(start_training, "--data", lessons())

    assert "Fetch it with `python -m scripts.fetch_model`" in told.err


def test_on_aws_image_and_role_must_be_named_and_gpt_j_is_the_default(
    run, lessons, cloud, monkeypatch
):
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    named = ["--image", LAUNCH.image, "--role", LAUNCH.role, "--dry-run"]
    asked = ["--target", "aws", "--data", lessons()]

    refused = run(start_training, *asked)
    planned = json.loads(run(start_training, *asked, *named).out)

    assert "On AWS --image and --role must be given" in refused.err
    assert planned["HyperParameters"] == {"price_per_hour": "0.736"}
    assert [channel["ChannelName"] for channel in planned["InputDataConfig"]] == ["data"]
    assert planned["RoleArn"] == LAUNCH.role


# following, failing, stopping, going on


def test_a_job_that_fails_says_why_and_what_to_do(run, lessons):
    data = lessons(fail_at=2, failure="The data has no lesson. Prepare it again.")

    told = run(start_training, "--data", data, "--name", "fails", "--follow", "--json")
    again = run(training_status, "fails", "--follow")

    state = json.loads(told.out)["state"]
    assert (told.status, again.status) == (1, 1)
    assert (state["status"], state["phase"]) == ("Failed", "Failed")
    assert state["reason"] == (
        "AlgorithmError: The data has no lesson. Prepare it again., exit code: 1"
    )
    assert "fails has failed. AlgorithmError: The data has no lesson." in again.out
    assert "`python -m scripts.start_training --resume fails` goes on from its" in again.out


def test_a_job_that_was_stopped_goes_on_in_another_one_on_the_same_checkpoints(
    run, held, cloud, tmp_path
):
    shown = run(training_status, held)
    early = run(fetch_adapter, held, "--out", str(tmp_path / "early"))
    stopped = run(stop_training, held, "--wait")
    (tmp_path / "gate").touch()

    resumed = run(start_training, "--resume", held, "--set", "save_seconds=9", "--follow")
    twice = run(start_training, "--resume", held, "--name", f"{held}-more", "--dry-run")

    assert f"`python -m scripts.stop_training {held}` stops it." in shown.out
    assert f"{held} has not ended (Training)." in early.err
    assert stopped.status == 0 and f"{held} was stopped." in stopped.out
    assert resumed.status == 0 and "Going on from step 2.\n" in resumed.err
    new = resumed.out.split()[1].rstrip(".")
    before, after = describe(cloud, held), describe(cloud, new)
    assert after["CheckpointConfig"] == before["CheckpointConfig"]
    assert after["InputDataConfig"] == before["InputDataConfig"]
    assert after["HyperParameters"] == before["HyperParameters"] | {"save_seconds": "9"}
    assert json.loads(twice.out)["TrainingJobName"] == f"{held}-more"


def test_a_job_that_was_stopped_ends_its_followers_with_3(run, held):
    run(stop_training, held, "--wait")

    assert run(training_status, held, "--follow").status == 3
    assert "has left no adapter" in run(fetch_adapter, held, "--out", "/nowhere").err


def test_a_spot_job_that_is_interrupted_is_followed_to_its_end(run, start, cloud, tmp_path):
    name = start("--spot", hold_at=2)
    until(lambda: keys(cloud, f"training/runs/{name}/checkpoints/step-2"), what="step 2")

    Job(cloud, tmp_path, name).interrupt(notice=False)
    (tmp_path / "gate").touch()
    told = run(training_status, name, "--follow", "--json")

    phases = [step["phase"] for step in json.loads(told.out)["steps"]]
    assert phases[3:6] == ["Interrupted", "Restarting", "Downloading"]
    assert (told.status, phases[-1]) == (0, "Completed")
    assert "Starting at step 0.\n" in told.err and "Going on from step 2.\n" in told.err


def test_only_a_job_that_has_ended_early_is_gone_on_with_and_as_it_was(run, start, held, lessons):
    completed = start()
    until(lambda: "Completed" in run(training_status, completed).out, what="it is completed")

    def resume(name, *arguments):
        return run(start_training, "--resume", name, *arguments).err

    assert f"{completed} is completed. `python -m scripts.fetch_adapter" in resume(completed)
    assert f"{held} has not ended (InProgress). `python" in resume(held)
    run(stop_training, held, "--wait")
    assert "leave --data and --preset out" in resume(
        held, "--data", lessons(), "--preset", "laptop"
    )
    assert "its checkpoints fit no other number" in resume(held, "--instances", "2")
    assert "seed is 1 and cannot become 2." in resume(held, "--set", "seed=2")


def test_two_jobs_do_not_go_on_with_one_run_at_once(run, held):
    run(stop_training, held, "--wait")
    assert run(start_training, "--resume", held, "--name", f"{held}-2", "--spot").status == 0

    told = run(start_training, "--resume", held, "--name", f"{held}-3")

    assert f"{held}-2 goes on with this run already" in told.err
    run(stop_training, f"{held}-2", "--wait")


def test_a_stop_can_be_rehearsed_and_repeated(run, held, cloud):
    rehearsed = run(stop_training, held, "--dry-run")
    running = describe(cloud, held)["TrainingJobStatus"]
    first, second = run(stop_training, held), run(stop_training, held, "--wait", "--json")
    third = run(stop_training, held, "--dry-run")

    assert rehearsed.out == f"Would stop {held}, InProgress.\n"
    assert running == "InProgress"
    assert first.out == f"Stopping {held}; it has two minutes to save its work.\n"
    assert json.loads(second.out)["state"]["status"] == "Stopped"
    assert third.out == f"Has ended already: {held}, Stopped.\n"


def test_ctrl_c_ends_the_following_and_not_the_job(run, held, cloud):
    follower = subprocess.Popen(
        [sys.executable, "-m", "scripts.training_status", held, "--follow"],
        cwd=ROOT,
        env=os.environ,
        stderr=subprocess.PIPE,
        text=True,
    )
    seen = iter(follower.stderr.readline, "")
    assert any(line.startswith("step 2 of 3") for line in seen)

    follower.send_signal(signal.SIGINT)
    _, told = follower.communicate(timeout=20)

    assert follower.returncode == 130
    assert f"`python -m scripts.training_status {held} --follow` follows it again" in told
    assert f"`python -m scripts.stop_training {held}` stops it." in told
    assert describe(cloud, held)["TrainingJobStatus"] == "InProgress"
    run(stop_training, held, "--wait")


def test_jobs_are_listed_the_newest_first_and_told_in_full(run, start):
    older, newer = start(), start()
    until(lambda: "Completed" in run(training_status, newer).out, what="it is completed")

    listed = json.loads(run(training_status, "--last", "2", "--json").out)["jobs"]
    lines = run(training_status, "--last", "1").out.splitlines()
    told = run(training_status, newer).out
    as_json = json.loads(run(training_status, newer, "--json").out)

    assert [job["name"] for job in listed] == [newer, older]
    assert len(lines) == 1 and lines[0].endswith(f"Completed   {newer}")
    assert f"{newer}: Completed (1 x ml.g4dn.xlarge)\n" in told
    assert "Last metrics: train:loss 1, train:tokens_per_second 100.\n" in told
    assert f"Its adapter lies in s3://{BUCKET}/training/runs/{newer}/jobs/{newer}/output" in told
    assert "(0.736 an hour; What the machine would cost on AWS; the local cloud is" in told
    phases = ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert [step["phase"] for step in as_json["steps"]] == phases
    assert as_json["ended"] and as_json["billable_seconds"] >= 1


@pytest.mark.parametrize("arguments", [["--last", "0"], ["--follow"]])
def test_a_list_that_cannot_be_shown_is_refused_with_the_usage(run, arguments):
    assert run(training_status, *arguments).status == 2


@pytest.mark.parametrize(
    ("command", "arguments"),
    [(training_status, []), (stop_training, []), (fetch_adapter, ["--out", "x"])],
)
def test_a_job_that_is_not_there_is_told_with_the_command_that_lists_them(run, command, arguments):
    told = run(command, "nobody", *arguments)

    assert told.status == 1
    assert "no training job 'nobody'. `python -m scripts.training_status` lists the" in told.err
