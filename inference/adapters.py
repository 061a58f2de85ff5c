"""An adapter on its base: whether all of it is there, whether it fits, and the two as one model."""

from pathlib import Path
from typing import Any

_CONFIG = "adapter_config.json"
_WEIGHTS = "adapter_model.safetensors"


class AdapterUnusable(ValueError):
    """The adapter cannot be put on the base; the message says why and what to do."""


def find_adapter(model_dir: Path, trained: bool) -> Path | None:
    """The adapter's folder, or none for a model that is served bare.

    Raises AdapterUnusable where a file is missing; `trained` is whether the model's run.json tells
    of an adapter.
    """
    adapter = model_dir / "adapter"
    if not adapter.is_dir() and not trained:
        return None
    for name in (_CONFIG, _WEIGHTS):
        if not (adapter / name).is_file():
            raise AdapterUnusable(f"{adapter / name} is missing. Publish the adapter again.")
    return adapter


def with_adapter(model: Any, adapter: Path) -> Any:
    """The adapter on its base, merged into it where weights are not rounded by that."""
    import torch
    from peft import PeftModel

    try:
        joined = PeftModel.from_pretrained(model, adapter, local_files_only=True)
    except (RuntimeError, ValueError, KeyError) as error:  # other shapes, no such layers
        reason = " ".join(str(error).split())[:200]
        raise _misfit(adapter, reason) from error
    if strays := _names_of(joined) ^ _names_in(adapter):
        reason = f"{len(strays)} tensors are on one side only, {min(strays)} among them"
        raise _misfit(adapter, reason)
    exact = model.dtype is torch.float32 and not getattr(model, "is_quantized", False)
    return joined.merge_and_unload() if exact else joined


def _misfit(adapter: Path, reason: str) -> AdapterUnusable:
    return AdapterUnusable(
        f"The adapter in {adapter} does not fit the base model ({reason}). Publish it with the "
        "base that it was trained on."
    )


def _names_of(joined: Any) -> set[str]:
    """The tensors of an adapter of this base."""
    from peft import get_peft_model_state_dict

    return set(get_peft_model_state_dict(joined, save_embedding_layers=False))


def _names_in(adapter: Path) -> set[str]:
    from safetensors import safe_open

    opened: Any = safe_open(adapter / _WEIGHTS, framework="pt")
    with opened as tensors:
        return set(tensors.keys())
