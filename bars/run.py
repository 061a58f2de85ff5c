"""run.json: the settings that travel with the weights, written by training, read by the server."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bars.prompt import PROMPT_VERSIONS


class RunRefused(ValueError):
    """The model directory does not say how its model is to be used, or says what we cannot do."""


@dataclass(frozen=True)
class Run:
    """How a model came to be and how it must be spoken to."""

    base_model: str
    revision: str
    prompt_version: int
    quantization: str = "none"
    lora: dict[str, Any] | None = None
    tasks: dict[str, float] | None = None  # the share of each task in what was learned, by tokens
    data_hash: str | None = None
    git_commit: str | None = None
    scores: dict[str, float] = field(default_factory=dict)

    @property
    def plans_end_words(self) -> bool:
        """Whether the model has learned plans that name the word a bar ends on."""
        return bool((self.tasks or {}).get("rhyme word first"))

    @classmethod
    def load(cls, model_dir: Path) -> "Run":
        """Read run.json, or raise RunRefused with what is wrong and how to mend it."""
        path = model_dir / "run.json"
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            run = cls(**{name: body[name] for name in cls.__dataclass_fields__ if name in body})
        except FileNotFoundError:
            raise RunRefused(
                f"{path} is missing. A model directory needs run.json beside its base/ folder."
            ) from None
        except (ValueError, TypeError) as error:
            raise RunRefused(
                f"{path} cannot be read ({error}). Publish the model again."
            ) from error
        if run.prompt_version not in PROMPT_VERSIONS:
            known = ", ".join(map(str, PROMPT_VERSIONS))
            raise RunRefused(
                f"The model was trained with prompt version {run.prompt_version}, and this image "
                f"speaks {known}. Deploy an image that knows it, or another model."
            )
        return run

    def save(self, model_dir: Path) -> None:
        """Write run.json, under a temporary name first."""
        unfinished = model_dir / "run.json.unfinished"
        unfinished.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        os.replace(unfinished, model_dir / "run.json")
