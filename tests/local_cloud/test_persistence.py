"""What people made is there after kill -9; what is damaged is set aside; one cloud a folder."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from scripts.target import local_session
from tests.local_cloud.cloud import ROOT, Cloud, until
from webapp.aws import Aws
from webapp.leases import LeaseStore, new_lease

STACK = """
Resources:
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: things
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Files:
    Type: AWS::S3::Bucket
    Properties: {BucketName: files}
"""


def fill(cloud):
    cloud.client("cloudformation").create_stack(StackName="data", TemplateBody=STACK)
    table = cloud.client("dynamodb")
    for number in ("1", "2", "3"):
        table.put_item(TableName="things", Item={"id": {"S": number}, "n": {"N": number}})
    table.update_item(
        TableName="things",
        Key={"id": {"S": "2"}},
        UpdateExpression="SET w = :w",
        ExpressionAttributeValues={":w": {"L": [{"S": "x"}, {"M": {"y": {"BOOL": True}}}]}},
    )
    table.delete_item(TableName="things", Key={"id": {"S": "3"}})
    s3 = cloud.client("s3")
    s3.put_object(Bucket="files", Key="a/b c.txt", Body=b"hello", ContentType="text/plain")
    s3.put_object(Bucket="files", Key="gone", Body=b"x")
    s3.delete_object(Bucket="files", Key="gone")


def test_everything_is_there_after_kill_9(own, tmp_path):
    fill(own)
    own.deploy("kept")
    big = tmp_path / "big"
    big.write_bytes(os.urandom(20_000_000))
    own.client("s3").upload_file(str(big), "files", "big")
    own.client("s3").put_object(Bucket="files", Key="50% é/ü", Body=b"u")
    own.kill()

    began = time.monotonic()
    own.start()
    seconds = time.monotonic() - began

    items = own.client("dynamodb").scan(TableName="things")["Items"]
    assert sorted(item["id"]["S"] for item in items) == ["1", "2"]
    assert {"L": [{"S": "x"}, {"M": {"y": {"BOOL": True}}}]} in [item.get("w") for item in items]
    s3 = own.client("s3")
    kept = s3.get_object(Bucket="files", Key="a/b c.txt")
    assert (kept["Body"].read(), kept["ContentType"]) == (b"hello", "text/plain")
    assert s3.get_object(Bucket="files", Key="big")["Body"].read() == big.read_bytes()
    assert [x["Key"] for x in s3.list_objects_v2(Bucket="files")["Contents"]] == [
        "50% é/ü",
        "a/b c.txt",
        "big",
    ]
    assert own.client("cloudformation").describe_stacks(StackName="data")
    own.create("kept")
    own.wait_for("InService", "kept")
    assert seconds < 15


def test_endpoints_do_not_outlive_their_machines(own):
    own.serve()
    pid = json.loads(own.invoke())["pid"]

    own.kill()

    until(lambda: not _runs(pid), 10, "the container is gone")
    own.start()
    assert own.describe() is None
    assert not list((own.data / "instances").glob("*"))


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_stop_ends_the_containers_gently(own):
    own.serve()

    own.stop()

    assert own.process.returncode == 0
    assert own.notes.read_text().splitlines() == ["started", "SIGTERM"]
    assert not (own.data / "local_cloud.json").exists()


def test_a_damaged_file_is_set_aside_and_the_cloud_starts(own):
    fill(own)
    own.stop()
    (own.data / "state.sqlite").write_bytes(b"this is no database" * 100)

    own.start()

    assert own.client("s3").list_buckets()["Buckets"] == []
    assert list(own.data.glob("state.sqlite.damaged-*"))
    assert "It was set aside as" in own.stop()


def test_an_object_that_was_cut_short_is_set_aside(own):
    fill(own)
    own.stop()
    (stored,) = (own.data / "objects").iterdir()
    stored.write_bytes(b"he")

    own.start()

    assert own.client("s3").list_objects_v2(Bucket="files")["KeyCount"] == 0
    assert list((own.data / "objects").glob("*.damaged-*"))


def started(*arguments):
    command = [sys.executable, "-m", "infrastructure.local_cloud", "serve", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)


def test_a_second_cloud_on_the_same_folder_is_refused_in_a_sentence(own):
    told = started("--data", str(own.data))

    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "runs on" in told.stderr


def test_a_port_in_use_is_a_sentence(own, tmp_path):
    port = own.address.rpartition(":")[2]

    told = started("--data", str(tmp_path / "other"), "--port", port)

    assert told.returncode == 1
    assert f"Port {port} is in use." in told.stderr.splitlines()[-1]
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("pair", ["tested", "=x", "tested="])
def test_an_image_needs_a_name_and_a_command(tmp_path, pair):
    told = started("--data", str(tmp_path), "--image", pair)

    assert (told.returncode, "must be NAME=COMMAND" in told.stderr) == (1, True)


def test_a_folder_that_cannot_be_written_to_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    told = started("--data", str(tmp_path / "file" / "data"))

    assert (told.returncode, "cannot be written to" in told.stderr) == (1, True)


def test_the_minute_rule_reconciles_against_the_local_cloud(tmp_path):
    cloud = Cloud(tmp_path / "data", minute="1").start()
    dynamodb = cloud.client("dynamodb")
    for name in ("leases", "demos", "starts", "releases", "audit"):
        dynamodb.create_table(
            TableName=f"deep-hop-{name}",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    dynamodb.put_item(TableName="deep-hop-leases", Item={"id": {"S": "no lease at all"}})
    leases = LeaseStore(Aws(local_session(), cloud.address).table("deep-hop-leases"))
    lease = leases.add(new_lease(datetime.now(UTC), 30, "ada", "talk"))

    until(lambda: leases.find(lease.id).ended, 60)  # there is no release to start
    assert leases.find(lease.id).end_reason == "the start was refused"
    cloud.stop()
