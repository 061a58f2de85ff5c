"""The tensors of a checkpoint, wherever they lie, without loading more than is asked for."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open


class CheckpointUnusable(Exception):
    """The checkpoint cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Weight:
    """One tensor of the model: where it lies, and whether it is a linear layer's."""

    name: str
    file: str
    shape: tuple[int, ...]
    linear: bool

    @property
    def count(self) -> int:
        return int(torch.Size(self.shape).numel())

    def bytes_in(self, bits: int) -> int:
        """About what it takes when it is written."""
        return self.count * bits // 8 if self.linear else 2 * self.count


def weights_of(folder: Path) -> list[Weight]:
    """The tensors of a checkpoint in the model's order, or CheckpointUnusable."""
    model = _without_weights(folder)
    linear = {
        f"{name}.weight"
        for name, module in model.named_modules()
        if type(module) is torch.nn.Linear
    }
    tied = set(model.all_tied_weights_keys) if model.config.tie_word_embeddings else set()
    where = _files(folder)
    wanted = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    missing = [name for name in wanted if name not in where and name not in tied]
    if missing:
        raise CheckpointUnusable(
            f"{folder} lacks {len(missing)} tensors of its model, {missing[0]} among them. "
            "Fetch the checkpoint again."
        )
    for file in sorted(set(where.values())):
        if not (folder / file).is_file():
            raise CheckpointUnusable(f"{folder / file} is missing. Fetch the checkpoint again.")
    return [
        Weight(name, where[name], shape, name in linear)
        for name, shape in wanted.items()
        if name not in tied
    ]


def _without_weights(folder: Path) -> Any:
    """The model of a checkpoint, as far as its settings tell."""
    from transformers import AutoConfig, AutoModelForCausalLM

    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True)  # nosec B615  # a folder
    except (OSError, ValueError) as error:
        raise CheckpointUnusable(
            f"{folder} holds no checkpoint (no usable config.json)."
        ) from error
    if getattr(config, "quantization_config", None):
        raise CheckpointUnusable(f"{folder} is quantized already. Name the original checkpoint.")
    build: Any = AutoModelForCausalLM.from_config
    try:
        with torch.device("meta"):
            return build(config)
    except ValueError as error:  # of another kind than those that write on
        raise CheckpointUnusable(
            f"{folder} holds a {config.model_type}, which is no causal language model. "
            "Name a checkpoint of one, such as GPT-J."
        ) from error


def _files(folder: Path) -> dict[str, str]:
    """The file of each tensor."""
    for index in ("model.safetensors.index.json", "pytorch_model.bin.index.json"):
        if (folder / index).is_file():
            try:
                body = json.loads((folder / index).read_text(encoding="utf-8"))
                return dict(body["weight_map"])
            except (ValueError, KeyError, TypeError) as error:
                raise CheckpointUnusable(
                    f"{folder / index} is no index of tensors. Fetch the checkpoint again."
                ) from error
    for file in ("model.safetensors", "pytorch_model.bin"):
        if (folder / file).is_file():
            with Opened(folder / file) as tensors:
                return dict.fromkeys(tensors.names(), file)
    raise CheckpointUnusable(f"{folder} has neither safetensors nor pytorch_model.bin files.")


class Opened:
    """A file of tensors. Its pages stay in memory until it is closed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> "Opened":
        try:
            if self._path.suffix == ".safetensors":
                opened: Any = safe_open(self._path, framework="pt")
                self._file = opened.__enter__()
            else:
                self._file = torch.load(self._path, mmap=True, weights_only=True)
        except (OSError, SafetensorError, RuntimeError) as error:
            reason = " ".join(str(error).split())[:200]
            raise CheckpointUnusable(
                f"{self._path} cannot be read ({reason}). Fetch the checkpoint again."
            ) from error
        return self

    def __exit__(self, *raised: object) -> None:
        if self._path.suffix == ".safetensors":
            self._file.__exit__(None, None, None)
        del self._file

    def names(self) -> list[str]:
        return list(self._file.keys())

    def tensor(self, name: str) -> torch.Tensor:
        reads = getattr(self._file, "get_tensor", None) or self._file.__getitem__
        try:
            tensor: torch.Tensor = reads(name)
        except (SafetensorError, KeyError) as error:
            raise CheckpointUnusable(
                f"{self._path} lacks {name}. Fetch the checkpoint again."
            ) from error
        return tensor
