"""Where SageMaker puts what a training job needs, and where it looks for what the job made."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = "data"  # the channel with the prepared lessons
BASE = "base"  # the channel with the base model; optional, a hub's name does as well


class JobFailed(Exception):
    """The job cannot go on; the message says why and what to do, and becomes its FailureReason."""


@dataclass(frozen=True)
class Directories:
    """The container's folders: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms.html

    `SAGEMAKER_BASE_DIR` replaces /opt/ml on a laptop.
    """

    root: Path = Path("/opt/ml")

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Directories":
        return cls(Path(env.get("SAGEMAKER_BASE_DIR", "/opt/ml")))

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def model(self) -> Path:
        return self.root / "model"

    @property
    def output(self) -> Path:
        return self.root / "output" / "data"

    @property
    def failure(self) -> Path:
        return self.root / "output" / "failure"

    def channel(self, name: str) -> Path | None:
        """A channel's folder, if the job has such a channel."""
        folder = self.root / "input" / "data" / name
        return folder if folder.is_dir() else None

    def hyperparameters(self) -> dict[str, str]:
        return {name: str(value) for name, value in self._config("hyperparameters").items()}

    def resources(self) -> dict[str, Any]:
        """The hosts of the job: current_host and hosts, host names of the platform."""
        return {"current_host": "algo-1", "hosts": ["algo-1"], **self._config("resourceconfig")}

    def _config(self, name: str) -> dict[str, Any]:
        path = self.root / "input" / "config" / f"{name}.json"
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise JobFailed(
                f"{path} cannot be read ({error}). It must be a JSON object."
            ) from error
        if not isinstance(found, dict):
            raise JobFailed(f"{path} must be a JSON object.")
        return found

    def tell_failure(self, reason: str) -> None:
        """Write the reason where the platform looks for it; it shows the first 1,024 characters."""
        self.failure.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.failure.with_name("failure.unfinished")
        unfinished.write_text(reason[:1024], encoding="utf-8")
        os.replace(unfinished, self.failure)
