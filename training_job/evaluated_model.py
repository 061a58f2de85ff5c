"""The model of an evaluation: a base, with its adapter or without one."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bars.prompt import LESSON_VERSION
from bars.run import Run, RunRefused
from training_job.base_model import load_base, load_tokenizer
from training_job.directories import JobFailed
from training_job.settings import QUANTIZATIONS, TrainSettings
from training_job.token_rows import Speaker

ADAPTER = "adapter"


class ModelRefused(Exception):
    """The model cannot be evaluated as asked; the message says why and what to do."""


@dataclass(frozen=True)
class ModelFolder:
    """Where base and adapter lie, and the run.json that tells of them; `adapter` may be none."""

    base: Path
    adapter: Path | None
    run_folder: Path
    run: Run

    @classmethod
    def find(cls, model: Path, adapter: Path | None, bare: bool) -> "ModelFolder":
        """Look into a model directory; `adapter` is a folder of an adapter or with one."""
        base = model / "base"
        if not (base / "config.json").is_file():
            raise ModelRefused(f"{base} holds no model (no config.json). Name a model directory.")
        found = None if bare else _adapter(model, adapter)
        run_folder = found.parent if found and (found.parent / "run.json").is_file() else model
        try:
            run = Run.load(run_folder)
        except RunRefused as error:
            raise ModelRefused(str(error)) from error
        if found and run.prompt_version != LESSON_VERSION:
            raise ModelRefused(
                f"The adapter in {found} was trained with prompt version {run.prompt_version}, and "
                f"lessons are of version {LESSON_VERSION}. Evaluate an adapter of that version."
            )
        return cls(base, found, run_folder, run)

    def load(self, threads: int) -> Speaker:
        """The model in memory; `threads` of the processor, 0 for all."""
        from safetensors import SafetensorError

        quantization = self.run.quantization if self.run.quantization in QUANTIZATIONS else "auto"
        settings = TrainSettings(quantization=quantization, threads=threads)
        try:
            model, tokenizer = load_base(self.base, settings), load_tokenizer(self.base)
        except (JobFailed, SafetensorError) as error:
            reason = " ".join(str(error).split())[:400]
            raise ModelRefused(f"{self.base} cannot be used: {reason}") from error
        return Speaker(_with_adapter(model, self.adapter) if self.adapter else model, tokenizer)

    def record(self, scores: dict[str, float]) -> Path:
        """Add scores to the adapter's run.json; those of other names stay."""
        if self.adapter is None:
            raise ModelRefused("run.json tells of an adapter; the base alone is not recorded.")
        run = replace(self.run, scores={**self.run.scores, **scores})
        path = self.run_folder / "run.json"
        try:
            with TemporaryDirectory(prefix="run.", dir=self.run_folder) as unfinished:
                run.save(Path(unfinished))
                os.replace(Path(unfinished) / "run.json", path)
        except OSError as error:
            raise ModelRefused(f"{path} cannot be written: {error.strerror}.") from error
        return path

    def to_json(self) -> dict[str, Any]:
        return {
            "base_model": self.run.base_model,
            "revision": self.run.revision,
            "quantization": self.run.quantization,
            "adapter": _weights_hash(self.adapter) if self.adapter else None,
            "lora": self.run.lora if self.adapter else None,
            "data_hash": self.run.data_hash if self.adapter else None,
            "git_commit": self.run.git_commit if self.adapter else None,
        }


def _weights_hash(adapter: Path) -> str | None:
    """What tells an adapter from others, wherever it lies."""
    for path in sorted(adapter.glob("adapter_model.*")):
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()[:16]}"
    return None


def _adapter(model: Path, given: Path | None) -> Path:
    folders = [model / ADAPTER] if given is None else [given, given / ADAPTER]
    for folder in folders:
        if (folder / "adapter_config.json").is_file():
            return folder
    raise ModelRefused(
        f"{folders[-1]} holds no adapter (no adapter_config.json). Name a folder with one by "
        "--adapter, or evaluate the base alone by --bare."
    )


def _with_adapter(model: Any, adapter: Path) -> Any:
    """The adapter on its base, merged into it where weights are not rounded by that."""
    import torch
    from peft import PeftModel
    from safetensors import SafetensorError

    try:
        joined = PeftModel.from_pretrained(model, adapter, local_files_only=True)
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ModelRefused(
            f"The adapter in {adapter} does not fit the model ({reason}). Name its own base."
        ) from error
    exact = model.dtype is torch.float32 and not getattr(model, "is_loaded_in_8bit", False)
    return joined.merge_and_unload() if exact else joined
