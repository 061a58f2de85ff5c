"""The base model and its LoRA adapter: 8 bits on CUDA, float32 or bfloat16 on a laptop."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training_job.directories import JobFailed
from training_job.settings import TrainSettings

if TYPE_CHECKING:
    import torch


def load_tokenizer(source: str | Path, revision: str = "main") -> Any:
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(source, revision=revision)
    except (OSError, ValueError) as error:
        raise JobFailed(_not_loaded("tokenizer", source, error)) from error


def precision(settings: TrainSettings, on_gpu: bool) -> "torch.dtype":
    """The torch.dtype that layers compute in; an adapter's weights are float32 in any case."""
    import torch

    if settings.precision == "auto" and on_gpu:  # a T4 has no bfloat16
        return torch.bfloat16 if torch.cuda.get_device_capability()[0] >= 8 else torch.float16
    return torch.bfloat16 if settings.precision == "bfloat16" else torch.float32


def load_base(source: str | Path, settings: TrainSettings) -> Any:
    """The base model, ready for an adapter, in the precision that is set, or in 8 bits."""
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(settings.threads or os.cpu_count() or 1)
    on_gpu = torch.cuda.is_available()
    options: dict[str, Any] = {
        "revision": settings.revision,
        "dtype": precision(settings, on_gpu),
    }
    if options["dtype"] is torch.bfloat16 and not on_gpu:
        options["attn_implementation"] = "eager"  # in 16 bits a processor's fused one is slower
    if on_gpu:
        options["device_map"] = {"": int(os.environ.get("LOCAL_RANK", "0"))}
    if settings.quantization == "int8" or (settings.quantization == "auto" and on_gpu):
        options["quantization_config"] = _int8(on_gpu)
    try:
        model = AutoModelForCausalLM.from_pretrained(source, **options)  # nosec B615  # the revision is set
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise JobFailed(_not_loaded("model", source, error)) from error
    model.config.use_cache = False
    return model


def _int8(on_gpu: bool) -> Any:
    import transformers

    if not on_gpu:  # bitsandbytes would warn for every layer and token
        logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    configure: Any = transformers.BitsAndBytesConfig
    return configure(load_in_8bit=True)


def _not_loaded(what: str, source: str | Path, error: Exception) -> str:
    reason = " ".join(str(error).split())[:300]
    return (
        f"The {what} of {source} cannot be loaded ({reason}). Name a causal language model in "
        "base_model, or give the job a channel `base` with its folder."
    )


def with_adapter(model: Any, settings: TrainSettings) -> Any:
    """The model with a fresh LoRA adapter (Hu et al., 2021), its weights drawn by the seed."""
    import peft
    import torch

    if getattr(model, "is_loaded_in_8bit", False):
        prepare: Any = peft.prepare_model_for_kbit_training
        model = prepare(
            model,
            use_gradient_checkpointing=settings.gradient_checkpointing,
            gradient_checkpointing_kwargs={"use_reentrant": False},
        )
    elif settings.gradient_checkpointing:
        model.enable_input_require_grads()
    targets: Any = settings.targets
    if targets != "all-linear":
        targets = [name.strip() for name in targets.split(",")]
    lora = peft.LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules=targets,
        task_type="CAUSAL_LM",
    )
    torch.manual_seed(settings.seed)
    try:
        return peft.get_peft_model(model, lora)
    except ValueError as error:
        raise JobFailed(f"targets is {settings.targets!r}: {error}") from error
