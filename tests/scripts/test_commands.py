"""Every command: its help, its errors, what it plans, and what it does to a local cloud."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bars.run import Run
from scripts.demo_secrets import host_secrets
from tests.local_cloud.cloud import Cloud

ROOT = Path(__file__).parent.parent.parent
COMMANDS = [
    "add_host",
    "add_token",
    "analyse_verse",
    "compile_dictionary",
    "demo",
    "deploy",
    "evaluate_adapter",
    "export_feedback",
    "fetch_model",
    "find_rhymes",
    "install",
    "make_adapter",
    "notify",
    "prepare_data",
    "pronounce",
    "reset_password",
    "run_ablation",
    "score_rhymes",
    "simulate_switch",
    "start_endpoint",
    "status",
    "stop_endpoint",
    "write_verse",
]


def run(name, *arguments, **env):
    return subprocess.run(
        [sys.executable, "-m", f"scripts.{name}", *arguments],
        cwd=ROOT,
        env=os.environ | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """A running local cloud and a model directory that is small enough to hand around."""
    folder = tmp_path_factory.mktemp("commands")
    model = folder / "model"
    (model / "base").mkdir(parents=True)
    (model / "base" / "weights").write_bytes(b"w" * 5000)
    (model / "secrets.txt").write_text("not for the bucket")
    Run("tiny", "1", 1).save(model)
    running = Cloud(folder / "data").start()
    yield SimpleNamespace(model=model, env={"DEEP_HOP_DATA": str(folder / "data")}, cloud=running)
    running.stop()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name):
    told = run(name, "--help")

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("usage:")


@pytest.mark.parametrize("name", ["status", "stop_endpoint"])
def test_without_a_local_cloud_the_remedy_is_named(name, tmp_path):
    told = run(name, DEEP_HOP_DATA=str(tmp_path))

    assert told.returncode == 1
    assert "Start it with `make demo`" in told.stderr
    assert "Traceback" not in told.stderr


def test_on_aws_without_credentials_the_remedy_is_named(tmp_path):
    told = run("status", "--target", "aws", HOME=str(tmp_path))

    assert told.returncode == 1
    assert "There are no AWS credentials." in told.stderr


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("start_endpoint", [], "--minutes"),
        ("start_endpoint", ["--minutes", "ten"], "invalid int value"),
        ("deploy", ["--target", "mars"], "invalid choice"),
        ("demo", ["--port", "x"], "invalid int value"),
    ],
)
def test_bad_arguments_are_refused_with_the_usage(name, arguments, says):
    told = run(name, *arguments)

    assert told.returncode == 2
    assert says in told.stderr


def test_a_verse_that_cannot_be_asked_for_names_every_field():
    told = run("write_verse", "--bars", "99", "--scheme", "?", "--topic", "rain")

    assert told.returncode == 1
    assert "bars: must be a whole number from 1 to 16. (got 99)" in told.stderr
    assert "scheme: must be 1 to 8 letters" in told.stderr


def test_a_deployment_is_planned_without_doing_it_then_done_then_found_done(cloud):
    arguments = ["--model", str(cloud.model), "--json"]

    planned = json.loads(run("deploy", *arguments, "--dry-run", **cloud.env).stdout)["steps"]
    again = json.loads(run("deploy", *arguments, "--dry-run", **cloud.env).stdout)["steps"]
    done = run("deploy", *arguments, **cloud.env)
    found = json.loads(run("deploy", *arguments, **cloud.env).stdout)["steps"]

    assert [step["name"].split()[0] for step in planned] == [
        "stack",
        "model",
        "model",
        "endpoint",
        "release",
    ]
    assert all(step["needed"] for step in planned) and all(step["needed"] for step in again)
    assert done.returncode == 0, done.stderr
    assert not any(step["needed"] for step in found)
    keys = [x["Key"] for x in _objects(cloud)]
    assert {key.split("/", 2)[2] for key in keys} == {"base/weights", "checksums.json", "run.json"}


def _objects(cloud):
    s3 = cloud.cloud.client("s3")
    (bucket,) = s3.list_buckets()["Buckets"]
    return s3.list_objects_v2(Bucket=bucket["Name"])["Contents"]


def test_another_model_is_another_release_beside_the_first(cloud):
    run("deploy", "--model", str(cloud.model), **cloud.env)
    before = len(_objects(cloud))
    (cloud.model / "base" / "weights").write_bytes(b"v" * 5000)

    told = run("deploy", "--model", str(cloud.model), **cloud.env)

    assert "Making release." in told.stdout
    assert len(_objects(cloud)) == before + 3


def test_a_folder_without_a_model_is_refused(cloud, tmp_path):
    told = run("deploy", "--model", str(tmp_path), **cloud.env)

    assert told.returncode == 1
    assert "run.json is missing" in told.stderr
    assert "python -m scripts.fetch_model" in told.stderr


def test_an_adapter_from_elsewhere_ships_with_the_base_and_its_own_run_file(cloud, tmp_path):
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter" / "weights").write_text("adapted")
    (tmp_path / "notes.txt").write_text("not for the bucket")
    Run("tiny", "1", 2, data_hash="of this test").save(tmp_path)
    run("deploy", "--model", str(cloud.model), **cloud.env)
    before = {item["Key"] for item in _objects(cloud)}

    arguments = ["--model", str(cloud.model), "--adapter", str(tmp_path)]
    told = run("deploy", *arguments, **cloud.env)

    assert told.returncode == 0, told.stderr
    sent = {item["Key"] for item in _objects(cloud)} - before
    names = {key.split("/", 2)[2]: key for key in sent}
    assert set(names) == {"base/weights", "adapter/weights", "checksums.json", "run.json"}
    s3 = cloud.cloud.client("s3")
    (bucket,) = s3.list_buckets()["Buckets"]
    shipped = json.load(s3.get_object(Bucket=bucket["Name"], Key=names["run.json"])["Body"])
    assert shipped["data_hash"] == "of this test"


def test_an_adapter_of_another_base_is_refused_before_anything_is_sent(cloud, tmp_path):
    Run("another", "1", 2).save(tmp_path)
    arguments = ["--model", str(cloud.model), "--adapter", str(tmp_path)]

    told = run("deploy", *arguments, **cloud.env)

    assert told.returncode == 1
    assert f"tiny in {cloud.model}, another in {tmp_path}" in told.stderr


def test_on_aws_image_and_role_must_be_named(cloud):
    credentials = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    elsewhere = {"AWS_ENDPOINT_URL": cloud.cloud.address, **credentials}

    told = run("deploy", "--target", "aws", "--model", str(cloud.model), **elsewhere)

    assert told.returncode == 1
    assert "--image and --role must be given" in told.stderr


def test_a_start_can_be_rehearsed_and_must_not_be_too_long(cloud):
    run("deploy", "--model", str(cloud.model), **cloud.env)

    rehearsed = run("start_endpoint", "--minutes", "30", "--dry-run", "--json", **cloud.env)
    refused = run("start_endpoint", "--minutes", "9999", **cloud.env)
    status = json.loads(run("status", "--json", **cloud.env).stdout)

    assert json.loads(rehearsed.stdout)["dry_run"] is True
    assert "minutes: must be a whole number from 1 to 240." in refused.stderr
    assert (status["state"], status["leases"]) == ("off", [])


def test_a_verse_without_a_model_names_who_can_start_it(cloud):
    told = run("write_verse", "--topic", "rain", **cloud.env)

    assert told.returncode == 1
    assert "python -m scripts.start_endpoint --minutes 30" in told.stderr


def test_stopping_what_is_off_is_no_error(cloud):
    told = run("stop_endpoint", "--wait", **cloud.env)

    assert (told.returncode, told.stdout) == (0, "Ended 0 leases. Model: off.\n")


def test_a_port_in_use_is_a_sentence(cloud):
    port = cloud.cloud.address.rpartition(":")[2]

    told = run("demo", "--port", port, **cloud.env)

    assert told.returncode == 1
    assert told.stderr.startswith(f"Port {port} cannot be used")
    assert "PORT=8001" in told.stderr


def test_the_hosts_secrets_are_made_once_and_are_nobody_elses(tmp_path):
    first, second = host_secrets(tmp_path, {}), host_secrets(tmp_path, {})
    chosen = host_secrets(tmp_path, {"DEEP_HOP_HOST_PASSWORD": "mine"})

    assert first == second
    assert (chosen.password, chosen.secret_key) == ("mine", first.secret_key)
    assert (tmp_path / "host.json").stat().st_mode & 0o777 == 0o600
