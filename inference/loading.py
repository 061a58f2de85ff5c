"""From a model directory to a writer: the base model, its adapter, 8 bits where there is a GPU."""

import logging
import os
from pathlib import Path
from typing import Any

from bars.checksums import FilesDamaged, unharmed
from bars.fingerprints import Fingerprints, FingerprintsUnreadable
from bars.run import Run
from inference.settings import ServeSettings


class ModelUnusable(Exception):
    """The model directory cannot be served; the message says why and what to do."""


def load_writer(settings: ServeSettings) -> Any:
    """A writer that is ready for visitors; heavy imports happen here, not before."""
    run = Run.load(settings.model_dir)
    base = settings.model_dir / "base"
    if not (base / "config.json").is_file():
        raise ModelUnusable(f"{base} holds no model (no config.json). Publish the model again.")
    from safetensors import SafetensorError

    from inference.adapters import AdapterUnusable, find_adapter, with_adapter
    from inference.engine import Engine
    from inference.refusals import TextTooLong, Unsupported
    from inference.writer import Writer

    try:
        adapter = find_adapter(settings.model_dir, trained=run.lora is not None)
        with unharmed(settings.model_dir):
            model = load_base(base, settings)
            if adapter:
                model = with_adapter(model, adapter)
            pack_layers(model, settings)
            engine = Engine(model, _load_tokenizer(base))
            name = run.data_hash or "adapter" if adapter else None
            writer = Writer(
                engine, run.base_model, name, settings.rows, run.prompt_version,
                run.plans_end_words, _fingerprints(settings.model_dir), bool(settings.stress),
            )  # fmt: skip
            writer.warm_up()
    except (AdapterUnusable, FilesDamaged, Unsupported) as error:
        raise ModelUnusable(str(error)) from error
    except TextTooLong as error:
        raise ModelUnusable(f"The model cannot read our prompt: {error} Use another.") from error
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        reason = " ".join(str(error).split())[:400]
        raise ModelUnusable(
            f"The model in {settings.model_dir} cannot be loaded ({reason}). Publish it again."
        ) from error
    return writer


def _fingerprints(model_dir: Path) -> Fingerprints | None:
    """What tells copies of the training lyrics, where the model was trained on any."""
    path = model_dir / "fingerprints"
    try:
        return Fingerprints.load(path) if path.is_file() else None
    except FingerprintsUnreadable as error:
        raise ModelUnusable(str(error)) from error


def load_base(base: Path, settings: ServeSettings) -> Any:
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.set_num_threads(settings.threads or os.cpu_count() or 1)
    on_gpu = torch.cuda.is_available()
    config = AutoConfig.from_pretrained(base, local_files_only=True)  # nosec B615  # a folder
    quantized = getattr(config, "quantization_config", None) is not None
    options: dict[str, Any] = {"local_files_only": True}
    # a T4 has no bfloat16; what is quantized already keeps the numbers that it was written in
    options["dtype"] = torch.float16 if on_gpu or quantized else torch.float32
    if on_gpu and not quantized and settings.quantization != "none":
        options["quantization_config"] = _int8()
    if on_gpu:
        options["device_map"] = {"": 0}
    else:  # bitsandbytes would warn for every layer and token
        logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    model = AutoModelForCausalLM.from_pretrained(base, **options)  # nosec B615  # a folder
    if quantized and not on_gpu:
        _widen(model)
    return model


def pack_layers(model: Any, settings: ServeSettings) -> None:
    """On a processor, the layers that are not in 8 bits yet, as it computes them fastest."""
    import torch

    from inference.packed_linear import can_pack, pack

    if model.device.type != "cpu" or model.dtype is not torch.float32:
        return
    integers = settings.quantization == "int8"
    if can_pack():
        pack(model, integers)
    elif integers:
        raise ValueError("8 bits on a processor need oneDNN: set DEEP_HOP_QUANTIZATION=none")


def _widen(model: Any) -> None:
    """Compute in float32, as processors do best; quantized weights stay as they are."""
    for tensor in (*model.parameters(), *model.buffers()):
        if tensor.is_floating_point():
            tensor.data = tensor.data.float()


def _int8() -> Any:
    import transformers

    configure: Any = transformers.BitsAndBytesConfig
    return configure(load_in_8bit=True)


def _load_tokenizer(base: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(base, local_files_only=True)  # nosec B615  # a folder
