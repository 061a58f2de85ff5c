"""Training from the terminal, on a real local cloud whose image is a small program."""

import io
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from bars.prompt import LESSON_VERSION
from bars.run import Run
from scripts import fetch_adapter, start_training, stop_training, training_status
from scripts.adapter_files import FilesRefused, RemoteFile, bring
from scripts.checkout import clean_commit
from scripts.training_failure import remedy_for
from scripts.training_follower import Follower, LostSight
from scripts.training_log import TrainingLog
from scripts.training_screen import Screen
from scripts.training_state import tell_training
from tests.local_cloud.cloud import Cloud, until
from tests.local_cloud.training import Job
from tests.training_job.test_launch import LAUNCH
from training_job.launch import training_job_request
from webapp.settings import Price

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


# a network that fails


class FakeClock:
    """Time passes only while somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Looks:
    """Answers one look after the other, the last one again and again; errors are raised."""

    def __init__(self, *answers):
        self.answers = [*answers]

    def __call__(self):
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def job(**facts):
    """SageMaker's description of a job, as far as we read it."""
    return training_job_request(LAUNCH) | {"TrainingJobStatus": "InProgress", **facts}


def state(**facts):
    return tell_training(job(**facts), Price(), NOW)


def error(code, status):
    told = {
        "Error": {"Code": code, "Message": code},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(told, "DescribeTrainingJob")


NO_NETWORK = EndpointConnectionError(endpoint_url="https://sagemaker")
RUNNING = (state(), ["step=1/2 loss=3.0"])
COMPLETED = (state(TrainingJobStatus="Completed"), ["valid_loss=2.0"])


@pytest.mark.parametrize(
    "hiccup", [NO_NETWORK, error("ThrottlingException", 400), error("InternalFailure", 500)]
)
def test_following_outlives_a_network_that_fails_for_a_while(hiccup):
    out = io.StringIO()
    look = Looks(RUNNING, hiccup, hiccup, RUNNING, hiccup, COMPLETED)

    ended = Follower(look, Screen(out), pause=5, clock=FakeClock()).follow()

    assert ended.status == "Completed"
    assert out.getvalue().count("Asking again.") == 2
    assert out.getvalue().endswith("valid_loss=2.0\n")


def test_without_an_answer_for_a_quarter_of_an_hour_following_is_given_up():
    clock = FakeClock()

    with pytest.raises(LostSight, match="no answer for 15 minutes .*https://sagemaker"):
        Follower(Looks(RUNNING, NO_NETWORK), Screen(io.StringIO()), pause=5, clock=clock).follow()

    assert 900 < clock.now < 920


def test_a_refusal_is_no_hiccup():
    with pytest.raises(ClientError, match="AccessDenied"):
        Follower(
            Looks(error("AccessDenied", 400)), Screen(io.StringIO()), 5, clock=FakeClock()
        ).follow()


class FakeLogs:
    """CloudWatch with some streams; `fails` names one that cannot be read the next time."""

    def __init__(self, **streams):
        self.streams, self.fails = streams, None

    def get_paginator(self, _):
        pages = [{"logStreams": [{"logStreamName": name} for name in self.streams]}]
        return SimpleNamespace(paginate=lambda **_: pages)

    def get_log_events(self, logStreamName, nextToken="0", **_):
        if self.fails == logStreamName:
            self.fails = None
            raise NO_NETWORK
        at = int(nextToken)
        lines = self.streams[logStreamName][at : at + 2]  # two lines a page
        events = [{"message": line} for line in lines]
        return {"events": events, "nextForwardToken": str(at + len(lines))}


def test_a_log_is_read_on_from_where_it_was_left_machine_by_machine():
    logs = FakeLogs(a=["1", "2", "3"])
    log = TrainingLog(logs, "rain")

    assert log.read() == ["1", "2", "3"]
    assert log.read() == []
    logs.streams["a"].append("4")
    logs.streams["b"] = ["5"]
    assert log.read() == ["4", "5"]


def test_no_line_of_a_log_is_lost_where_reading_another_machines_fails():
    logs = FakeLogs(a=["1"], b=["2"])
    log = TrainingLog(logs, "rain")
    logs.fails = "b"

    with pytest.raises(EndpointConnectionError):
        log.read()
    assert log.read() == ["1", "2"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_there_is_a_bar_with_the_phase_loss_pace_and_cost():
    out = Terminal()
    training = {"Status": "Training", "StartTime": NOW}
    facts = {"SecondaryStatusTransitions": [training], "TrainingTimeInSeconds": 3600}
    line = "step=1/2 loss=3.0 tokens_per_second=90.5 seconds_left=3700"
    look = Looks((state(**facts), ["\rLoading: 0%\rLoaded.", line]), COMPLETED)

    Follower(look, Screen(out), pause=5, clock=FakeClock()).follow()

    assert "Loaded.\n" in out.getvalue() and "0%\r" not in out.getvalue()
    assert "Training  50%|" in out.getvalue()
    assert "1/2 , loss 3.0000, 90 tokens/s, 1 h 01 min left, 0.74 USD" in out.getvalue()


# what is told of a job


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


# files that are brought


class FakeS3:
    """Brings what it holds, and remembers what it was asked for."""

    def __init__(self, **objects):
        self.objects, self.asked = objects, []

    def download_file(self, bucket, key, path, Callback):
        self.asked.append(key)
        Path(path).write_bytes(self.objects[key])


def remote(key, size):
    return RemoteFile("models", key, size, PurePosixPath(key))


def test_a_file_that_does_not_come_whole_keeps_the_folder_from_appearing(tmp_path):
    out, files = tmp_path / "out", [remote("a", 3), remote("b", 3)]

    with pytest.raises(FilesRefused, match="b did not come whole. Run the command again"):
        bring(FakeS3(a=b"xyz", b=b"x"), files, out, "rain")
    assert not out.exists()
    again = FakeS3(a=b"xyz", b=b"xyz")
    bring(again, files, out, "rain")

    assert again.asked == ["b"]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"a": b"xyz", "b": b"xyz"}


def test_a_folder_that_holds_something_is_not_written_to(tmp_path):
    (tmp_path / "mine").write_text("dear")

    with pytest.raises(FilesRefused, match="is there already. Name another"):
        bring(FakeS3(), [], tmp_path, "rain")


def test_more_than_the_disk_holds_is_not_begun(tmp_path):
    s3 = FakeS3()

    with pytest.raises(FilesRefused, match="MB are needed. Make room"):
        bring(s3, [remote("a", 10**18)], tmp_path / "out", "rain")
    assert s3.asked == []


# the checkout


def git(folder, *words):
    settings = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", "-C", folder, *settings, *words], check=True, capture_output=True)


def test_a_commit_is_named_only_where_nothing_differs_from_it(tmp_path):
    outside = clean_commit(tmp_path)
    git(tmp_path, "init")
    (tmp_path / "verse").write_text("drip")
    dirty = clean_commit(tmp_path)
    git(tmp_path, "add", "verse")
    git(tmp_path, "commit", "-m", "drip")

    assert (outside, dirty) == ("", "")
    assert len(clean_commit(tmp_path)) == 40
