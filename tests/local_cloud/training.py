"""Training jobs of one local cloud, asked for through boto3."""

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.local_cloud.cloud import ROLE, Cloud, until

PROGRAM = Path(__file__).parent / "training_program.py"
FINAL = ("Completed", "Failed", "Stopped")


def start_cloud(data):
    """A local cloud that knows the training program, and kills it half a second after SIGTERM."""
    image = f"trained={sys.executable} {PROGRAM}"
    return Cloud(data, "--train-stop", "0.5", "--image", image).start()


def job(name, spot=False, most_running=600, folder=Path("/tmp"), **wish):
    """CreateTrainingJob's request for the training program; `wish` are its hyperparameters."""
    waiting = {"MaxWaitTimeInSeconds": most_running} if spot else {}
    return {
        "TrainingJobName": name,
        "RoleArn": ROLE,
        "HyperParameters": {field: str(value) for field, value in wish.items()},
        "AlgorithmSpecification": {
            "TrainingImage": "123.dkr.ecr.us-east-1.amazonaws.com/trained:1",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "loss", "Regex": r"loss=([0-9.]+);"}],
        },
        "OutputDataConfig": {"S3OutputPath": "s3://training/out", "CompressionType": "NONE"},
        "ResourceConfig": {
            "InstanceType": "ml.g4dn.xlarge",
            "InstanceCount": 1,
            "VolumeSizeInGB": 1,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": most_running, **waiting},
        "CheckpointConfig": {"S3Uri": f"s3://training/checkpoints/{name}"},
        "EnableManagedSpotTraining": spot,
        "Environment": {"NOTES": str(folder / "notes"), "GATE": str(folder / "gate")},
    }


def channel(name, uri):
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, "ContentType": "x-lyrics"}


class Notes:
    """What the program has noted down, and the gate that it waits at."""

    def __init__(self, folder):
        self._notes, self._gate = folder / "notes", folder / "gate"

    def of(self, field):
        lines = self._notes.read_text().splitlines() if self._notes.exists() else []
        return [facts[field] for facts in map(json.loads, lines) if field in facts]

    def wait_for_step(self, step):
        until(lambda: step in self.of("step"), what=f"step {step}")

    def open_gate(self):
        self._gate.touch()


class Job:
    """One training job of a local cloud."""

    def __init__(self, cloud, folder, name):
        self.cloud, self.folder, self.name = cloud, folder, name
        self.notes = Notes(folder)
        self.sagemaker, self.s3 = cloud.client("sagemaker"), cloud.client("s3")
        self.s3.create_bucket(Bucket="training")

    def create(self, changes=None, **wish):
        request = job(self.name, folder=self.folder, **wish) | (changes or {})
        return self.sagemaker.create_training_job(**request)

    def describe(self):
        return self.sagemaker.describe_training_job(TrainingJobName=self.name)

    def stop(self):
        self.sagemaker.stop_training_job(TrainingJobName=self.name)

    def wait_for_checkpoint(self, step):
        """Until a step is in S3, and known there as the latest."""
        until(lambda: self._has_checkpoint(step), what=f"step {step} is in S3")

    def _has_checkpoint(self, step):
        there = self.files(f"checkpoints/{self.name}/")
        return f"step-{step}" in there and there.get("latest") == str(step)

    def wait_for_end(self):
        """Its last description."""
        return until(self._end, what=f"{self.name} has ended")

    def _end(self):
        told = self.describe()
        return told if told["TrainingJobStatus"] in FINAL else None

    def statuses(self):
        return [told["Status"] for told in self.describe()["SecondaryStatusTransitions"]]

    def files(self, prefix):
        """The objects below a prefix of the bucket, by the rest of their keys."""
        found = self.s3.list_objects_v2(Bucket="training", Prefix=prefix).get("Contents", [])
        return {told["Key"].removeprefix(prefix): self._text(told["Key"]) for told in found}

    def _text(self, key):
        return self.s3.get_object(Bucket="training", Key=key)["Body"].read().decode("latin-1")

    def checkpoints(self):
        found = self.s3.list_objects_v2(Bucket="training", Prefix=f"checkpoints/{self.name}/")
        return {told["Key"].rpartition("/")[2] for told in found.get("Contents", [])}

    def interrupt(self, **wish):
        """The local cloud's own door; its status and its answer."""
        request = urllib.request.Request(
            f"{self.cloud.address}/local-cloud/training-jobs/{self.name}/interruptions",
            json.dumps(wish).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)["message"]
