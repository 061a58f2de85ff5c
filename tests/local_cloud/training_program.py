"""A training job for tests: counts steps, and does what its hyperparameters and gate say.

It holds at the step `hold_at` until the file `GATE` is there, so that tests need not hurry.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

BASE = Path(os.environ["SAGEMAKER_BASE_DIR"])
NOTES = Path(os.environ["NOTES"])
GATE = Path(os.environ["GATE"])
CHECKPOINTS = BASE / "checkpoints"
CONFIG = {path.stem: json.loads(path.read_text()) for path in (BASE / "input/config").iterdir()}
WISH = CONFIG["hyperparameters"]


def note(**facts):
    with NOTES.open("a") as file:
        file.write(json.dumps(facts) + "\n")


def save(name, text):
    CHECKPOINTS.mkdir(exist_ok=True)
    unfinished = CHECKPOINTS / f"{name}.unfinished"
    unfinished.write_text(text)
    os.replace(unfinished, CHECKPOINTS / name)


def steps_done():
    return int((CHECKPOINTS / "latest").read_text()) if (CHECKPOINTS / "latest").exists() else 0


def train():
    for step in range(steps_done() + 1, int(WISH.get("steps", 3)) + 1):
        save(f"step-{step}", "x" * step)
        save("latest", str(step))
        (CHECKPOINTS / f"step-{step - 2}").unlink(missing_ok=True)
        print(f"step={step} loss={1 / step:.3f};", flush=True)
        note(step=step)
        if str(step) == WISH.get("hold_at"):
            while not GATE.exists():
                time.sleep(0.02)
        if str(step) == WISH.get("fail_at"):
            (BASE / "output/failure").write_text(WISH["failure"])
            sys.exit(3)


def write_model():
    (BASE / "model/adapter").mkdir(parents=True)
    (BASE / "model/adapter/weights").write_text(f"after {steps_done()} steps")
    (BASE / "model/run.json").write_text("{}")
    (BASE / "output/data/report").write_text("well done")


def end(*_):
    note(signal="SIGTERM")
    if WISH.get("stubborn"):
        return
    save("last-words", "saved at the end")
    write_model()
    sys.exit(int(WISH.get("code_at_end", "0")))


def main():
    signal.signal(signal.SIGTERM, end)
    worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    data = BASE / "input/data"
    note(
        started=steps_done(),
        base=str(BASE),
        config=CONFIG,
        files=sorted(p.relative_to(data).as_posix() for p in data.rglob("*") if p.is_file()),
        environment=dict(os.environ),
        pids=[os.getpid(), worker.pid],
    )
    train()
    write_model()


main()
