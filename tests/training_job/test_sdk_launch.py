"""The SageMaker SDK asks for the same job as we do, and tells nobody else of it."""

import json
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest

from tests.training_job.test_launch import LAUNCH
from training_job.launch import training_job_request
from training_job.sdk_launch import DIFFERENCES, send

pytest.importorskip("sagemaker", reason="it is not installed: see requirements-sdk.txt")
ARN = "arn:aws:sagemaker:us-east-1:123456789012:training-job/rain"


class Recorder(ThreadingHTTPServer):
    """SageMaker for one job, and the proxy to everywhere else; remembers what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked, self.elsewhere = [], []
        self.address = f"http://127.0.0.1:{self.server_port}"

    def answer(self, operation, body):
        self.asked.append((operation, body))
        if operation == "SageMaker.CreateTrainingJob":
            return {"TrainingJobArn": ARN}
        described = dict(self.asked[0][1])
        described.pop("Tags")
        return described | {
            "TrainingJobArn": ARN,
            "TrainingJobStatus": "InProgress",
            "SecondaryStatus": "Starting",
            "CreationTime": time.time(),
            "ModelArtifacts": {"S3ModelArtifacts": "s3://models/x"},
        }


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps(self.server.answer(self.headers["X-Amz-Target"], body)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_CONNECT(self):
        self.server.elsewhere.append(self.path)
        self.send_error(502)

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def recorder(monkeypatch, tmp_path):
    recorder = Recorder()
    thread = threading.Thread(target=recorder.serve_forever)
    thread.start()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", recorder.address)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield recorder
    recorder.shutdown()
    thread.join()
    recorder.server_close()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "base": "s3://models/training/base/2/",
            "hyperparameters": {"rank": "8", "alpha": "16.0", "shares": '{"verse": 1}'},
            "spot": True,
            "max_wait_hours": 30,
            "instances": 2,
            "git_commit": "abc",
        },
    ],
)
def test_the_sdk_asks_for_the_same_job_but_for_what_is_listed_and_calls_nobody_else(
    recorder, changes
):
    before = set(threading.enumerate())
    launch = replace(LAUNCH, **changes)

    name = send(launch, boto3.Session("x", "x", region_name="us-east-1"), recorder.address)

    (operation, asked), *_ = recorder.asked
    ours = training_job_request(launch)
    assert operation == "SageMaker.CreateTrainingJob"
    assert {field for field in asked | ours if asked.get(field) != ours.get(field)} == {
        *DIFFERENCES
    }
    assert asked["TrainingJobName"] == name and name.startswith("rain-")
    for thread in set(threading.enumerate()) - before:
        thread.join(5)  # a telemetry thread would be among them
    assert recorder.elsewhere == []
