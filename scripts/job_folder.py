"""A training job in a folder of this machine, as SageMaker lays its own out; no cloud is needed.

The folder can be named again at any time: a job that has ended is not done again, and one that was
cut off goes on from its last checkpoint.
"""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.checkout import clean_commit
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

    @property
    def hyperparameters(self) -> Path:
        return self.folder / "input" / "config" / "hyperparameters.json"

    def train(self, data: Path, base: Path, hyperparameters: Mapping[str, Any]) -> None:
        """Run the job's own program to its end; objects become strings, as SageMaker's are."""
        texts = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in hyperparameters.items()
        }
        self._configure(texts)
        for name, source in ((DATA, data), (BASE, base)):
            self._link(name, source)
        if (self.model / "run.json").is_file():
            return
        env = {"SAGEMAKER_BASE_DIR": str(self.folder), "DEEP_HOP_GIT_COMMIT": clean_commit()}
        self._call("train", ["training_job", "train"], env)

    def _configure(self, texts: Mapping[str, str]) -> None:
        """Write the hyperparameters; a folder keeps those that it began with."""
        wanted = json.dumps(texts, indent=1) + "\n"
        path = self.hyperparameters
        if path.is_file() and path.read_text(encoding="utf-8") != wanted:
            sys.exit(
                f"{self.folder} holds a job with other hyperparameters ({path}). Remove the "
                "folder, or name another."
            )
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".unfinished")
            unfinished.write_text(wanted, encoding="utf-8")
            os.replace(unfinished, path)

    def _link(self, channel: str, source: Path) -> None:
        """Show the job a folder as one of its channels, always the same."""
        link = self.folder / "input" / "data" / channel
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(source.resolve())
        elif link.resolve() != source.resolve():
            sys.exit(
                f"{self.folder} holds a job on {link.resolve()}, not {source.resolve()}. Remove "
                "the folder, or name another."
            )

    def evaluate(self, data: Path, model: Path, more: Sequence[str]) -> None:
        """Measure, unless that is done: by `more`, the adapter or the base alone."""
        if not self.evaluation.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            words = ["--model", str(model), "--data", str(data), "--out", str(self.folder)]
            self._call("evaluate", ["scripts.evaluate_adapter", *words, *more], {})

    def _call(self, what: str, words: Sequence[str], env: Mapping[str, str]) -> None:
        """Run a program of ours to its end, with threads that spin shortly before they sleep.

        That is half as fast again where nothing else runs, and slower where something does.
        """
        log = self.folder / f"{what}.log"
        with log.open("ab") as file, self._locked() as lock:
            told = subprocess.run(
                [sys.executable, "-m", *words],
                stdout=file if self.logged else None,
                stderr=subprocess.STDOUT if self.logged else None,
                env={"GOMP_SPINCOUNT": "3000", **os.environ, "HF_HUB_OFFLINE": "1", **env},
                check=False,
                pass_fds=[lock],
            )
        if told.returncode:
            where = f" Its log is {log}." if self.logged else ""
            sys.exit(f"python -m {words[0]} failed.{where}")

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The folder's lock. The program inherits it, and so keeps it where this process dies."""
        with (self.folder / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sys.exit(f"A program works in {self.folder} already. Wait for it, or end it.")
            yield lock.fileno()
