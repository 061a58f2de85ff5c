"""A training job in the local cloud that is interrupted again and again, and what it lost."""

import hashlib
import json
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

_STEP = re.compile(r"^step=(\d+)/", re.M)
_LIFE = re.compile(r"^(?:Going on from step (\d+)|Starting at step 0)\.", re.M)
ENDED = ("Completed", "Failed", "Stopped")
MOST_STEPS_BEFORE = 3  # of a machine, before its blow
LONGEST_WAIT = 600.0  # seconds for one step of a life


class JobDisturbedTooMuch(Exception):
    """The job did not do what was waited for; the message has its log's end."""


@dataclass(frozen=True)
class Blow:
    """One interruption: with SIGTERM or without notice, and in which part of a life it falls."""

    notice: bool
    moment: str  # loading, training or saving


def plan_blows(kills: int, terms: int, seed: int) -> list[Blow]:
    """Kills at random moments, a third of them while a checkpoint is written, and SIGTERMs."""
    dice = random.Random(seed)  # nosec B311  # no secret
    moments = [*["saving"] * -(-kills // 3), *["loading"] * (kills // 10)]
    moments += ["training"] * (kills - len(moments))
    blows = [Blow(False, moment) for moment in moments] + [Blow(True, "training")] * terms
    dice.shuffle(blows)
    return blows


class WatchedJob:
    """A job of the local cloud, seen from outside: its log, its machine's folder, its status."""

    def __init__(self, sagemaker: Any, address: str, data: Path, name: str) -> None:
        self._sagemaker, self._address, self._data, self._name = sagemaker, address, data, name

    def describe(self) -> dict[str, Any]:
        found: dict[str, Any] = self._sagemaker.describe_training_job(TrainingJobName=self._name)
        return found

    def log(self) -> str:
        path = self._data / "logs" / f"{self._name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

    def steps_since(self, log_before: int) -> int:
        """The steps told in the log after so many characters of it."""
        return len(_STEP.findall(self.log()[log_before:]))

    def machines(self) -> int:
        """How often the job has begun to train."""
        moves = self.describe()["SecondaryStatusTransitions"]
        return sum(move["Status"] == "Training" for move in moves)

    def saves(self) -> bool:
        folders = self._data.glob(f"instances/{self._name}-*/checkpoints/unfinished-[0-9]*")
        return next(iter(folders), None) is not None

    def interrupt(self, notice: bool) -> None:
        url = f"{self._address}/local-cloud/training-jobs/{self._name}/interruptions"
        answer = requests.post(url, data=json.dumps({"notice": notice}), timeout=30)
        if not answer.ok:
            raise JobDisturbedTooMuch(f"The interruption was refused: {answer.text}")

    def wait(self, what: str, condition: Callable[[], bool], pause: float = 0.05) -> None:
        """Until the condition holds, or raise JobDisturbedTooMuch."""
        deadline, looked = time.monotonic() + LONGEST_WAIT, 0.0
        while not condition():
            if time.monotonic() - looked > 1:
                looked = time.monotonic()
                status = self.describe()["TrainingJobStatus"]
                if status in ENDED and not condition():
                    raise JobDisturbedTooMuch(f"The job is {status} before {what}. {self._end()}")
            if time.monotonic() > deadline:
                raise JobDisturbedTooMuch(f"{what} did not come in time. {self._end()}")
            time.sleep(pause)

    def _end(self) -> str:
        return "Its log ends:\n" + "\n".join(self.log().splitlines()[-15:])


def disturb(job: WatchedJob, blow: Blow, number: int, dice: random.Random, pace: float) -> None:
    """Deal one blow, to the job's machine of this number; a step takes some `pace` seconds."""
    job.wait(f"machine {number}", lambda: job.machines() == number)
    if blow.moment == "loading":
        time.sleep(dice.uniform(0.0, 2.0))
        job.interrupt(blow.notice)
        return
    before = len(job.log())
    steps = dice.randint(1, MOST_STEPS_BEFORE)
    job.wait("a step", lambda: job.steps_since(before) >= steps)
    if blow.moment == "saving":
        job.wait("a checkpoint", job.saves, pause=0.0005)
    else:
        time.sleep(dice.uniform(0.0, pace))
    job.interrupt(blow.notice)


def adapter_hash(s3: Any, described: dict[str, Any]) -> str:
    """The SHA-256 of a finished job's adapter in S3."""
    where = described["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://")
    bucket, _, prefix = where.partition("/")
    key = f"{prefix.rstrip('/')}/adapter/adapter_model.safetensors"
    return hashlib.sha256(s3.get_object(Bucket=bucket, Key=key)["Body"].read()).hexdigest()


def lost_steps(log: str) -> int:
    """Steps that were done twice or more, over all lives."""
    lost = last = 0
    for line in log.splitlines():
        if match := _STEP.match(line):
            last = int(match[1])
        elif match := _LIFE.match(line):
            lost += last - int(match[1] or 0)
            last = int(match[1] or 0)
    return lost
