"""A local cloud as a process, and what tests ask of it through boto3."""

import contextlib
import json
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import boto3
from botocore.config import Config

ROOT = Path(__file__).parent.parent.parent
PROGRAM = Path(__file__).parent / "container_program.py"
ROLE = "arn:aws:iam::123456789012:role/test"
ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=30)


def until(met, seconds=15, what="it"):
    """Look again and again until `met()` is true, and return what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := met():
            return found
        time.sleep(0.05)
    raise AssertionError(f"Not within {seconds} s: {what}.")


def runs(pid):
    """Whether a process is there, and not only the remembrance of one that has ended."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(told.stdout.strip()) and not told.stdout.startswith("Z")


@cache  # SageMaker's model takes a third of a second to read
def _client(service, address):
    session = boto3.Session("test", "test", region_name="us-east-1")
    return session.client(service, endpoint_url=address, config=ONCE)


class Cloud:
    """`python -m infrastructure.local_cloud serve` on a data folder."""

    def __init__(self, data, *options, minute="0"):
        self.data = Path(data)
        self.notes = self.data.parent / "notes.txt"
        self._options = ("--minute", minute, "--image", f"tested={sys.executable} {PROGRAM}")
        self._options += options
        self.process = None

    def start(self):
        if self.process:
            self.process.stderr.close()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "infrastructure.local_cloud", "serve", "--data", str(self.data)]
            + list(self._options),
            cwd=ROOT,
            env=os.environ,
            stderr=subprocess.PIPE,
        )
        self.address = until(self._address, 20, "the local cloud has started")
        return self

    def _address(self):
        assert self.process.poll() is None, self.process.stderr.read().decode()
        with contextlib.suppress(OSError, ValueError):
            told = json.loads((self.data / "local_cloud.json").read_text())
            return told["address"] if told["pid"] == self.process.pid else None
        return None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(40)
        return self.process.stderr.read().decode()

    def client(self, service):
        return _client(service, self.address)

    def deploy(self, name="hop", image="tested:1", data=True, seconds=60, **environment):
        """A model (of two small files) and its endpoint configuration, both named `name`."""
        s3, sagemaker = self.client("s3"), self.client("sagemaker")
        s3.create_bucket(Bucket="models")
        if data:
            s3.put_object(Bucket="models", Key=f"{name}/run.json", Body=b"{}")
            s3.put_object(Bucket="models", Key=f"{name}/base/weights", Body=b"w" * 1000)
        source = {
            "S3Uri": f"s3://models/{name}/",
            "S3DataType": "S3Prefix",
            "CompressionType": "None",
        }
        sagemaker.create_model(
            ModelName=name,
            ExecutionRoleArn=ROLE,
            PrimaryContainer={
                "Image": image,
                "ModelDataSource": {"S3DataSource": source},
                "Environment": {"NOTES": str(self.notes), **environment},
            },
        )
        variant = {
            "VariantName": "AllTraffic",
            "ModelName": name,
            "InstanceType": "ml.g4dn.xlarge",
            "InitialInstanceCount": 1,
            "ContainerStartupHealthCheckTimeoutInSeconds": seconds,
        }
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])

    def create(self, name="hop"):
        self.client("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName=name)

    def describe(self, name="hop"):
        sagemaker = self.client("sagemaker")
        with contextlib.suppress(sagemaker.exceptions.ClientError):
            return sagemaker.describe_endpoint(EndpointName=name)
        return None

    def wait_for(self, status, name="hop", seconds=20):
        return until(lambda: self._has(status, name), seconds, f"{name} is {status}")

    def _has(self, status, name):
        told = self.describe(name)
        return told if told and told["EndpointStatus"] == status else None

    def serve(self, name="hop", **environment):
        self.deploy(name, **environment)
        self.create(name)
        return self.wait_for("InService", name)

    def gone(self, name="hop"):
        self.client("sagemaker").delete_endpoint(EndpointName=name)
        until(lambda: self.describe(name) is None, 40, f"{name} is gone")

    def invoke(self, name="hop", **wish):
        answer = self.client("sagemaker-runtime").invoke_endpoint(
            EndpointName=name, ContentType="application/json", Body=json.dumps(wish)
        )
        return answer["Body"].read()

    def stream(self, name="hop", **wish):
        return self.client("sagemaker-runtime").invoke_endpoint_with_response_stream(
            EndpointName=name,
            ContentType="application/json",
            Accept="application/x-ndjson",
            Body=json.dumps(wish),
        )
