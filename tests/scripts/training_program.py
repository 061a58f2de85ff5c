"""Stands in for the training image: three steps, as told by wish.json among its data.

`hold_at` a step it waits until the file `gate` is there; `fail_at` a step it fails with `failure`.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from training_job.metrics import step_line

BASE = Path(os.environ["SAGEMAKER_BASE_DIR"])
WISH = json.loads((BASE / "input/data/data/wish.json").read_text())
CHECKPOINTS = BASE / "checkpoints"
STEPS = 3


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    done = len(list(CHECKPOINTS.glob("step-*")))
    print(f"Going on from step {done}." if done else "Starting at step 0.", flush=True)
    for step in range(done + 1, STEPS + 1):
        numbers = {"loss": 3.0 / step, "tokens_per_second": 100, "seconds_left": 60 * STEPS - step}
        print(step_line(step, STEPS, numbers), flush=True)
        write(CHECKPOINTS / f"step-{step}", "x")
        while step == WISH.get("hold_at") and not Path(WISH["gate"]).exists():
            time.sleep(0.02)
        if step == WISH.get("fail_at"):
            write(BASE / "output/failure", WISH["failure"])
            sys.exit(1)
    write(BASE / "model/adapter/adapter_config.json", "{}")
    write(BASE / "model/run.json", json.dumps({"offline": os.environ.get("HF_HUB_OFFLINE")}))
    write(BASE / "output/data/metrics.jsonl", "{}\n")


main()
