"""A training job in a folder of this machine, as SageMaker lays its own out; no cloud is needed.

The folder can be named again at any time: a job that has ended is not done again, and one that was
cut off goes on from its last checkpoint.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training_job.directories import BASE, DATA
from training_job.evaluation_files import EVALUATION


@dataclass(frozen=True)
class JobFolder:
    """Where a job and its evaluation lie; `logged` keeps their words in files, not on screen."""

    folder: Path
    logged: bool = True

    @property
    def model(self) -> Path:
        """What the job makes: adapter/, run.json, fingerprints."""
        return self.folder / "model"

    @property
    def evaluation(self) -> Path:
        return self.folder / EVALUATION

    def train(self, data: Path, base: Path, hyperparameters: Mapping[str, Any]) -> None:
        """Run the job's own program to its end; objects become strings, as SageMaker's are."""
        if (self.model / "run.json").is_file():
            return
        for name, source in ((DATA, data), (BASE, base)):
            link = self.folder / "input" / "data" / name
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(source.resolve())
        texts = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in hyperparameters.items()
        }
        config = self.folder / "input" / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "hyperparameters.json").write_text(json.dumps(texts, indent=1), encoding="utf-8")
        self._call("train", ["training_job", "train"], {"SAGEMAKER_BASE_DIR": str(self.folder)})

    def evaluate(self, data: Path, model: Path, more: Sequence[str]) -> None:
        """Measure, unless that is done: by `more`, the adapter or the base alone."""
        if not self.evaluation.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            words = ["--model", str(model), "--data", str(data), "--out", str(self.folder)]
            self._call("evaluate", ["scripts.evaluate_adapter", *words, *more], {})

    def _call(self, what: str, words: Sequence[str], env: Mapping[str, str]) -> None:
        """Run a program of ours to its end."""
        log = self.folder / f"{what}.log"
        with log.open("ab") as file:
            told = subprocess.run(
                [sys.executable, "-m", *words],
                stdout=file if self.logged else None,
                stderr=subprocess.STDOUT if self.logged else None,
                env={**os.environ, "HF_HUB_OFFLINE": "1", **env},
                check=False,
            )
        if told.returncode:
            where = f" Its log is {log}." if self.logged else ""
            sys.exit(f"python -m {words[0]} failed.{where}")
