"""The settings of one local cloud, checked once, at the entry point."""

import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path

REGION = "us-east-1"
ROOT = Path(__file__).parent.parent.parent
INFERENCE = "deep-hop-inference"
TRAINING = "deep-hop-training"


class CloudSettingsWrong(ValueError):
    """The local cloud was asked for in a way that cannot work; the message has the remedy."""


def _own_images() -> dict[str, list[str]]:
    return {
        INFERENCE: [sys.executable, "-m", "inference", "serve"],
        TRAINING: [sys.executable, "-m", "training_job", "train"],
    }


@dataclass(frozen=True)
class CloudSettings:
    """Where a local cloud keeps its state and what stands in for container images."""

    data: Path
    port: int = 0  # 0: any free one
    minute: float = 60  # seconds between two runs of the minute rule; 0: never
    images: dict[str, list[str]] = field(default_factory=_own_images)
    invoke_seconds: float = 60  # SageMaker's limits
    stream_seconds: float = 480
    stop_seconds: float = 30
    train_stop_seconds: float = 120
    sync_seconds: float = 0.5  # between two looks at a training job's checkpoints

    def command_of(self, image: str) -> list[str] | None:
        """What stands in for an image; None for one that is in no repository of ours."""
        repository = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
        return self.images.get(repository)

    @property
    def address_file(self) -> Path:
        return self.data / "local_cloud.json"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def instances(self) -> Path:
        return self.data / "instances"


def read_images(pairs: list[str]) -> dict[str, list[str]]:
    """Image repositories and their commands, from NAME=COMMAND."""
    images = _own_images()
    for pair in pairs:
        name, separator, command = pair.partition("=")
        if not separator or not name or not command.strip():
            raise CloudSettingsWrong(f"--image {pair!r} must be NAME=COMMAND.")
        images[name] = shlex.split(command)
    return images
