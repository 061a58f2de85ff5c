"""What we rely on inside moto. A failure here means that moto changed: mend moto_adapter."""

import io
import json
import time
from datetime import UTC, datetime

import pytest

from infrastructure.local_cloud.calls import Call
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.refusals import arn

FACTS = {"etag": "abc", "size": 5, "metadata": {"content-type": "text/plain"}}
SCOPE = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{}/aws4_request, SignedHeaders=host"


@pytest.fixture(scope="module")
def moto():
    return Moto()


def ask(moto, service, method="POST", path="/", target="", body=b"", **more):
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": "127.0.0.1:5000",
        "HTTP_AUTHORIZATION": SCOPE.format(service),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5000",
        "wsgi.url_scheme": "http",
        **({"HTTP_X_AMZ_TARGET": target} if target else {}),
        **more,
    }
    return moto.answer(environ, body)


def test_moto_answers_as_its_server_does(moto):
    assert ask(moto, "s3", "PUT", "/bucket").status_code == 200
    assert b"bucket" in ask(moto, "s3", "GET").data


def test_an_object_can_be_put_back_from_a_file(moto, tmp_path):
    ask(moto, "s3", "PUT", "/restored")
    (tmp_path / "file").write_bytes(b"hello")

    moto.restore_object("restored", "a/b", FACTS, (tmp_path / "file").open("rb"))

    assert ask(moto, "s3", "GET", "/restored/a/b").data == b"hello"
    assert moto.keys("restored", "a/") == ["a/b"]
    assert moto.object_facts("restored", "a/b")["size"] == 5


def test_an_object_can_be_read_and_kept_in_a_file(moto, tmp_path):
    ask(moto, "s3", "PUT", "/kept")
    ask(moto, "s3", "PUT", "/kept/key", body=b"there")
    with moto.object_bytes("kept", "key") as source:
        (tmp_path / "file").write_bytes(source.read())

    moto.keep_object_in("kept", "key", (tmp_path / "file").open("rb"))

    assert ask(moto, "s3", "GET", "/kept/key").data == b"there"


def test_an_endpoint_shows_the_status_it_is_given(moto):
    target = "SageMaker.{}"
    body = b'{"ModelName": "m", "ExecutionRoleArn": "arn:aws:iam::1:role/r", '
    body += b'"PrimaryContainer": {"Image": "i"}}'
    ask(moto, "sagemaker", target=target.format("CreateModel"), body=body)
    variants = b'[{"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", '
    variants += b'"InitialInstanceCount": 1}]'
    body = b'{"EndpointConfigName": "c", "ProductionVariants": ' + variants + b"}"
    ask(moto, "sagemaker", target=target.format("CreateEndpointConfig"), body=body)
    body = b'{"EndpointName": "e", "EndpointConfigName": "c"}'
    ask(moto, "sagemaker", target=target.format("CreateEndpoint"), body=body)

    moto.set_status("us-east-1", "e", "Failed", datetime.now(UTC), "because")

    described = target.format("DescribeEndpoint")
    told = ask(moto, "sagemaker", target=described, body=b'{"EndpointName": "e"}')
    told = json.loads(told.data)
    assert (told["EndpointStatus"], told["FailureReason"]) == ("Failed", "because")
    assert moto.variant("us-east-1", "c")["ModelName"] == "m"
    assert moto.container("us-east-1", "m")["Image"] == "i"
    moto.forget_endpoint("us-east-1", "e")
    assert moto.endpoint("us-east-1", "e") is None


def test_an_object_that_is_deleted_in_a_bucket_with_versions_is_no_key(moto):
    ask(moto, "s3", "PUT", "/versions")
    enabled = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    ask(moto, "s3", "PUT", "/versions", QUERY_STRING="versioning", body=enabled)
    ask(moto, "s3", "PUT", "/versions/kept", body=b"1")
    ask(moto, "s3", "PUT", "/versions/gone", body=b"1")
    ask(moto, "s3", "DELETE", "/versions/gone")

    assert moto.keys("versions", "") == ["kept"]
    assert (moto.has_bucket("versions"), moto.has_bucket("nobodys")) == (True, False)


def test_a_training_job_has_the_arn_that_we_give_it(moto):
    output = b'"OutputDataConfig": {"S3OutputPath": "s3://b/x"}'
    body = b'{"TrainingJobName": "j", "AlgorithmSpecification": {}, ' + output + b"}"

    told = ask(moto, "sagemaker", target="SageMaker.CreateTrainingJob", body=body)

    assert json.loads(told.data)["TrainingJobArn"] == arn("us-east-1", "training-job", "j")


def test_log_lines_are_found_by_their_time(moto):
    moto.write_log("us-east-1", "/group", "stream", ["hello"], int(time.time() * 1000))

    body = b'{"logGroupName": "/group", "startTime": 0}'
    told = ask(moto, "logs", target="Logs_20140328.FilterLogEvents", body=body)
    assert [event["message"] for event in json.loads(told.data)["events"]] == ["hello"]


def test_a_call_is_read_from_its_headers_and_body():
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "HTTP_AUTHORIZATION": SCOPE.format("dynamodb"),
        "HTTP_X_AMZ_TARGET": "DynamoDB_20120810.PutItem",
        "wsgi.input": io.BytesIO(),
    }

    call = Call.read(environ, b'{"TableName": "t"}')

    assert (call.service, call.region, call.operation) == ("dynamodb", "us-east-1", "PutItem")
    assert call.json() == {"TableName": "t"}
