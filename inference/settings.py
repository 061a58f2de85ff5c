"""The container's settings, read from the environment once, at the entry point."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

QUANTIZATIONS = ("auto", "none", "int8")


class ServeSettingsWrong(ValueError):
    """The environment does not hold usable settings; the message names every problem."""


@dataclass(frozen=True)
class ServeSettings:
    """Where the model lies, where to listen, and how hard to work."""

    base_dir: Path = Path("/opt/ml")
    host: str = "0.0.0.0"  # nosec B104  # a container's port is reached from outside it
    port: int = 8080
    quantization: str = "auto"  # auto: int8 on CUDA, none on a CPU
    rows: int = 16  # candidates that are written at once for a bar
    seats: int = 0  # verses that are written side by side; 0: as many as fit into memory
    waiting: int = 8  # requests that may wait for a seat
    threads: int = 0  # of the processor that torch uses; 0: all cores
    stress: int = 1  # whether candidates that are stressed as the verse are preferred
    deadline: int = 240  # seconds that a verse may take from when it is asked for
    grace: float = 20.0  # seconds that a verse may still take after SIGTERM

    @property
    def model_dir(self) -> Path:
        return self.base_dir / "model"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "ServeSettings":
        """Read the settings, or raise ServeSettingsWrong with every problem at once."""
        problems: list[str] = []
        quantization = env.get("DEEP_HOP_QUANTIZATION", cls.quantization)
        if quantization not in QUANTIZATIONS:
            known = ", ".join(QUANTIZATIONS)
            problems.append(f"DEEP_HOP_QUANTIZATION is {quantization!r}; it must be of {known}.")
        settings = cls(
            base_dir=Path(env.get("SAGEMAKER_BASE_DIR", cls.base_dir)),
            host=env.get("DEEP_HOP_BIND_HOST", cls.host),
            port=_number(env, "SAGEMAKER_BIND_TO_PORT", cls.port, 65535, problems),
            quantization=quantization,
            rows=_number(env, "DEEP_HOP_ROWS", cls.rows, 64, problems),
            seats=_number(env, "DEEP_HOP_SEATS", cls.seats, 256, problems, least=0),
            waiting=_number(env, "DEEP_HOP_WAITING", cls.waiting, 1000, problems),
            deadline=_number(env, "DEEP_HOP_DEADLINE", cls.deadline, 480, problems),
            stress=_number(env, "DEEP_HOP_STRESS", cls.stress, 1, problems, least=0),
            threads=_number(env, "DEEP_HOP_THREADS", os.cpu_count() or 1, 1024, problems),
        )
        if problems:
            raise ServeSettingsWrong(" ".join(problems))
        return settings


def _number(
    env: Mapping[str, str], name: str, default: int, most: int, told: list[str], least: int = 1
) -> int:
    text = env.get(name, str(default))
    if text.isdecimal() and least <= int(text) <= most:
        return int(text)
    told.append(f"{name} is {text!r}; it must be a whole number from {least} to {most}.")
    return default
