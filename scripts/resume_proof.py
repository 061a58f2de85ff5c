"""The proof that a training job goes on exactly: two runs in a local cloud, one is disturbed."""

import os
import random
import sys
import time
from pathlib import Path
from typing import Any

import boto3
from tqdm import tqdm

from bars.sample_verses import sample_verses
from scripts.cloud_process import running_cloud
from scripts.disturbed_job import (
    ENDED,
    JobDisturbedTooMuch,
    WatchedJob,
    adapter_hash,
    disturb,
    lost_steps,
    plan_blows,
)
from scripts.model_files import files_below, read_files, upload
from training_job.directories import BASE, DATA
from training_job.launch import Launch, training_job_request
from training_job.prepare import prepare, sample_songs
from training_job.prepare_settings import PrepareSettings

BUCKET = "check-resume"
TOKENS_A_STEP = 512
SMALL = {
    "base_model": "check",
    "quantization": "none",
    "row_tokens": "256",
    "rows": "1",
    "accumulation": "2",
    "rank": "4",
    "dropout": "0.1",
    "gradient_checkpointing": "false",
    "save_steps": "2",
}


def prove(
    folder: Path, base: Path, kills: int, terms: int, seed: int, steps_a_blow: int
) -> dict[str, Any]:
    """Both runs, one after the other; what came of them."""
    blows = plan_blows(kills, terms, seed)
    steps = steps_a_blow * (len(blows) + 1)
    pace = 0.0
    began = time.monotonic()
    with running_cloud(folder / "cloud", os.environ, ["--minute", "0"]) as address:
        session = boto3.Session("local", "local", region_name="us-east-1")
        s3, sagemaker = (session.client(n, endpoint_url=address) for n in ("s3", "sagemaker"))
        s3.create_bucket(Bucket=BUCKET)
        channels = _channels(s3, folder, base)
        jobs = {}
        for name in ("undisturbed", "disturbed"):
            sagemaker.create_training_job(**_request(name, channels, steps))
            jobs[name] = WatchedJob(sagemaker, address, folder / "cloud", name)
            dice = random.Random(seed)  # nosec B311  # no secret
            dealt = blows if name == "disturbed" else []
            shown = tqdm(dealt, desc=name, leave=False, disable=not sys.stderr.isatty())
            for number, blow in enumerate(shown, 1):
                disturb(jobs[name], blow, number, dice, pace)
            _finish(jobs[name])
            pace = jobs[name].describe()["TrainingTimeInSeconds"] / steps
        hashes = {name: adapter_hash(s3, job.describe()) for name, job in jobs.items()}
        log = jobs["disturbed"].log()
    return {
        "kills": kills,
        "kills_while_saving": sum(b.moment == "saving" for b in blows),
        "terms": terms,
        "identical": len(set(hashes.values())) == 1,
        "lost_steps": lost_steps(log),
        "steps": steps,
        "sha256": hashes["disturbed"],
        "seconds": round(time.monotonic() - began, 1),
    }


def _channels(s3: Any, folder: Path, base: Path) -> dict[str, str]:
    settings = PrepareSettings(sounds=500)
    prepare(sample_songs(sample_verses()), folder / "data", settings)
    channels = {}
    for name, source in ((DATA, folder / "data"), (BASE, base)):
        files = read_files(source, files_below(source), name)
        upload(s3, BUCKET, files, list(files.sizes), name)
        channels[name] = f"s3://{BUCKET}/{files.prefix}"
    return channels


def _request(name: str, channels: dict[str, str], steps: int) -> dict[str, Any]:
    launch = Launch(
        name=name,
        run=name,
        image="123456789012.dkr.ecr.us-east-1.amazonaws.com/deep-hop-training:local",
        role="arn:aws:iam::123456789012:role/training",
        bucket=BUCKET,
        hyperparameters={**SMALL, "max_tokens": str(steps * TOKENS_A_STEP)},
        data=channels[DATA],
        base=channels[BASE],
        spot=True,
    )
    return training_job_request(launch)


def _finish(job: WatchedJob) -> None:
    job.wait("its end", lambda: job.describe()["TrainingJobStatus"] in ENDED, pause=0.5)
    told = job.describe()
    if told["TrainingJobStatus"] != "Completed":
        raise JobDisturbedTooMuch(told.get("FailureReason", told["TrainingJobStatus"]))
